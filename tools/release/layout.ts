import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { BUILDS, type BuildName, LATER } from './builds.ts';

export const ROOT = join(import.meta.dirname, '../..');

interface Manifest {
  name: string;
  version: string;
  description: string;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  overrides?: Record<string, string>;
}

/**
 * Lays out what Zapier gets of a build, and nothing else, in a new temporary folder: the bundle, a package.json that names
 * core alone (zod is in the bundle), and core's own packages as npm installed them here.
 *
 * The CLI copies whole projects, and with the development tools of this one it dies of too many open files.
 *
 * @returns the folder's path
 */
export function layOut(build: BuildName): string {
  const folder = mkdtempSync(join(tmpdir(), 'highlevel-opportunities-'));
  const { name, version, description, dependencies, overrides } = manifest(ROOT);
  const core = 'zapier-platform-core';
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify(
      {
        name,
        version,
        description,
        private: true,
        type: 'module',
        exports: './dist/index.js',
        dependencies: { [core]: dependencies?.[core] },
        overrides: { 'get-intrinsic': overrides?.['get-intrinsic'] },
      },
      null,
      2,
    ),
  );
  // For the CLI's copy of the sources, which would hold core's packages otherwise.
  writeFileSync(join(folder, '.gitignore'), 'node_modules/\n');
  cpSync(join(ROOT, 'dist', BUILDS[build].bundle), join(folder, 'dist/index.js'));
  cpSync(join(ROOT, 'dist', LATER), join(folder, 'dist', LATER), { recursive: true });
  for (const path of packagesOf(core)) {
    cpSync(path, join(folder, relative(ROOT, path)), {
      recursive: true,
      filter: (file) => !nested(path, file),
    });
  }
  return folder;
}

/** The folders of a package and of all that it depends on. */
function packagesOf(name: string): Set<string> {
  const found = new Set<string>();
  const visit = (wanted: string, from: string) => {
    const path = folderOf(wanted, from);
    if (!path || found.has(path)) return;
    found.add(path);
    const { dependencies, optionalDependencies } = manifest(path);
    for (const next of Object.keys({ ...dependencies, ...optionalDependencies })) visit(next, path);
  };
  visit(name, ROOT);
  return found;
}

/** Where Node finds a package from a folder; undefined for one that is not installed here (an optional one). */
function folderOf(name: string, from: string): string | undefined {
  return createRequire(join(from, 'package.json'))
    .resolve.paths(name)
    ?.map((modules) => join(modules, name))
    .find((path) => {
      try {
        return Boolean(manifest(path));
      } catch {
        return false;
      }
    });
}

function manifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

/** A package's nested packages are copied only where something needs them. */
function nested(path: string, file: string): boolean {
  return relative(path, file).split(sep).includes('node_modules');
}
