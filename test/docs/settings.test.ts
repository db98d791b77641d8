/** Whoever publishes the integration or runs the relay finds every setting in a table, and no setting that there is not. */

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { permissionName, scopesFor } from '../../highlevel/http/permissions.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const names = (text: string, pattern: RegExp) =>
  [...new Set([...text.matchAll(pattern)].map(([, name = '']) => name))].toSorted();

/** The names in the first column of the table that begins with this row. */
function table(page: string, head: string): string[] {
  const [, rows = ''] = read(page).split(`\n${head}\n`);
  const [cells = ''] = rows.split('\n\n');
  return names(cells.replace(/^(\| [^|]*).*$/gm, '$1'), /`(\w+)`/g);
}

it('README has every environment variable of the app', () => {
  const app = globSync('{app,index,index.private-token}.ts', { cwd: ROOT }).concat(
    globSync('{authentication,creates,fields,highlevel,relay-client,searches,triggers}/**/*.ts', {
      cwd: ROOT,
    }),
  );
  const used = names(app.map(read).join('\n'), /process\.env\.([A-Z_]+)/g);
  expect(used.length).toBeGreaterThan(8);
  expect(table('README.md', '| Environment variable | For |')).toEqual(used);
});

it('docs/relay.md has every setting of the relay', () => {
  const [, declared = ''] =
    /const ENVIRONMENT = s\.object\(\{\n(.*?)\n\}\);/s.exec(read('relay/config.ts')) ?? [];
  expect(table('docs/relay.md', '| variable | default | |')).toEqual(names(declared, /^ {2}([A-Z_]+):/gm));
});

it.each([
  ['reading', 'reading'],
  ['writing', 'writing as well'],
] as const)('docs/private-token.md has the permissions to tick for %s', (kind, row) => {
  const [, cell = ''] = new RegExp(`\\| ${row} \\| ([^|]*) \\|`).exec(read('docs/private-token.md')) ?? [];
  expect(cell.split(', ')).toEqual(scopesFor(kind).map(permissionName));
});
