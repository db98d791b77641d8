import { type AppName, type OpenApi, type Operation, readOpenApi, type SchemaObject } from './vendor-docs.ts';

/**
 * What of HighLevel's specification this project is built on, in as few words as will tell when it changes: for each
 * operation that the app calls, where it is served, its scopes, the kinds of content, and every parameter, header, body
 * field and answer field with its type and limits.
 */
export type Digest = Record<string, OperationDigest>;

interface OperationDigest {
  scopes: string[];
  /** The addresses of the API. */
  servers: string[];
  /** The kinds of content that it takes, and that it answers with. */
  takes: string[];
  answers: string[];
  /** Only where it is. */
  deprecated?: true;
  /**
   * By place and name, `query.limit`, `header.Version`, `body.name`, `answer.opportunity.id`; `[]` is any place in a list.
   * In a word or two: `text`, `list of text`, `required number; at most 100; deprecated`.
   */
  fields: Record<string, string>;
}

/** The operations that the app calls, by the part of the API. Tests hold this list to highlevel/. */
export const USED: Record<string, readonly string[]> = {
  opportunities: [
    'GET /opportunities/search',
    'POST /opportunities/search',
    'GET /opportunities/pipelines',
    'GET /opportunities/lost-reason',
    'GET /opportunities/{id}',
    'POST /opportunities/',
    'PUT /opportunities/{id}',
    'DELETE /opportunities/{id}',
    'PUT /opportunities/{id}/status',
    'POST /opportunities/{id}/followers',
    'DELETE /opportunities/{id}/followers',
  ],
  contacts: [
    'GET /contacts/{contactId}',
    'GET /contacts/search/duplicate',
    'POST /contacts/search',
    'POST /contacts/',
    'POST /contacts/upsert',
    'PUT /contacts/{contactId}',
    'POST /contacts/{contactId}/tags',
    'DELETE /contacts/{contactId}/tags',
    'GET /contacts/{contactId}/notes',
    'GET /contacts/{contactId}/notes/{id}',
    'POST /contacts/{contactId}/notes',
    'PUT /contacts/{contactId}/notes/{id}',
    'GET /contacts/{contactId}/tasks',
    'GET /contacts/{contactId}/tasks/{taskId}',
    'POST /contacts/{contactId}/tasks',
    'PUT /contacts/{contactId}/tasks/{taskId}',
    'POST /contacts/{contactId}/workflow/{workflowId}',
    'DELETE /contacts/{contactId}/workflow/{workflowId}',
  ],
  associations: [
    'GET /associations/key/{key_name}',
    'GET /associations/relations/{recordId}',
    'POST /associations/relations',
    'DELETE /associations/relations/{relationId}',
  ],
  users: ['GET /users/search'],
  locations: [
    'GET /locations/{locationId}',
    'GET /locations/{locationId}/customFields',
    'POST /locations/{locationId}/customFields/upload',
  ],
  workflows: ['GET /workflows/'],
};

/** The one endpoint that the app calls as of 2021-07-28. */
export const TOKEN = 'POST /oauth/token';

/** What the app sends, and what it reads of an answer. Tests hold what it sends to this list. */
const NAMES = new Set(
  [
    // opportunities
    'opportunities opportunity id name status monetaryValue pipelineId pipelineStageId assignedTo contactId locationId',
    'source lostReasonId forecastExpectedCloseDate forecastProbability effectiveProbability followers customFields',
    'createdAt updatedAt lastStageChangeAt lastStatusChangeAt contact email phone companyName tags total',
    'q query order limit page skip startAfter startAfterId endDate meta searchAfter additionalDetails notes tasks',
    'calendarEvents unReadConversations isRemoveAllFollowers lostReasons pipelines stages fieldValue key',
    // contacts, their notes and tasks
    'firstName lastName dateAdded dateUpdated value new number note body title userId task dueDate completed',
    'address1 city state postalCode country website dateOfBirth dnd workflows eventStartTime',
    // relations
    'associationId firstRecordId secondRecordId firstObjectKey',
    // users and locations
    'companyId users location timezone settings allowDuplicateOpportunity model fieldKey dataType position',
    'picklistOptions isAllowedCustomOption',
    // tokens
    'access_token refresh_token scope userType client_id client_secret grant_type code redirect_uri user_type',
  ].flatMap((line) => line.split(' ')),
);

/** Whether the app sends or reads a field of this name. */
export function isUsed(name: string): boolean {
  return NAMES.has(name);
}

/** A nest of schemas deeper than this is not of interest to anything here, and may be without end. */
const DEEPEST = 6;

/**
 * The part of a digest that a change of would matter: what is used, and whatever must be sent.
 */
export function usedPart(whole: Digest): Digest {
  const entries = Object.entries(whole).map(([operation, { fields, ...rest }]) => {
    const used = Object.entries(fields).filter(([at, type]) => {
      const names = at.replaceAll('[]', '').split('.').slice(1);
      const mustBeSent = type.startsWith('required ') && !at.startsWith('answer');
      return mustBeSent || names.every(isUsed);
    });
    return [operation, { ...rest, fields: Object.fromEntries(used) }] as const;
  });
  return Object.fromEntries(entries);
}

