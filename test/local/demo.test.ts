import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify, stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { writeEnvFile } from '../../local/demo/env-file.ts';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

describe('npm start -- --once', () => {
  it.each(['oauth', 'private-token'])('does the main job and ends with 0, connected by %s', async (auth) => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [join(ROOT, 'local/demo/main.ts'), '--once', `--auth=${auth}`],
      { cwd: ROOT },
    );
    const told = stripVTControlCharacters(stdout);
    expect(told).toMatch(/connected {2}Harbor & Pine Consulting \(\w{6}\)/);
    expect(told).toMatch(/poll +\d+ opportunities read, \d+ known, 2 new \(1 request/);
    expect(told).toMatch(
      /done +create_opportunity: "Onboard Tom Becker: Website relaunch \{\{phase 1\}\}" in Onboarding › Kickoff/,
    );
    expect(told).toMatch(
      /stopped +create_opportunity: This contact already has an opportunity in this pipeline/,
    );
    expect(told).toMatch(/hook +1 change delivered/);
    expect(told).toMatch(/done +create_task: "Call about .* moved from Proposal Sent to Negotiation"/);
    expect(told).toMatch(/\d+ ms from the drag of the card/);
    expect(told).toMatch(/Everything ended as it should\.\n$/);
  }, 60_000);

  it('ends with 2 for a build that there is not, and names those that there are', async () => {
    const failed = promisify(execFile)(process.execPath, [join(ROOT, 'local/demo/main.ts'), '--auth=key'], {
      cwd: ROOT,
    });
    await expect(failed).rejects.toMatchObject({
      code: 2,
      stderr: '--auth=key: there is no such build. There are: oauth, private-token.\n',
    });
  });

  it('ends with 1 and the reason when a step failed', async () => {
    const failed = promisify(execFile)(
      process.execPath,
      [join(ROOT, 'local/demo/main.ts'), '--once', '--port', '70000'],
      { cwd: ROOT },
    );
    await expect(failed).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/The demonstration failed: .*70000/),
    });
  }, 60_000);
});

describe('the .env of the demonstration', () => {
  it('is written anew each time, and never over one that somebody else wrote', () => {
    const folder = mkdtempSync(join(tmpdir(), 'env-'));
    const path = join(folder, '.env');
    expect(writeEnvFile(path, { CLIENT_ID: 'one' }, { access_token: 't' })).toBe(true);
    expect(writeEnvFile(path, { CLIENT_ID: 'two' }, { access_token: 't' })).toBe(true);
    expect(readFileSync(path, 'utf8')).toMatch(/CLIENT_ID=two\nauthData_access_token='t'\n$/);
    writeFileSync(path, 'MINE=1\n');
    expect(writeEnvFile(path, {}, {})).toBe(false);
    expect(readFileSync(path, 'utf8')).toBe('MINE=1\n');
    rmSync(folder, { recursive: true });
    expect(existsSync(path)).toBe(false);
  });
});
