/** A request that a person wrote: any endpoint of HighLevel's API, signed by the connection. */

import { onlyOnce } from '../http/attempts.ts';
import type { Client } from '../http/client.ts';
import { apiUrl } from '../http/environment.ts';
import { queryString, withoutCurlies } from '../http/transport.ts';
import { pathProblem } from './path.ts';
import { isReading, type Method, mayCreate, scopeOf } from './scope.ts';

/** What a person wrote. `{locationId}` in path, query and body stands for the connection's sub-account. */
export interface Written {
  method: Method;
  path: string;
  query: Record<string, string>;
  headers: Record<string, string>;
  /** JSON, or empty. */
  body: string;
}

/** The input fields' labels, for the errors. */
export type Labels = Record<'path' | 'headers' | 'body', string>;

/** What is sent, but for the token and the usual headers. */
export interface Prepared {
  method: Method;
  path: string;
  /** The path with host and query, as a person may want to see it. */
  url: string;
  query: string;
  headers: Record<string, string>;
  body: string | undefined;
  /** The permission that it takes; null where that is not known. */
  scope: string | null;
}

export interface Answered {
  status: number;
  /** The parsed body; null where it is empty or no JSON. */
  data: unknown;
  text: string;
}

/**
 * Checks what a person wrote, and whether this connection may send it, without asking HighLevel.
 *
 * @throws errors.HaltedError naming the field and what is wrong with it; errors.Error for a missing permission
 */
export function prepareRequest(client: Client, written: Written, labels: Labels): Prepared {
  const { errors } = client;
  const locationId = client.locationId();
  const filled = (text: string) => text.replaceAll('{locationId}', locationId);
  const { method } = written;
  const path = filled(written.path);
  const problem = pathProblem(path);
  if (problem) throw new errors.HaltedError(`${labels.path}: "${written.path}" cannot be used: ${problem}`);
  const pairs = Object.entries(written.query).map(([key, value]) => [encodeURIComponent(key), filled(value)]);
  const query = queryString(Object.fromEntries(pairs));
  const headers = readHeaders(client, written.headers, labels.headers);
  const body = readBody(client, method, filled(written.body), labels.body);
  const scope = scopeOf(method, path);
  const doing = `send ${method} ${path}`;
  if (!isReading(method, path)) client.requireWriting(doing);
  if (scope) client.requireScope(scope, doing);
  return { method, path, url: `${apiUrl()}${path}${query}`, query, headers, body, scope };
}

/**
 * Sends it; a request that may create something is not sent again where HighLevel did not answer an earlier run.
 *
 * @param stopOnError false gives back what HighLevel refused as well, but for a 401 and a 429
 * @throws as `send` does; HaltedError for what an earlier run may have done
 */
export async function sendRequest(
  client: Client,
  { method, path, query, headers, body, scope }: Prepared,
  stopOnError: boolean,
): Promise<Answered> {
  const doing = `answer ${method} ${path}`;
  const send = () =>
    client.send(
      { method, path: path + query, headers, ...(body === undefined ? {} : { body }) },
      {
        doing,
        repeatable: isReading(method, path),
        writes: !isReading(method, path),
        scope: scope ?? undefined,
        givesRefusals: !stopOnError,
      },
    );
  const payload = { method, path, query, headers, body };
  const { status, data, text } = mayCreate(method, path)
    ? await onlyOnce(client, { kind: 'request', payload }, `send ${method} ${path}`, send)
    : await send();
  return { status, data: data ?? null, text };
}

/** Headers that cannot be set, with the reason. */
const NOT_SET: Record<string, string[]> = {
  'the connection signs the request itself': ['authorization', 'proxy-authorization', 'cookie'],
  'it says how the request travels': [
    ...['host', 'connection', 'content-length', 'transfer-encoding', 'upgrade', 'te', 'trailer', 'expect'],
  ],
  'the method is chosen in its own field': [
    ...['x-http-method', 'x-http-method-override', 'x-method-override'],
  ],
  'the body is always sent as JSON': ['content-type'],
};

function readHeaders(
  { errors }: Client,
  headers: Record<string, string>,
  label: string,
): Record<string, string> {
  const read = Object.entries(headers).map(([written, value]) => {
    const name = written.toLowerCase();
    const [why] = Object.entries(NOT_SET).find(([, names]) => names.includes(name)) ?? [];
    if (why)
      throw new errors.HaltedError(`${label}: "${written}" cannot be set, because ${why}. Leave it out.`);
    // Core would take two braces in a row out of a value.
    if (!/^[a-z0-9-]+$/.test(name) || !/^[\x20-\x7e]*$/.test(value) || value.includes('{{')) {
      throw new errors.HaltedError(
        `${label}: "${written}" cannot be sent. A header's name has letters, digits and hyphens, its value one line of plain text.`,
      );
    }
    return [name, value];
  });
  return Object.fromEntries(read);
}

function readBody({ errors }: Client, method: Method, text: string, label: string): string | undefined {
  if (text === '') return undefined;
  if (method === 'GET') {
    throw new errors.HaltedError(
      `${label}: a GET request has no body. Leave it empty, or write it as Query.`,
    );
  }
  try {
    JSON.parse(text);
  } catch (error) {
    throw new errors.HaltedError(
      `${label}: this is not JSON (${(error as Error).message}). Text from an earlier step may hold a quotation mark or a line break that breaks it.`,
    );
  }
  // As it was written: a number of more than 15 digits would not survive being read.
  return withoutCurlies(text);
}
