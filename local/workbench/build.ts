import { cp } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const UI = join(dirname(fileURLToPath(import.meta.url)), 'ui');

/**
 * Builds the pages into files, everything they need included: nothing is fetched from outside later.
 *
 * @param folder gets `index.html`, and `assets/` with scripts and styles
 * @throws Error with the compiler's words
 */
export async function buildPages(folder: string): Promise<void> {
  await build({
    entryPoints: { app: join(UI, 'main.tsx') },
    outdir: join(folder, 'assets'),
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2023',
    jsx: 'automatic',
    minify: true,
    define: { 'process.env.NODE_ENV': '"production"' },
    legalComments: 'none',
    logLevel: 'warning',
  });
  await cp(join(UI, 'index.html'), join(folder, 'index.html'));
}
