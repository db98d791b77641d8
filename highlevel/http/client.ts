import type { Bundle, ZObject } from 'zapier-platform-core';
import * as s from 'zod/mini';
import { API_VERSION, apiUrl, USER_AGENT } from './environment.ts';
import { noAnswer, type RequestPurpose } from './errors.ts';
import { requireScope, type Scope } from './permissions.ts';

/** One operation of HighLevel's API. */
export interface Endpoint {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** As the vendor writes it, with `{name}` for what goes into the path. */
  path: string;
  scope: Scope;
  /** What it does, after "HighLevel could not …". */
  doing: string;
  /** False where sending it twice does it twice; such a request is never repeated. */
  repeatable: boolean;
}

export interface RequestParts {
  path?: Record<string, string>;
  query?: Record<string, string | number | boolean | undefined>;
  body?: Record<string, unknown>;
}

/** An action has 30 s in all on Zapier [docs]; an answer that takes longer than this would end it without a word. */
const TIMEOUT_MS = 20_000;

/**
 * Calls HighLevel and reads the answer.
 *
 * @param schema what is needed of the answer; more than it names is let through
 * @throws the errors of `explainRefusal`; z.errors.Error for a missing permission, no answer, or an unreadable one
 */
export async function call<S extends s.ZodMiniType>(
  z: ZObject,
  bundle: Bundle,
  endpoint: Endpoint,
  schema: S,
  { path = {}, query = {}, body }: RequestParts,
): Promise<s.output<S>> {
  requirePermission(z, bundle, endpoint);
  const { doing, repeatable, scope } = endpoint;
  const purpose: RequestPurpose = { doing, repeatable, scope };
  const response = await z
    .request({
      method: endpoint.method,
      url: `${apiUrl()}${fillPath(endpoint.path, path)}${queryString(query)}`,
      headers: {
        accept: 'application/json',
        version: API_VERSION,
        'user-agent': USER_AGENT,
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: jsonText(body) } : {}),
      timeout: TIMEOUT_MS,
      // A redirect could carry the token to another host.
      redirect: 'manual',
      middlewareData: purpose,
    })
    .catch((error: unknown) => {
      throw isNetworkError(error) ? noAnswer(z, purpose, networkReason(error)) : error;
    });
  // An answer may be empty where nothing in it is needed; whether the schema can do without shows below.
  if (response.data === undefined && response.content !== '') {
    throw noAnswer(z, purpose, `it answered with something that is not its API (status ${response.status})`);
  }
  const read = s.safeParse(schema, response.data);
  if (!read.success) {
    const at = read.error.issues[0]?.path.join('.') || 'the whole answer';
    throw noAnswer(z, purpose, `its answer has a shape this app does not know (at ${at})`);
  }
  return read.data;
}

/**
 * Asks before anything else what `call` asks before the request: whether the person allowed it.
 *
 * @throws z.errors.Error for a missing permission
 */
export function requirePermission(
  z: ZObject,
  bundle: Pick<Bundle, 'authData'>,
  { scope, doing }: Endpoint,
): void {
  requireScope(z, bundle, scope, doing);
}

function fillPath(path: string, values: Record<string, string>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
}

/** Absent and empty values are left out: HighLevel would take `a=` for a filter. */
function queryString(query: NonNullable<RequestParts['query']>): string {
  const present = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const text = present.map(([key, value]) => `${key}=${encodeURIComponent(String(value))}`).join('&');
  return text && `?${text}`;
}

/**
 * JSON in which core finds no `{{…}}`: it deletes such text from bodies, and throws on `{{bundle.…}}`, even where a
 * person wrote it. [run: zapier-platform-core 19.1.0]
 */
export function jsonText(body: unknown): string {
  return JSON.stringify(body).replaceAll('{{', '{\\u007b');
}

/** Whether a request got no answer: core's fetch throws this for timeouts and broken connections. */
export function isNetworkError(error: unknown): error is Error & { type?: string } {
  return error instanceof Error && error.name === 'FetchError';
}

function networkReason(error: Error & { type?: string }): string {
  return error.type === 'request-timeout' || error.type === 'body-timeout'
    ? `it did not answer within ${TIMEOUT_MS / 1000} seconds`
    : 'the connection to it broke';
}
