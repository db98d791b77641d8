import type { Bundle, ZObject } from 'zapier-platform-core';
import { connect, type HighLevel } from '../../highlevel/connect.ts';

/** What was asked of HighLevel, in the parts that tests look at. */
export interface Asked {
  method: string;
  path: string;
  query: Record<string, string>;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever was sent, and fails where it is not what it expects.
  body: any;
}

class Named extends Error {
  code: unknown;
  status: unknown;
  constructor(message: string, code?: unknown, status?: unknown) {
    super(message);
    this.name = new.target.name;
    this.code = code;
    this.status = status;
  }
}
class AppError extends Named {}
class HaltedError extends Named {}
class ThrottledError extends Named {}
class ExpiredAuthError extends Named {}
class RefreshAuthError extends Named {}

export interface Scripted {
  z: ZObject;
  bundle: Bundle;
  /** Bound to both. */
  highlevel: HighLevel;
  /** Each request so far, the oldest first. */
  asked: Asked[];
  /** Each line of the Zap's log so far. */
  said: string[];
}

/**
 * A Zapier whose HighLevel answers by a script, for what the sandbox cannot be made to say: it counts wrongly, is slow
 * to the second, or gives the same page for ever.
 *
 * @param answer the body of each answer, or `{status, data}` for another status than 200, with `headers` by lower-case names
 */
export function scripted(answer: (asked: Asked, index: number) => unknown): Scripted {
  // What is sent beside Zapier must not leave this machine.
  process.env.HIGHLEVEL_API_URL ??= 'http://127.0.0.1:9';
  const asked: Asked[] = [];
  const said: string[] = [];
  const cache = new Map<string, unknown>();
  const z = {
    errors: { Error: AppError, HaltedError, ThrottledError, ExpiredAuthError },
    cache: {
      get: async (key: string) => cache.get(key),
      set: async (key: string, value: unknown) => cache.set(key, value) === cache,
      delete: async (key: string) => cache.delete(key),
    },
    console: { log: (line: string) => said.push(line) },
    hash: (_algorithm: string, text: string) => `hash of ${text}`,
    request: async (options: { method: string; url: string; body?: string }) => {
      const { pathname, searchParams } = new URL(options.url);
      const request = {
        method: options.method,
        path: pathname,
        query: Object.fromEntries(searchParams),
        body: readBody(options.body),
      };
      asked.push(request);
      const said = (await answer(request, asked.length - 1)) as
        | { status?: number; data?: unknown; headers?: Record<string, string> }
        | undefined;
      const isWhole = typeof said?.status === 'number' && 'data' in said;
      const { status, data } = isWhole
        ? (said as { status: number; data: unknown })
        : { status: 200, data: said };
      if (status === 401) throw new RefreshAuthError('Refresh');
      const headers = { get: (name: string) => (isWhole && said?.headers?.[name]) || null };
      return { status, data, content: data === undefined ? '' : 'text', headers };
    },
  } as unknown as ZObject;
  const bundle = {
    authData: { locationId: 'l1', companyId: 'a1', access_token: 'secret', scope: '' },
    inputData: {},
    meta: {},
  } as unknown as Bundle;
  return { z, bundle, highlevel: connect(z, bundle), asked, said };
}

/** An answer that is lost the first time, and then is as given. */
export function lostOnce(answer: unknown): () => unknown {
  let isLost = true;
  return () => {
    const first = isLost;
    isLost = false;
    return first ? { status: 502, data: {} } : answer;
  };
}

function readBody(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  return text.startsWith('{') ? JSON.parse(text) : Object.fromEntries(new URLSearchParams(text));
}
