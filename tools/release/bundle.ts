/**
 * Builds the app into dist/: a bundle a build, and in dist/later/ what a bundle loads only in steps that need it.
 *
 *   npm run bundle
 *
 * Zapier starts a process for the first command of many steps, and what it has to load is paid for there.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { build } from 'esbuild';
import { BUILDS, LATER } from './builds.ts';
import { ROOT } from './stage.ts';

const folder = join(ROOT, 'dist');
const bundled = await Promise.all(
  Object.values(BUILDS).map(({ bundle }) =>
    // One after the other build, as what two entries share would be a file of its own that each has to load.
    build({
      absWorkingDir: ROOT,
      entryPoints: [bundle.replace(/\.js$/, '.ts')],
      bundle: true,
      splitting: true,
      minify: true,
      platform: 'node',
      format: 'esm',
      target: 'node22',
      external: ['zapier-platform-core'],
      outdir: folder,
      chunkNames: `${LATER}/[name]-[hash]`,
      write: false,
      logLevel: 'warning',
    }),
  ),
);
const files = bundled.flatMap(({ outputFiles }) => outputFiles);
for (const { path, text } of files) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, inAscii(text));
}
const current = new Set(files.map(({ path }) => basename(path)));
for (const name of readdirSync(join(folder, LATER))) {
  if (!current.has(name)) rmSync(join(folder, LATER, name));
}

/**
 * Esbuild escapes what is beyond ASCII but for regular expressions, where the same escapes stand for it. One such
 * character, and V8 keeps the whole file at two bytes a character.
 */
function inAscii(text: string): string {
  return text.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
