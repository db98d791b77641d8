/** Writes the pages of the Zaps anew: `npm exec -c "node zaps/pages/write.ts"`; with --check only tells which differ. */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pages } from './pages.ts';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

for (const [path, text] of pages()) {
  const file = join(ROOT, path);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
  if (process.argv.includes('--check')) {
    console.error(`${path} is not what the Zaps say.`);
    process.exitCode = 1;
    continue;
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
