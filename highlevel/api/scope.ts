export const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export type Method = (typeof METHODS)[number];

/** What begins each area of HighLevel's API, and what its permissions begin with; the first that fits is meant. [spec] */
const AREAS: [begins: RegExp, scope: string][] = [
  [/^\/opportunities\/pipelines\/?$/, 'pipelines'],
  [/^\/opportunities\//, 'opportunities'],
  [/^\/contacts\//, 'contacts'],
  [/^\/users\//, 'users'],
  [/^\/workflows\//, 'workflows'],
  [/^\/notes\//, 'notes'],
  [/^\/associations\/relations\b/, 'associations/relation'],
  [/^\/associations\//, 'associations'],
  [/^\/locations\/[^/]+\/customFields\b/, 'locations/customFields'],
  [/^\/locations\/[^/]+\/?$/, 'locations'],
];

/**
 * Whether a request changes nothing. HighLevel searches by POST as well, always under a path that says so. [spec]
 *
 * @param path without its query
 */
export function isReading(method: Method, path: string): boolean {
  return method === 'GET' || (method === 'POST' && /\/search(\/|$)/.test(path));
}

/** What adds or finds by POST, and does no more when it is sent again. [spec] */
const HARMLESS_TWICE = /\/(?:upsert|tags|followers)\/?$/;

/**
 * Whether a request, sent twice, may create something twice.
 *
 * @param path without its query
 */
export function mayCreate(method: Method, path: string): boolean {
  return method === 'POST' && !isReading(method, path) && !HARMLESS_TWICE.test(path);
}

/**
 * The permission that a request takes, or null where it is not known here. Its areas keep one form: `contacts.readonly`
 * to read, `contacts.write` to write. [spec; assumed: what the specification does not list]
 */
export function scopeOf(method: Method, path: string): string | null {
  const area = AREAS.find(([begins]) => begins.test(path))?.[1];
  const reading = isReading(method, path);
  // Each is read with the permission below; what changes it is outside of what is known here. [spec; measured by others]
  if (area === 'pipelines') return reading ? 'opportunities.readonly' : null;
  if (area === 'locations' && !reading) return null;
  return area ? `${area}.${reading ? 'readonly' : 'write'}` : null;
}
