import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Sandbox, startSandbox } from '../../../../local/sandbox/index.ts';
import { answerOf, call } from '../support/call.ts';

describe('the control plane', () => {
  let sandbox: Sandbox;
  let pipelines: string;
  beforeEach(async () => {
    sandbox = await startSandbox();
    pipelines = `/opportunities/pipelines?locationId=${sandbox.locationId}`;
  });
  afterEach(() => sandbox.close());

  const control = (method: string, path: string, body?: unknown) =>
    call(sandbox, method, `/_sandbox${path}`, { body, token: null, version: null });

  it('logs what was asked, without the token, and forgets it when asked to', async () => {
    const body = { name: 'x' };
    await call(sandbox, 'PUT', '/opportunities/none?a=b', { body });
    const { requests } = (await control('GET', '/requests')).body;
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({
      method: 'PUT',
      path: '/opportunities/none',
      query: { a: 'b' },
      body,
      status: 404,
    });
    expect(requests[0].headers).toHaveProperty('version', 'v3');
    expect(requests[0].headers).not.toHaveProperty('authorization');
    expect(requests[0].token).toEqual({ present: true, sha256: expect.stringMatching(/^[0-9a-f]{12}$/) });
    await control('DELETE', '/requests');
    expect(sandbox.requests()).toEqual([]);
  });

  it('spoils the next calls that match, with status, body and headers', async () => {
    const fault = {
      method: 'GET',
      path: '/opportunities/*',
      times: 2,
      status: 503,
      body: { message: 'away' },
      headers: { 'retry-after': '7' },
    };
    expect((await control('POST', '/faults', fault)).body.faults).toHaveLength(1);
    const spoiled = await call(sandbox, 'GET', pipelines);
    expect([spoiled.status, spoiled.body.message, spoiled.headers.get('retry-after')]).toEqual([
      503,
      'away',
      '7',
    ]);
    expect((await call(sandbox, 'PUT', '/opportunities/none', { body: {} })).status).toBe(404);
    expect((await call(sandbox, 'GET', pipelines)).status).toBe(503);
    expect((await call(sandbox, 'GET', pipelines)).status).toBe(200);
    sandbox.fault({ status: 500 });
    sandbox.clearFaults();
    expect((await call(sandbox, 'GET', pipelines)).status).toBe(200);
  });

  it('cuts the connection and lets calls hang', async () => {
    sandbox.fault({ cut: true });
    await expect(call(sandbox, 'GET', pipelines)).rejects.toThrow();
    expect(sandbox.requests()).toMatchObject([{ method: 'GET', status: 0 }]);
    sandbox.fault({ hangMs: 80, skip: 1 });
    await call(sandbox, 'GET', pipelines);
    const begun = performance.now();
    expect((await call(sandbox, 'GET', pipelines)).status).toBe(200);
    expect(performance.now() - begun).toBeGreaterThan(75);
  });

  it('logs a call once whose caller would not wait', async () => {
    sandbox.fault({ hangMs: 150 });
    const signal = AbortSignal.timeout(50);
    const headers = { authorization: `Bearer ${sandbox.accessToken}`, version: 'v3' };
    await expect(fetch(sandbox.url + pipelines, { signal, headers })).rejects.toThrow();
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(sandbox.requests()).toMatchObject([{ path: '/opportunities/pipelines', status: 0 }]);
  });

  it('can do the work and spoil only the answer', async () => {
    const id = sandbox.seeded.opportunityIds[0] ?? '';
    sandbox.fault({ status: 502, when: 'after' });
    expect((await call(sandbox, 'PUT', `/opportunities/${id}`, { body: { name: 'Done' } })).status).toBe(502);
    expect(sandbox.opportunity(id).name).toBe('Done');
    sandbox.fault({ cut: true, when: 'after' });
    await expect(call(sandbox, 'DELETE', `/opportunities/${id}`)).rejects.toThrow();
    expect(sandbox.state.opportunities.has(id)).toBe(false);
  });

  it('moves the clock to a time and on from it', async () => {
    const at = await control('POST', '/clock', { at: '2030-01-01T00:00:00.000Z' });
    expect(at.body.iso.slice(0, 16)).toBe('2030-01-01T00:00');
    await control('POST', '/clock', { by: 3_600_000 });
    expect((await control('GET', '/clock')).body.iso.slice(0, 16)).toBe('2030-01-01T01:00');
    expect((await control('POST', '/clock', { to: 1 })).status).toBe(422);
  });

  it('mints tokens and takes all of a location away', async () => {
    const minted = await control('POST', '/tokens', {
      scopes: ['opportunities.readonly'],
      expiresInSeconds: 60,
    });
    const token = minted.body.accessToken;
    expect((await call(sandbox, 'GET', pipelines, { token })).status).toBe(200);
    await control('POST', `/locations/${sandbox.locationId}/uninstall`);
    expect((await call(sandbox, 'GET', pipelines, { token })).status).toBe(401);
    expect(sandbox.context.webhooks.log().map(({ type }) => type)).toContain('UNINSTALL');
  });

  it('rotates a private token, and the old one works for a while', async () => {
    const { accessToken: old } = sandbox.mintToken({ private: true });
    expect(old).toMatch(/^pit-/);
    const { body } = await control('POST', '/tokens/rotate', { accessToken: old });
    for (const token of [old, body.accessToken]) {
      expect((await call(sandbox, 'GET', pipelines, { token })).status).toBe(200);
    }
    sandbox.moveClock({ by: 7 * 86_400_000 });
    expect((await call(sandbox, 'GET', pipelines, { token: old })).status).toBe(401);
    expect((await call(sandbox, 'GET', pipelines, { token: body.accessToken })).status).toBe(200);
    const other = `/opportunities/pipelines?locationId=${sandbox.seeded.other.locationId}`;
    expect((await call(sandbox, 'GET', other, { token: body.accessToken })).status).toBe(403);
    expect((await control('POST', '/tokens/rotate', { accessToken: sandbox.accessToken })).status).toBe(400);
  });

  it('lets a person leave and write a note', async () => {
    const users = `/users/search?companyId=${sandbox.companyId}`;
    const userId = sandbox.seeded.users['Marcus Boyd'] ?? '';
    await control('DELETE', `/users/${userId}`);
    expect((await call(sandbox, 'GET', users)).body.count).toBe(2);
    expect((await call(sandbox, 'GET', `/users/${userId}`)).body.deleted).toBe(true);
    const [contactId = ''] = sandbox.seeded.contactIds;
    const note = await control('POST', '/notes', { contactId, body: 'By hand' });
    expect(note.body).toMatchObject({ body: 'By hand', userId: null });
    expect(sandbox.webhooks.log().map(({ type }) => type)).toEqual(['NoteCreate']);
    expect((await control('POST', '/notes', { contactId: 'none', body: 'x' })).status).toBe(404);
  });

  it('plays the salesperson: the same events as by the API', async () => {
    const [id = ''] = sandbox.seeded.opportunityIds;
    const stages = Object.values(sandbox.seeded.pipelines.Sales?.stages ?? {});
    const pipelineStageId = stages.find((stage) => stage !== sandbox.opportunity(id).pipelineStageId);
    const changed = await control('POST', `/opportunities/${id}`, { pipelineStageId, assignedTo: null });
    expect(changed.body).toMatchObject({ pipelineStageId, assignedTo: null });
    expect(sandbox.context.webhooks.log().map(({ type }) => type)).toEqual([
      'OpportunityUpdate',
      'OpportunityStageUpdate',
      'OpportunityAssignedToUpdate',
    ]);
    expect((await control('DELETE', `/opportunities/${id}`)).status).toBe(200);
    expect((await control('GET', `/opportunities/${id}`)).status).toBe(404);
  });

  it('makes an opportunity old without an event', async () => {
    const [id = ''] = sandbox.seeded.opportunityIds;
    const old = '2020-01-01T00:00:00.000Z';
    const edited = await control('PATCH', `/opportunities/${id}`, { lastStageChangeAt: old, updatedAt: old });
    expect(edited.body).toMatchObject({ id, lastStageChangeAt: old, updatedAt: old });
    expect(sandbox.context.webhooks.log()).toEqual([]);
    expect((await control('PATCH', `/opportunities/${id}`, { updatedAt: 'yesterday' })).status).toBe(422);
  });

  it('imports many opportunities at once', async () => {
    const { body } = await control('POST', '/import', { count: 1000, monetaryValue: 10 });
    expect(new Set(body.ids).size).toBe(1000);
    expect(sandbox.counts().opportunities).toBe(30 + 1 + 1000);
    const answer = await call(sandbox, 'GET', `/opportunities/search?locationId=${sandbox.locationId}`);
    expect(answer.body.meta.total).toBe(1030);
    expect(sandbox.context.webhooks.log()).toHaveLength(2000);
  });

  it('answers nobody who comes by another name', async () => {
    const { port } = new URL(sandbox.url);
    const path = '/_sandbox/state';
    // Not fetch, which does not let its caller choose the Host.
    const [response] = await once(
      get({ port, path, host: '127.0.0.1', headers: { host: 'evil.example' } }),
      'response',
    );
    response.resume();
    expect(response.statusCode).toBe(403);
  });

  it('does not count against the rate limit', async () => {
    for (let i = 0; i < 120; i += 1) await control('GET', '/state');
    const { status, headers } = await call(sandbox, 'GET', pipelines);
    expect([status, headers.get('x-ratelimit-remaining')]).toEqual([200, '99']);
  });
});

