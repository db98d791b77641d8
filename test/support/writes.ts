import type { Connection } from './connection.ts';

/** Posting a search changes nothing. */
const SEARCHES = ['/opportunities/search', '/contacts/search'];

/** The requests that could have changed something since the log was last cleared, with what they sent. */
export function writes({ sandbox }: Connection): { request: string; body: unknown }[] {
  return sandbox
    .requests()
    .filter(({ method, path }) => method !== 'GET' && !SEARCHES.includes(path))
    .map(({ method, path, body }) => ({ request: `${method} ${path}`, body }));
}

export function keysOf(value: object | undefined): string[] {
  return Object.keys(value ?? {}).sort();
}
