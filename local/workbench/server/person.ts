import type { Sandbox } from '../../sandbox/index.ts';
import { PERSON_AGENT } from './wire.ts';

/**
 * A person's work in HighLevel that goes through its API: contacts, notes and tasks. What it is refused with is
 * thrown in HighLevel's own words.
 */
export async function asPerson(
  sandbox: Sandbox,
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: object,
): Promise<unknown> {
  const answer = await fetch(`${sandbox.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${sandbox.accessToken}`,
      version: 'v3',
      'user-agent': PERSON_AGENT,
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await answer.text();
  const read = text === '' ? {} : (JSON.parse(text) as { message?: string | string[] });
  if (answer.ok) return read;
  const message = [read.message ?? `HighLevel answered ${answer.status}.`].flat().join(' ');
  throw new Error(message);
}