/** @throws Error where the folder holds no specification in the vendor's layout */
export function digest(folder: string): Digest {
  const found: Digest = {};
  for (const [app, names] of Object.entries(USED)) {
    Object.assign(found, digestOf(readOpenApi(folder, 'v3', app as AppName), names));
  }
  return { ...found, ...digestOf(readOpenApi(folder, 'v2', 'oauth'), [TOKEN]) };
}

/** An operation that is not there is left out. */
function digestOf({ paths, servers = [] }: OpenApi, names: readonly string[]): Digest {
  const entries = names.flatMap((name) => {
    const [method = '', path = ''] = name.split(' ');
    const operation = paths[path]?.[method.toLowerCase()];
    return operation ? [[name, operationDigest({ servers, ...operation })] as const] : [];
  });
  return Object.fromEntries(entries);
}

function operationDigest({
  security = [],
  parameters = [],
  requestBody,
  responses,
  servers = [],
  deprecated = false,
}: Operation): OperationDigest {
  const fields: Fields = new Map();
  for (const { name, in: place, required = false, schema = {}, ...about } of parameters) {
    const notes = notesOn({ ...schema, ...about });
    fields.set(`${place}.${name}`, { types: [typeOf(schema)], required, notes });
  }
  for (const { schema } of Object.values(requestBody?.content ?? {})) {
    if (schema) addFields(fields, 'body', schema, 0);
  }
  const success = Object.keys(responses).find((status) => status.startsWith('2')) ?? '';
  const answers = responses[success]?.content ?? {};
  for (const { schema } of Object.values(answers)) {
    if (schema) addFields(fields, 'answer', schema, 0);
  }
  const shown = [...fields].map(([at, { types, required, notes }]) => {
    const type = `${required ? 'required ' : ''}${[...new Set(types)].join(' or ')}`;
    return [at, [type, ...notes].join('; ')] as const;
  });
  return {
    scopes: [...new Set(security.flatMap((one) => Object.values(one).flat()))].sort(),
    servers: servers.map(({ url }) => url).sort(),
    takes: Object.keys(requestBody?.content ?? {}).sort(),
    answers: Object.keys(answers).sort(),
    ...(deprecated ? { deprecated } : {}),
    fields: Object.fromEntries(shown.sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

type Fields = Map<string, { types: string[]; required: boolean; notes: string[] }>;

function addFields(fields: Fields, at: string, schema: SchemaObject, depth: number): void {
  if (depth > DEEPEST) return;
  for (const part of [...(schema.allOf ?? []), ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]) {
    addFields(fields, at, part, depth + 1);
  }
  if (schema.items) addFields(fields, `${at}[]`, schema.items, depth + 1);
  for (const [name, inner] of Object.entries(schema.properties ?? {})) {
    const place = `${at}.${name}`;
    const { types } = fields.get(place) ?? { types: [] };
    const required = schema.required?.includes(name) ?? false;
    // What an answer may hold at most asks nothing of the app.
    const notes = at.startsWith('answer') ? deprecation(inner) : notesOn(inner);
    fields.set(place, { types: [...types, typeOf(inner)], required, notes });
    addFields(fields, place, inner, depth + 1);
  }
}

/** A limit that the docs tell in their prose alone, such as `(max 75 characters)` or `will allow maximum up to 100`. */
const IN_PROSE = /\bmax(?:imum)?(?: up)?(?: to)? (\d+)\b/i;

/** The limits of what is sent, and whether it is deprecated. */
function notesOn(schema: SchemaObject): string[] {
  const { type, minimum, maximum, minLength, maxLength, minItems, maxItems, description = '' } = schema;
  const unit = type === 'array' ? ' entries' : type === 'string' ? ' characters' : '';
  const said = IN_PROSE.exec(description)?.[1];
  const least = minimum ?? minLength ?? minItems;
  const most = maximum ?? maxLength ?? maxItems ?? said;
  return [
    ...(least === undefined ? [] : [`at least ${least}${unit}`]),
    ...(most === undefined ? [] : [`at most ${most}${unit}`]),
    ...deprecation(schema),
  ];
}

function deprecation({ deprecated }: SchemaObject): string[] {
  return deprecated ? ['deprecated'] : [];
}

/** `text`, `number`, `list of text`, `open|won|lost`. */
function typeOf({ type, enum: choices, items, allOf, anyOf, oneOf }: SchemaObject): string {
  if (choices) return choices.join('|');
  if (type === 'array') return `list of ${typeOf(items ?? {})}`;
  const alternatives = anyOf ?? oneOf;
  if (alternatives) return [...new Set(alternatives.map(typeOf))].join(' or ');
  if (type === 'string') return 'text';
  return type ?? (allOf ? 'object' : 'anything');
}
