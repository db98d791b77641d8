import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { type Sandbox, startSandbox } from '../../../local/sandbox/index.ts';
import { CHECKS } from '../../../tools/live/checks.ts';
import { AMPLE } from '../../support/ample.ts';

const ROOT = join(import.meta.dirname, '../../..');
const run = (env: Record<string, string>) =>
  promisify(execFile)(process.execPath, [join(ROOT, 'tools/live/main.ts')], {
    cwd: ROOT,
    env: { PATH: process.env.PATH ?? '', ...env },
  });

/** One that was used once, longer ago than HighLevel answers it anew. */
async function usedRefreshToken(sandbox: Sandbox): Promise<string> {
  const { refreshToken = '' } = sandbox.mintToken();
  await fetch(`${sandbox.url}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: refreshToken ?? '',
      client_id: sandbox.clientId,
      client_secret: sandbox.clientSecret,
    }),
  });
  sandbox.moveClock({ by: 60_000 });
  return refreshToken ?? '';
}

describe('npm run live', () => {
  it('says plainly that nothing ran, and what to set, where there is no token', async () => {
    const { stdout } = await run({});
    expect(stdout).toMatch(new RegExp(`^0 of ${CHECKS.length} live checks ran`));
    expect(stdout).toContain('HIGHLEVEL_LIVE_TOKEN');
    expect(stdout).toContain('HIGHLEVEL_LIVE_NARROW_TOKEN  an access token of a second sign-in');
  });

  it('asks every question, writes what it saw, and leaves nothing behind', async () => {
    const sandbox = await startSandbox({
      ...AMPLE,
      contrary: ['version-id-required', 'record-without-fields'],
    });
    sandbox.setSettings({ acceptSource: true });
    const used = await usedRefreshToken(sandbox);
    const folder = mkdtempSync(join(tmpdir(), 'live-'));
    const before = sandbox.counts();
    try {
      const { stdout } = await run({
        HIGHLEVEL_LIVE_CLIENT_ID: sandbox.clientId,
        HIGHLEVEL_LIVE_CLIENT_SECRET: sandbox.clientSecret,
        HIGHLEVEL_LIVE_USED_REFRESH_TOKEN: used,
        HIGHLEVEL_LIVE_NARROW_TOKEN: sandbox.mintToken({ scopes: ['contacts.readonly'] }).accessToken,
        HIGHLEVEL_LIVE_TOKEN: sandbox.accessToken,
        HIGHLEVEL_LIVE_LOCATION: sandbox.locationId,
        HIGHLEVEL_LIVE_PIPELINE: 'Onboarding',
        HIGHLEVEL_API_URL: sandbox.url,
        HIGHLEVEL_LIVE_EVIDENCE: folder,
      });
      expect(stdout).toContain(`${CHECKS.length} of ${CHECKS.length} live checks held`);
      expect(stdout).not.toContain('Not asked');
      const [file] = readdirSync(folder);
      const page = readFileSync(join(folder, file ?? ''), 'utf8');
      for (const seen of [
        'What GET of a deleted opportunity answers | 400',
        'by id: no custom field, source, no reason; GET search: custom field, source, reason; POST search: custom field, source, reason',
        'What the meta of a full page has | total number',
        'an unknown field 422; an unknown operator 422; a source as bare text 400; a page beside searchAfter 400',
        'with and without version_id | with 200, without 400 error.noAppVersionIdFound',
        'What a used refresh token is answered with | 400 "Invalid grant: refresh token is invalid"',
        'changes the first | a write by the first 200, by the second 401',
      ]) {
        expect(page).toContain(seen);
      }
      expect(page + stdout).not.toContain(sandbox.clientSecret);
      expect(sandbox.counts()).toMatchObject({
        opportunities: before.opportunities,
        contacts: before.contacts,
      });
    } finally {
      rmSync(folder, { recursive: true });
      await sandbox.close();
    }
  });

  it('says what it could not ask without more than a token', async () => {
    const sandbox = await startSandbox(AMPLE);
    const folder = mkdtempSync(join(tmpdir(), 'live-'));
    const { stdout } = await run({
      HIGHLEVEL_LIVE_TOKEN: sandbox.accessToken,
      HIGHLEVEL_LIVE_LOCATION: sandbox.locationId,
      HIGHLEVEL_LIVE_PIPELINE: 'Onboarding',
      HIGHLEVEL_API_URL: sandbox.url,
      HIGHLEVEL_LIVE_EVIDENCE: folder,
    });
    const few = CHECKS.filter(({ needs = [] }) => needs.length === 0).length;
    expect(few).toBe(CHECKS.length - 3);
    expect(stdout).toContain(`${few} of ${few} live checks held`);
    expect(stdout).toContain(
      'Not asked: Whether a second, narrower sign-in changes the first. Set HIGHLEVEL_LIVE_NARROW_TOKEN.',
    );
    rmSync(folder, { recursive: true });
    await sandbox.close();
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
