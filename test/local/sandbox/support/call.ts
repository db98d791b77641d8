import type { Sandbox } from '../../../../local/sandbox/index.ts';

export interface Answer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever came, and fails where it is not what it expects.
  body: any;
}

export interface CallOptions {
  body?: unknown;
  /** Default `v3`; null sends none. */
  version?: string | null;
  /** Default the sandbox's own; null sends none. */
  token?: string | null;
  headers?: Record<string, string>;
}

/** Calls the sandbox's API as a client would, JSON in and out. */
export async function call(
  sandbox: Sandbox,
  method: string,
  path: string,
  options: CallOptions = {},
): Promise<Answer> {
  const { body, version = 'v3', token = sandbox.accessToken } = options;
  const headers: Record<string, string> = { ...options.headers };
  if (version !== null) headers.version = version;
  if (token !== null) headers.authorization = `Bearer ${token}`;
  if (body !== undefined) headers['content-type'] = 'application/json';
  const response = await fetch(sandbox.url + path, {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return answerOf(response);
}

/** `call` for tests that call one sandbox often, with one token and version. */
export function caller(sandbox: Sandbox, options: Pick<CallOptions, 'token' | 'version'> = {}) {
  return (method: string, path: string, body?: unknown): Promise<Answer> =>
    call(sandbox, method, path, { ...options, body });
}

/** Reads an answer whose body is JSON or nothing. */
export async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) };
}

/** Posts a form, as a browser or an OAuth client would; redirects are not followed. */
export async function postForm(
  url: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(url, { method: 'POST', redirect: 'manual', headers, body: new URLSearchParams(fields) });
}

/** The names of the events sent so far. */
export function eventsOf(sandbox: Sandbox): string[] {
  return sandbox.context.webhooks.log().map((one) => one.type);
}
