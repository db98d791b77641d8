import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '../../..');

/** What Node loads of itself for the built app beyond what core has loaded. */
const SCRIPT = `
  await import('zapier-platform-core');
  const before = new Set(process.moduleLoadList);
  await import('./dist/index.js');
  console.log(JSON.stringify(process.moduleLoadList.filter((name) => !before.has(name))));
`;

describe('the built app', () => {
  it('brings no client for HTTP into steps that need none', () => {
    const text = execFileSync(process.execPath, ['--input-type=module', '-e', SCRIPT], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    const loaded = JSON.parse(text) as string[];
    expect(loaded).toContain('NativeModule dns');
    expect(loaded.filter((name) => /undici|\bhttp/.test(name))).toEqual([]);
  });
});
