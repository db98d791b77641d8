import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { startSandbox } from '../../../local/sandbox/index.ts';
import { CHECKS } from '../../../tools/live/checks.ts';
import { AMPLE } from '../../support/ample.ts';

const ROOT = join(import.meta.dirname, '../../..');
const run = (env: Record<string, string>) =>
  promisify(execFile)(process.execPath, [join(ROOT, 'tools/live/main.ts')], {
    cwd: ROOT,
    env: { PATH: process.env.PATH ?? '', ...env },
  });

describe('npm run live', () => {
  it('says plainly that nothing ran, and what to set, where there is no token', async () => {
    const { stdout } = await run({});
    expect(stdout).toMatch(new RegExp(`^0 of ${CHECKS.length} live checks ran`));
    expect(stdout).toContain('HIGHLEVEL_LIVE_TOKEN');
  });

  it('asks every question, writes what it saw, and leaves nothing behind', async () => {
    const sandbox = await startSandbox(AMPLE);
    const folder = mkdtempSync(join(tmpdir(), 'live-'));
    const before = sandbox.counts();
    try {
      const { stdout } = await run({
        HIGHLEVEL_LIVE_TOKEN: sandbox.accessToken,
        HIGHLEVEL_LIVE_LOCATION: sandbox.locationId,
        HIGHLEVEL_LIVE_PIPELINE: 'Onboarding',
        HIGHLEVEL_API_URL: sandbox.url,
        HIGHLEVEL_LIVE_EVIDENCE: folder,
      });
      expect(stdout).toContain(`${CHECKS.length} of ${CHECKS.length} live checks held`);
      const [page] = readdirSync(folder);
      expect(readFileSync(join(folder, page ?? ''), 'utf8')).toContain(
        'what GET of a deleted opportunity answers | 400',
      );
      expect(sandbox.counts()).toMatchObject({
        opportunities: before.opportunities,
        contacts: before.contacts,
      });
    } finally {
      rmSync(folder, { recursive: true });
      await sandbox.close();
    }
  });

  it('fails and still cleans up where the contract does not hold', async () => {
    const sandbox = await startSandbox(AMPLE);
    const folder = mkdtempSync(join(tmpdir(), 'live-'));
    const before = sandbox.counts();
    sandbox.fault({ method: 'PUT', path: '/opportunities/*', status: 500, times: 99 });
    const failed = run({
      HIGHLEVEL_LIVE_TOKEN: sandbox.accessToken,
      HIGHLEVEL_LIVE_LOCATION: sandbox.locationId,
      HIGHLEVEL_LIVE_PIPELINE: 'Onboarding',
      HIGHLEVEL_API_URL: sandbox.url,
      HIGHLEVEL_LIVE_EVIDENCE: folder,
    });
    await expect(failed).rejects.toMatchObject({ code: 1, stdout: expect.stringContaining('FAILED: ') });
    expect(sandbox.counts()).toMatchObject({
      opportunities: before.opportunities,
      contacts: before.contacts,
    });
    rmSync(folder, { recursive: true });
    await sandbox.close();
  });
});
