/** What a file is for stands first in it, so that a stranger reads it first. */

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '../..');
const FOLDERS = [
  'authentication',
  'creates',
  'fields',
  'highlevel',
  'local',
  'relay',
  'relay-client',
  'searches',
  'test',
  'tools',
  'triggers',
  'wire',
  'zaps',
];

/** A doc comment that belongs to nothing below it: an empty line follows. */
const OF_THE_FILE = /^\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n\n/gm;

it('a comment on a whole file is its first', () => {
  const files = globSync(['*.ts', ...FOLDERS.map((folder) => `${folder}/**/*.{ts,tsx}`)], {
    cwd: ROOT,
    exclude: (path) => path.includes('node_modules'),
  });
  expect(files.length).toBeGreaterThan(700);
  const late = files.filter((file) =>
    [...readFileSync(join(ROOT, file), 'utf8').matchAll(OF_THE_FILE)].some(({ index }) => index > 0),
  );
  expect(late).toEqual([]);
});
