import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { BUILDS, LATER } from '../../../tools/release/builds.ts';

const ROOT = join(import.meta.dirname, '../../..');
const DIST = join(ROOT, 'dist');
const bundles = Object.values(BUILDS).map(({ bundle }) => bundle);
const WORDS_OF_DATES = `${LATER}/chrono-node-en.js`;
const PUBLIC_ADDRESS = `${LATER}/public-address.js`;
const later = readdirSync(join(DIST, LATER)).map((name) => `${LATER}/${name}`);

/** What Node loads of itself for a module of dist/, beyond what core has loaded. */
function loadedBy(module: string): string[] {
  const script = `
    await import('zapier-platform-core');
    const before = new Set(process.moduleLoadList);
    await import('./dist/${module}');
    console.log(JSON.stringify(process.moduleLoadList.filter((name) => !before.has(name))));
  `;
  const text = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return JSON.parse(text) as string[];
}

describe.each(bundles)('the bundle %s', (bundle) => {
  it('brings no client for HTTP and no look-up of addresses into steps that need none', () => {
    expect(loadedBy(bundle).filter((name) => /undici|\bhttp|\bdns\b/.test(name))).toEqual([]);
  });

  it('builds no schema of an answer before it reads one', () => {
    const built = builtBy(bundle);
    expect(built).toContain('lazy');
    expect(built).not.toContain('object');
  });

  it('leaves to later what few steps need', () => {
    const text = readFileSync(join(DIST, bundle), 'utf8');
    const names = [...text.matchAll(/\bimport\("\.\/([^"]+)"\)/g)].map(([, name]) => name);
    expect(names.toSorted()).toEqual([WORDS_OF_DATES, PUBLIC_ADDRESS]);
    expect(text.length).toBeLessThan(330_000);
  });
});

/** What zod builds while a module of dist/ loads: the kinds of schemas, each once. */
function builtBy(module: string): string[] {
  const script = `
    const built = new Set();
    globalThis.__zod_globalConfig = { postProcessor: ({ _zod }) => built.add(_zod.def.type) };
    await import('./dist/${module}');
    console.log(JSON.stringify([...built]));
  `;
  const text = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return JSON.parse(text) as string[];
}

describe('what is bundled', () => {
  it('holds nothing beyond ASCII, which would double its memory', () => {
    for (const name of [...bundles, ...later]) {
      const bytes = readFileSync(join(DIST, name));
      expect([name, bytes.findIndex((byte) => byte > 0x7f)]).toEqual([name, -1]);
    }
  });

  it('has the look-up of addresses where it is needed', () => {
    expect(loadedBy(PUBLIC_ADDRESS)).toContain('NativeModule dns');
  });
});
