/** docs/help names fields, choices and steps in italics, as the Zap editor shows them: each is called so there. */

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '../..');

/** What Zapier and HighLevel call their own things. */
const NOT_OURS = [
  'Autoreplay',
  'Connect a new account',
  'My Apps',
  'Reconnect',
  'Refresh fields',
  'Settings › Objects › Opportunities',
  // What people call the parts of an error, and of a label.
  'trace ID',
  '(Instant)',
  // Of both steps whose names begin so.
  'Find or Create',
];

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const found = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, name = '']) => name);

const operations = read('docs/operations.md');
const SEEN = new Set([
  ...found(operations, /^### (.*)$/gm),
  ...found(operations, /^\| ([^|]+) \| `/gm),
  // Choices stand as "Read Only (`read`)".
  ...found(operations, /(?:choices: |, )([^,;|]+) \(`/g),
  ...found(read('authentication/oauth.ts') + read('authentication/fields.ts'), /'([A-Z][^'\n]*)'/g),
  ...found(read('tools/release/listing/listing.json'), /"title": "([^"]*)"/g),
]);

const named = globSync('docs/help/*.md', { cwd: ROOT }).flatMap((file) =>
  [...read(file).matchAll(/(?<![*\w])\*([^*\n]+)\*(?![*\w])/g)].map(([, name = '']) => [file, name] as const),
);

it('docs/help names what people see', () => {
  expect(named.length).toBeGreaterThan(30);
});

it.each(named.filter(([, name]) => !NOT_OURS.includes(name)))('%s: there is a "%s"', (_file, name) => {
  expect(SEEN).toContain(name);
});
