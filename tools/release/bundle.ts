/**
 * Builds the app into dist/: a bundle a build, and in dist/later/ what a bundle loads only in steps that need it.
 *
 *   npm run bundle
 *
 * Zapier starts a process for the first command of many steps, and what it has to load is paid for there.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { BUILDS, LATER } from './builds.ts';
import { ROOT } from './layout.ts';

/** By its name in dist/later/, where the module lies that is imported there. */
const later = new Map<string, string>();

/** Leaves what is imported by a call to a file of its own. Esbuild's own splitting adds one more, of helpers, that every start loads. */
const splitting: Plugin = {
  name: 'later',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /./ }, async ({ kind, path, resolveDir }) => {
      if (kind !== 'dynamic-import' || path.startsWith('node:')) return null;
      const name = `${path.replace(/^\.\/|\.ts$/g, '').replaceAll('/', '-')}.js`;
      later.set(name, (await resolve(path, { kind: 'import-statement', resolveDir })).path);
      return { path: `./${LATER}/${name}`, external: true };
    });
  },
};

const options: BuildOptions = {
  absWorkingDir: ROOT,
  bundle: true,
  minify: true,
  platform: 'node',
  format: 'esm',
  target: 'node22',
  external: ['zapier-platform-core'],
  logLevel: 'warning',
};

for (const { bundle } of Object.values(BUILDS)) await write(bundle, bundle.replace(/\.js$/, '.ts'));
for (const [name, path] of later) await write(join(LATER, name), path);
for (const name of readdirSync(join(ROOT, 'dist', LATER))) {
  if (!later.has(name)) rmSync(join(ROOT, 'dist', LATER, name));
}

async function write(name: string, entryPoint: string): Promise<void> {
  const { outputFiles } = await build({
    ...options,
    entryPoints: [entryPoint],
    plugins: [splitting],
    write: false,
  });
  const path = join(ROOT, 'dist', name);
  mkdirSync(dirname(path), { recursive: true });
  for (const { text } of outputFiles) writeFileSync(path, inAscii(text));
}

/**
 * Esbuild escapes what is beyond ASCII but for regular expressions, where the same escapes stand for it. One such
 * character, and V8 keeps the whole file at two bytes a character.
 */
function inAscii(text: string): string {
  return text.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
