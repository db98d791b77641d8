/** How a request reaches HighLevel: through Zapier, or by plain fetch. */

import { Readable } from 'node:stream';
import type { ZObject } from 'zapier-platform-core';
import { apiUrl, apiVersion, USER_AGENT } from './environment.ts';

export interface Request {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With its query, as it stands after the API's address. */
  path: string;
  /** JSON as text, or a stream of what `headers` say that it is. */
  body?: string | Readable;
  /** In the place of the usual ones of the same names, which are written in small letters. */
  headers?: Record<string, string>;
  timeoutMs: number;
}

export interface Answer {
  status: number;
  /** The parsed body; undefined where it is no JSON. */
  data: unknown;
  /** The body as it came. */
  text: string;
  headers: { get(name: string): string | null };
}

/** Sends one request. @throws NoAnswer where the connection broke or took too long */
export type Transport = (request: Request) => Promise<Answer>;

/** A request that got no answer; the message says why, as the end of "HighLevel could not …: ". */
export class NoAnswer extends Error {
  /** Whether the connection broke, and the request may be sent again; else it took too long. */
  readonly isBroken: boolean;
  constructor(timedOut: boolean, timeoutMs: number) {
    super(reason(timedOut, timeoutMs));
    this.isBroken = !timedOut;
  }
}

/**
 * Through Zapier, which logs the request and censors the token; `authorize` adds it on the way. A 401 ends in core's
 * RefreshAuthError before anything here can read it. [source: core, throw-for-stale-auth]
 */
export function zapierTransport(z: ZObject): Transport {
  return async ({ method, path, body, headers: own, timeoutMs }) => {
    try {
      const { status, data, content, headers } = await z.request({
        method,
        url: apiUrl() + path,
        headers: { ...usualHeaders(body), ...own },
        ...(body === undefined ? {} : { body }),
        timeout: timeoutMs,
        // A redirect could carry the token to another host.
        redirect: 'manual',
        skipThrowForStatus: true,
      });
      return { status, data: data ?? parsed(content), text: content, headers };
    } catch (error) {
      throw isNetworkError(error) ? new NoAnswer(isTimeout(error), timeoutMs) : error;
    }
  };
}

/** By plain fetch, for what runs beside Zapier. */
export function fetchTransport({ apiUrl, token }: { apiUrl: string; token: string }): Transport {
  return async ({ method, path, body, headers: own, timeoutMs }) => {
    try {
      const response = await fetch(apiUrl + path, {
        method,
        headers: { ...usualHeaders(body), ...own, authorization: `Bearer ${token}` },
        ...(body === undefined ? {} : sent(body)),
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      });
      const text = await response.text();
      return { status: response.status, data: parsed(text), text, headers: response.headers };
    } catch (error) {
      throw new NoAnswer(error instanceof Error && error.name === 'TimeoutError', timeoutMs);
    }
  };
}

/** Fetch takes a stream only where it may send before it is answered. */
function sent(body: string | Readable): RequestInit {
  if (typeof body === 'string') return { body };
  const streamed = { body: Readable.toWeb(body) as RequestInit['body'], duplex: 'half' as const };
  return streamed;
}

function usualHeaders(body: Request['body']): Record<string, string> {
  return {
    accept: 'application/json',
    version: apiVersion(),
    'user-agent': USER_AGENT,
    ...(typeof body === 'string' ? { 'content-type': 'application/json' } : {}),
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
    return JSON.parse(text.replace(/^\uFEFF/, ''));
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
  return withoutCurlies(JSON.stringify(body));
}

/** The same for JSON that is text already: two braces in a row stand in its strings alone. */
export function withoutCurlies(json: string): string {
  return json.replaceAll('{{', '{\\u007b');
}
