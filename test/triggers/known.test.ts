import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import App from '../../index.ts';
import { signIn } from '../../local/demo/scenario.ts';
import { type Sandbox, startSandbox } from '../../local/sandbox/index.ts';
import { type Connection, createRunner, type LiveZap, type Runner } from '../../local/zap-runner/index.ts';
import { freePort } from '../../relay/postgres/free-port.ts';
import { type Relay, readConfig, startRelay } from '../../relay/relay.ts';
import { openPool } from '../../relay/store/db.ts';
import { embeddedUrl, until } from '../relay/support/relay.ts';
import { AMPLE } from '../support/ample.ts';

/** What an instant trigger knows of opportunities that nothing happened to since it was turned on. */
describe('instant triggers, from the start', () => {
  let sandbox: Sandbox;
  let relay: Relay;
  let runner: Runner;
  let connection: Connection;
  let zaps: LiveZap[] = [];
  const dataDir = join(tmpdir(), `relay-${randomUUID()}`);

  beforeAll(async () => {
    sandbox = await startSandbox({ ...AMPLE, opportunities: 1_500 });
    const hookPort = await freePort();
    relay = await startRelay(
      readConfig({
        RELAY_PORT: '0',
        RELAY_DATA_DIR: dataDir,
        HIGHLEVEL_API_URL: sandbox.url,
        HIGHLEVEL_WEBHOOK_PUBLIC_KEYS: sandbox.publicKeyPem,
        RELAY_TARGET_HOSTS: `http://127.0.0.1:${hookPort}`,
        LOG_LEVEL: 'silent',
      }),
    );
    sandbox.setSettings({ webhookUrl: `${relay.url}/webhooks/highlevel` });
    runner = await createRunner({
      app: App,
      hookPort,
      environment: {
        HIGHLEVEL_API_URL: sandbox.url,
        HIGHLEVEL_MARKETPLACE_URL: sandbox.url,
        CLIENT_ID: sandbox.clientId,
        CLIENT_SECRET: sandbox.clientSecret,
        RELAY_URL: relay.url,
      },
    });
    connection = await runner.connect({ browse: signIn(sandbox), fields: { login_host: 'gohighlevel' } });
  }, 60_000);
  afterEach(async () => {
    for (const zap of zaps) await zap.turnOff();
    zaps = [];
  });
  afterAll(async () => {
    await runner.close();
    await relay.close();
    await sandbox.close();
    await rm(dataDir, { recursive: true, force: true });
  }, 60_000);

  const turnOn = async (key: string, input: Record<string, unknown> = {}) => {
    const zap = await runner.turnOn({ name: key, trigger: { key, input }, steps: [] }, connection);
    zaps.push(zap);
    return zap;
  };
  const open = () => [...sandbox.state.opportunities.values()].filter(({ status }) => status === 'open');
  const asked = () => sandbox.context.log.entries.map(({ method, path }) => `${method} ${path}`);

  it('24 of 24 rises of the value arrive, each with what it was before', async () => {
    sandbox.context.log.clear();
    const zap = await turnOn('value_changed_instant', { direction: 'up' });
    const { length } = open();
    expect(length).toBeGreaterThan(500);
    const searches = asked().filter((line) => line === 'POST /opportunities/search');
    expect(searches).toHaveLength(Math.ceil(length / 500));
    const some = open().slice(0, 24);
    const before = some.map(({ id, monetaryValue }) => ({ id, from: monetaryValue ?? 0 }));
    for (const { id, from } of before) sandbox.changeOpportunity(id, { monetaryValue: from + 50 });
    await until(() => zap.tasks.length === 24);
    const came = zap.tasks.map(({ trigger }) => trigger as { id: string; change: object });
    for (const { id, from } of before) {
      expect(came.find((row) => row.id === id)).toMatchObject({
        monetary_value: from + 50,
        change: { from, to: from + 50, from_known: true, recovered: false },
      });
    }
  });

  it('the first move out of a stage counts, of the pipeline that was chosen', async () => {
    const [[first, firstId], [, secondId]] = Object.entries(sandbox.seeded.pipelines.Sales?.stages ?? {}) as [
      [string, string],
      [string, string],
    ];
    const moved = open().find(({ pipelineStageId }) => pipelineStageId === firstId);
    const zap = await turnOn('stage_changed_instant', { pipeline_id: 'Sales', from_stage_id: first });
    sandbox.changeOpportunity(moved?.id ?? '', { pipelineStageId: secondId });
    await until(() => zap.tasks.length === 1);
    expect(zap.tasks[0]?.trigger).toMatchObject({
      id: moved?.id,
      change: { from_name: first, to: secondId },
    });
  });

  it('is on where the opportunities cannot be read to the end, and goes on when the relay asks', async () => {
    sandbox.context.faults.add({
      method: 'POST',
      path: '/opportunities/search',
      skip: 1,
      times: 50,
      status: 500,
    });
    const zap = await turnOn('status_changed_instant');
    sandbox.context.faults.clear();
    const pool = openPool(embeddedUrl(dataDir), () => undefined, 1);
    const waiting = () => pool.db.query<{ before: Date }>('select before_at as before from relay.readings');
    expect(await waiting()).toEqual([{ before: expect.any(Date) }]);
    // The oldest comes last.
    const oldest = open().sort((a, b) => a.createdAt.localeCompare(b.createdAt))[0];
    sandbox.context.log.clear();
    await pool.db.query(`update relay.readings set due_at = now()`);
    await until(async () => (await waiting()).length === 0);
    await pool.close();
    expect(asked().filter((line) => line === 'POST /opportunities/search')).toHaveLength(1);
    sandbox.changeOpportunity(oldest?.id ?? '', { status: 'won' });
    await until(() => zap.tasks.length > 0);
    expect(zap.tasks.map(({ trigger }) => trigger)).toMatchObject([
      { id: oldest?.id, change: { from: 'open', to: 'won', from_known: true } },
    ]);
    expect(zap.lost).toEqual([]);
  });
});
