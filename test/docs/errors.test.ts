/** docs/help/errors.md quotes the errors that people read: each quotation stands in the app as it is written there. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '../..');
const APP = ['authentication', 'creates', 'fields', 'highlevel', 'relay-client', 'searches', 'triggers'];

const source = APP.flatMap((room) =>
  readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(ROOT, room, file), 'utf8')),
)
  .join('\n')
  // A sentence may be written on several lines.
  .replace(/['`] \+\s+['`]/g, '')
  // What differs from error to error is an ellipsis on the page.
  .replace(/\$\{[^}]*\}/g, '…');

const page = readFileSync(join(ROOT, 'docs/help/errors.md'), 'utf8');
const quoted = page
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .flatMap((line) => [...(line.split(' | ')[0] ?? '').matchAll(/`([^`]+)`/g)].map(([, text = '']) => text));

it('docs/help/errors.md quotes errors', () => {
  expect(quoted.length).toBeGreaterThan(15);
});

it.each(quoted)('`%s` is what an error says', (text) => {
  expect(source.includes(text)).toBe(true);
});
