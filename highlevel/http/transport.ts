import type { ZObject } from 'zapier-platform-core';
import { API_VERSION, apiUrl, USER_AGENT } from './environment.ts';

/** How a request reaches HighLevel: through Zapier, or by plain fetch. */

interface Request {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With its query, as it stands after the API's address. */
  path: string;
  /** JSON. */
  body?: string;
  timeoutMs: number;
}

export interface Answer {
  status: number;
  /** The parsed body; undefined where it is no JSON. */
  data: unknown;
  /** Whether the body had nothing in it at all. */
  isEmpty: boolean;
  headers: { get(name: string): string | null };
}

/** Sends one request. @throws NoAnswer where the connection broke or took too long */
export type Transport = (request: Request) => Promise<Answer>;

/** A request that got no answer; the message says why, as the end of "HighLevel could not …: ". */
export class NoAnswer extends Error {}

/**
 * Through Zapier, which logs the request and censors the token. A 401 ends in core's RefreshAuthError before anything
 * here can read it. [source: core, throw-for-stale-auth]
 *
 * @param token read for each request, because it is the bundle's
 */
export function zapierTransport(z: ZObject, token: () => string | undefined): Transport {
  return async ({ method, path, body, timeoutMs }) => {
    try {
      const { status, data, content, headers } = await z.request({
        method,
        url: apiUrl() + path,
        headers: headersWith(token(), body),
        ...(body === undefined ? {} : { body }),
        timeout: timeoutMs,
        // A redirect could carry the token to another host.
        redirect: 'manual',
        skipThrowForStatus: true,
      });
      return { status, data, isEmpty: content === '', headers };
    } catch (error) {
      throw isNetworkError(error) ? new NoAnswer(reason(isTimeout(error), timeoutMs)) : error;
    }
  };
}

/** By plain fetch, for what runs beside Zapier. */
export function fetchTransport({ apiUrl, token }: { apiUrl: string; token: string }): Transport {
  return async ({ method, path, body, timeoutMs }) => {
    try {
      const response = await fetch(apiUrl + path, {
        method,
        headers: headersWith(token, body),
        ...(body === undefined ? {} : { body }),
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      });
      const text = await response.text();
      return { status: response.status, data: parsed(text), isEmpty: text === '', headers: response.headers };
    } catch (error) {
      throw new NoAnswer(reason(error instanceof Error && error.name === 'TimeoutError', timeoutMs));
    }
  };
}

function headersWith(token: string | undefined, body: string | undefined): Record<string, string> {
  return {
    accept: 'application/json',
    version: API_VERSION,
    'user-agent': USER_AGENT,
    ...(token ? { authorization: `Bearer ${token}` } : {}),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  };
}

/** Whether a request got no answer: core's fetch throws this for timeouts and broken connections. */
export function isNetworkError(error: unknown): error is Error & { type?: string } {
  return error instanceof Error && error.name === 'FetchError';
}

function isTimeout({ type }: { type?: string }): boolean {
  return type === 'request-timeout' || type === 'body-timeout';
}

function reason(timedOut: boolean, timeoutMs: number): string {
  return timedOut ? `it did not answer within ${timeoutMs / 1000} seconds` : 'the connection to it broke';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The part of a URL after `?`, that mark included. Absent and empty values are left out: HighLevel would take `a=` for a filter. */
export function queryString(query: Record<string, string | number | boolean | undefined>): string {
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
