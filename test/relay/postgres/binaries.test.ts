import { execFileSync } from 'node:child_process';
import { cpSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { copyOf, findBinaries } from '../../../relay/postgres/binaries.ts';
import { temporaryFolder } from '../support/relay.ts';

describe('the copy of PostgreSQL for a user that cannot enter the project', () => {
  const { path, remove } = temporaryFolder();
  afterEach(remove);

  it('is made anew where the one that stands there no longer runs', () => {
    const native = join(findBinaries({}).postgres, '..', '..');
    const target = join(path, 'postgres');
    cpSync(native, target, { recursive: true, verbatimSymlinks: true });
    const library = join(target, 'lib', 'libcrypto.so.1.1');
    rmSync(library);
    symlinkSync('/a/project/that/was/removed', library);
    const version = () =>
      execFileSync(join(target, 'bin', 'postgres'), ['--version'], { encoding: 'utf8', stdio: 'pipe' });
    expect(version).toThrow('libcrypto');
    expect(copyOf(native, target, {})).toBe(target);
    expect(version()).toContain('PostgreSQL');
  });
});