describe('the state file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
  const stateFile = join(folder, 'state.json');
  afterAll(() => rmSync(folder, { recursive: true }));

  it('brings records, tokens and the signing key back, and is nobody else’s to read', async () => {
    const first = await startSandbox({ stateFile });
    const [id = ''] = first.seeded.opportunityIds;
    first.changeOpportunity(id, { name: 'Kept' });
    const { refreshToken } = first.mintToken();
    await first.close();
    expect(readdirSync(folder)).toEqual(['state.json']);
    expect(statSync(stateFile).mode & 0o777).toBe(0o600);

    const second = await startSandbox({ stateFile });
    try {
      expect(second.opportunity(id).name).toBe('Kept');
      expect([second.locationId, second.publicKeyPem]).toEqual([first.locationId, first.publicKeyPem]);
      expect((await call(second, 'GET', `/opportunities/${id}`, { token: first.accessToken })).status).toBe(
        200,
      );
      const response = await fetch(`${second.url}/oauth/token`, {
        method: 'POST',
        body: new URLSearchParams({
          client_id: second.clientId,
          client_secret: second.clientSecret,
          grant_type: 'refresh_token',
          refresh_token: refreshToken ?? '',
        }),
      });
      expect((await answerOf(response)).status).toBe(200);
    } finally {
      await second.close();
    }
  });

  it('is saved soon after a change', async () => {
    const sandbox = await startSandbox({ stateFile });
    const before = statSync(stateFile).mtimeMs;
    const [id = ''] = sandbox.seeded.opportunityIds;
    await call(sandbox, 'PUT', `/opportunities/${id}`, { body: { name: 'Saved' } });
    for (let i = 0; i < 50 && statSync(stateFile).mtimeMs === before; i += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(statSync(stateFile).mtimeMs).toBeGreaterThan(before);
    await sandbox.close();
  });

  it('refuses a file that is not its own', async () => {
    const other = join(folder, 'other.json');
    writeFileSync(other, '{"format":99}');
    await expect(startSandbox({ stateFile: other })).rejects.toThrow('not a state file');
  });
});
