import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { makeFolder } from '../../../relay/postgres/folder.ts';

describe('makeFolder', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'folder-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('makes what is not there, with all that it lies in, and leaves what is', () => {
    const path = join(root, 'a', 'b');
    makeFolder(path, 0o700);
    writeFileSync(join(path, 'kept'), '');
    makeFolder(path, 0o700);
    expect(existsSync(join(path, 'kept'))).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(0o700);
  });

  it('says which folder cannot be made', () => {
    writeFileSync(join(root, 'file'), '');
    expect(() => makeFolder(join(root, 'file', 'inner'), 0o700)).toThrow(
      /^The folder .*inner cannot be made/,
    );
  });

  // Node itself never ends there, so that this is asked of a process that can be ended.
  (existsSync('/proc') ? it : it.skip)('says so under /proc, and at once', () => {
    const module = join(import.meta.dirname, '../../../relay/postgres/folder.ts');
    const code = `const { makeFolder } = await import(${JSON.stringify(module)}); makeFolder('/proc/relay-x/data', 0o700);`;
    const env = { ...process.env, NODE_OPTIONS: '' };
    const { stderr, signal } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
      env,
      encoding: 'utf8',
      timeout: 20_000,
      killSignal: 'SIGKILL',
    });
    expect(signal).toBeNull();
    expect(stderr).toContain('The folder /proc/relay-x cannot be made (ENOENT). Set RELAY_DATA_DIR');
  });
});
