/** Imports run one way, as CONTRIBUTING.md says; those of types count as well. */

import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '../..');

/** What the files of a room may import beside its own: rooms, and single files. A room that is not here may all. */
const MAY_IMPORT: Record<string, string[]> = {
  highlevel: [],
  fields: ['highlevel'],
  creates: ['fields', 'highlevel'],
  searches: ['fields', 'highlevel'],
  triggers: ['fields', 'highlevel', 'relay-client', 'wire', 'hydrators.ts'],
  authentication: ['highlevel'],
  'hydrators.ts': ['highlevel'],
  'relay-client': ['highlevel', 'wire'],
  wire: [],
  relay: ['wire', 'highlevel/http'],
  'app.ts': [
    'creates',
    'searches',
    'triggers',
    'fields',
    'highlevel/http',
    'hydrators.ts',
    'relay-client',
    'package.json',
  ],
  'index.ts': ['app.ts', 'authentication'],
  'index.private-token.ts': ['app.ts', 'authentication'],
  'local/sandbox': ['local/command.ts'],
  'local/zap-runner': [],
  'highlevel/http': [],
  'highlevel/connection': ['highlevel/http'],
  'highlevel/account': ['highlevel/http', 'highlevel/connection'],
  'highlevel/contacts': ['highlevel/http', 'highlevel/connection', 'highlevel/account'],
  'highlevel/opportunities': ['highlevel/http', 'highlevel/connection', 'highlevel/account'],
  'highlevel/api': ['highlevel/http'],
  'highlevel/files': ['highlevel/http'],
};

const isIn = (path: string, room: string) => path === room || path.startsWith(`${room}/`);

/** The files that a file imports, from the project's root. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map(([, path = '']) =>
    relative(ROOT, join(ROOT, dirname(file), path)),
  );
}

describe('imports run one way', () => {
  it.each(Object.entries(MAY_IMPORT))('%s', (room, allowed) => {
    const files = room.endsWith('.ts') ? [room] : globSync(`${room}/**/*.ts`, { cwd: ROOT });
    expect(files.length).toBeGreaterThan(0);
    const astray = files.flatMap((file) =>
      importsOf(file)
        .filter((path) => ![room, ...allowed].some((one) => isIn(path, one)))
        .map((path) => `${file} imports ${path}`),
    );
    expect(astray).toEqual([]);
  });

  it('nothing imports a test, and nothing but tools imports tools', () => {
    const files = globSync('{*,{local,tools,zaps}/**/*}.{ts,tsx}', { cwd: ROOT });
    const astray = files.flatMap((file) =>
      importsOf(file)
        .filter((path) => isIn(path, 'test') || (isIn(path, 'tools') && !isIn(file, 'tools')))
        .map((path) => `${file} imports ${path}`),
    );
    expect(files.length).toBeGreaterThan(100);
    expect(astray).toEqual([]);
  });
});
