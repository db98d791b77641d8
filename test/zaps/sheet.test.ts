import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

// As a process of its own, on the built app: a thousand calls take twice as long within the test's own machinery.
it.each([
  ['America/Chicago', 'off'],
  ['Australia/Sydney', 'errored'],
])(
  'sheet-to-opportunities ends as promised in %s, with replay %s',
  async (zone, replay) => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [join(ROOT, 'zaps/run.ts'), 'sheet-to-opportunities', '--zone', zone, '--replay', replay],
      { cwd: ROOT, maxBuffer: 10_000_000 },
    );
    expect(stdout).not.toContain('✗');
    expect(stdout).toMatch(/All \d+ promises of 1 story hold\.\n$/);
  },
  120_000,
);
