/** Who may call: `location` = Sub-Account tokens only, `agency` = Agency tokens only, `both` (spec: security schemes). */
type Access = 'location' | 'agency' | 'both';

/** The scope that an endpoint needs, and which class of token may call it. */
export interface RequiredScope {
  scope: string;
  access: Access;
}

const location = (scope: string): RequiredScope => ({ scope, access: 'location' });
const agency = (scope: string): RequiredScope => ({ scope, access: 'agency' });
const both = (scope: string): RequiredScope => ({ scope, access: 'both' });

/**
 * Which scope each endpoint needs, from `security` of the vendor's OpenAPI [spec] unless a line says otherwise.
 * A path's variables are all written `:id`. Routes that are absent here cannot be registered.
 */
export const REQUIRED_SCOPES: Record<string, RequiredScope> = {
  'GET /opportunities/search': location('opportunities.readonly'),
  'POST /opportunities/search': location('opportunities.readonly'),
  'GET /opportunities/pipelines': location('opportunities.readonly'),
  'GET /opportunities/lost-reason': location('opportunities.readonly'),
  'GET /opportunities/:id': location('opportunities.readonly'),
  'POST /opportunities/': location('opportunities.write'),
  'PUT /opportunities/:id': location('opportunities.write'),
  'PUT /opportunities/:id/status': location('opportunities.write'),
  'DELETE /opportunities/:id': location('opportunities.write'),
  'POST /opportunities/upsert': location('opportunities.write'),
  'POST /opportunities/:id/followers': location('opportunities.write'),
  'DELETE /opportunities/:id/followers': location('opportunities.write'),

  'POST /contacts/': location('contacts.write'),
  'POST /contacts/search': location('contacts.readonly'),
  'GET /contacts/search/duplicate': location('contacts.readonly'),
  'POST /contacts/upsert': location('contacts.write'),
  'GET /contacts/:id': location('contacts.readonly'),
  'PUT /contacts/:id': location('contacts.write'),
  'DELETE /contacts/:id': location('contacts.write'),
  'GET /contacts/:id/notes': location('contacts.readonly'),
  'POST /contacts/:id/notes': location('contacts.write'),
  'GET /contacts/:id/notes/:id': location('contacts.readonly'),
  'PUT /contacts/:id/notes/:id': location('contacts.write'),
  'DELETE /contacts/:id/notes/:id': location('contacts.write'),
  'GET /contacts/:id/tasks': location('contacts.readonly'),
  'POST /contacts/:id/tasks': location('contacts.write'),
  'GET /contacts/:id/tasks/:id': location('contacts.readonly'),
  'PUT /contacts/:id/tasks/:id': location('contacts.write'),
  'DELETE /contacts/:id/tasks/:id': location('contacts.write'),
  'PUT /contacts/:id/tasks/:id/completed': location('contacts.write'),
  'POST /contacts/:id/tags': location('contacts.write'),
  'DELETE /contacts/:id/tags': location('contacts.write'),
  'POST /contacts/:id/workflow/:id': location('contacts.write'),
  'DELETE /contacts/:id/workflow/:id': location('contacts.write'),

  // The top-level notes are younger than the published OpenAPI: scope of the POST by a dated copy of its page [measured by others],
  // the others after its pattern [assumed].
  'POST /notes/': location('notes.write'),
  'POST /notes/search': location('notes.readonly'),
  'GET /notes/:id': location('notes.readonly'),
  'PUT /notes/:id': location('notes.write'),
  'DELETE /notes/:id': location('notes.write'),
  'PUT /notes/:id/relations': location('notes.write'),

  'GET /users/': location('users.readonly'),
  'GET /users/search': both('users.readonly'),
  'GET /users/:id': both('users.readonly'),

  'GET /locations/:id': both('locations.readonly'),
  'GET /locations/:id/customFields': location('locations/customFields.readonly'),
  'GET /locations/:id/customFields/:id': location('locations/customFields.readonly'),
  'POST /locations/:id/customFields/upload': location('locations/customFields.write'),
  'GET /locations/:id/tags': location('locations/tags.readonly'),

  'GET /workflows/': location('workflows.readonly'),

  'GET /associations/': location('associations.readonly'),
  'GET /associations/:id': location('associations.readonly'),
  'GET /associations/key/:id': location('associations.readonly'),
  'GET /associations/objectKey/:id': location('associations.readonly'),
  'GET /associations/relations/:id': location('associations/relation.readonly'),
  'POST /associations/relations': location('associations/relation.write'),
  'DELETE /associations/relations/:id': location('associations/relation.write'),

  'POST /oauth/locationToken': agency('oauth.write'),
  'POST /oauth/location-token': agency('oauth.write'),
  'GET /oauth/installedLocations': agency('oauth.readonly'),
  'GET /oauth/installed-locations': agency('oauth.readonly'),
};

/** Every scope that the sandbox knows, for tokens that may do all. */
export const ALL_SCOPES: string[] = [
  ...new Set(Object.values(REQUIRED_SCOPES).map(({ scope }) => scope)),
].sort();

/** The table's line for a route, for example `GET` and `/contacts/:contactId/notes`; null if there is none. */
export function requiredScope(method: string, routePath: string): RequiredScope | null {
  return REQUIRED_SCOPES[`${method.toUpperCase()} ${routePath.replace(/:[A-Za-z]+/g, ':id')}`] ?? null;
}
