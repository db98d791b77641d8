import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { readConfig, startRelay } from '../../../relay/relay.ts';
import { openPool } from '../../../relay/store/db.ts';
import {
  call,
  capturedLog,
  metricsOf,
  opportunityEvent,
  STORES,
  sendWebhook,
  startTestRelay,
  type TestRelay,
  until,
  watchLocation,
} from '../support/relay.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function start(store: (typeof STORES)[number]): Promise<TestRelay> {
  const relay = await startTestRelay(store);
  ends.push(relay.stop);
  return relay;
}

const ready = (url: string) => call(`${url}/readyz`);

it('says so when events that were acknowledged are not processed', async () => {
  const relay = await start(STORES[0]);
  expect(await ready(relay.url)).toMatchObject({ status: 200, body: { status: 'ready' } });
  const event = opportunityEvent();
  await watchLocation(relay.db, String(event.locationId));
  const pool = openPool(relay.databaseUrl, () => undefined, 1);
  const blocking = pool.db.transaction(async (tx) => {
    await tx.query('lock table relay.opportunities in access exclusive mode');
    await tx.query('select pg_sleep(4)');
  });
  await pause(200);
  expect(await sendWebhook(relay, event)).toMatchObject({ body: { status: 'stored' } });
  expect(await ready(relay.url)).toMatchObject({ status: 200 });
  // The batch under way holds its events with no lock that keeps others from telling when they came.
  await relay.db.query(`update relay.events set received_at = now() - interval '16 seconds'`);
  expect(await ready(relay.url)).toMatchObject({ status: 503, body: { status: 'events are not processed' } });
  await blocking;
  await pool.close();
  await relay.idle();
  expect(await ready(relay.url)).toMatchObject({ status: 200, body: { status: 'ready' } });
});

it('is not ready while the database cannot write, and is again when it can, without an event that tries', async () => {
  const relay = await start(STORES[1]);
  await relay.db.query(`create function full_disk() returns trigger language plpgsql as $$ begin
    raise exception 'could not extend file: No space left on device' using errcode = 'disk_full'; end $$`);
  await relay.db.query(
    'create trigger full_disk before insert on relay.seen_events execute function full_disk()',
  );
  expect(await sendWebhook(relay, opportunityEvent())).toMatchObject({
    status: 429,
    body: { status: 'disk_full' },
  });
  expect(await metricsOf(relay.url)).toMatch(/relay_events_refused_total\{reason="disk_full"\} 1$/m);
  for (let time = 0; time < 2; time++) {
    expect(await ready(relay.url)).toMatchObject({ status: 503, body: { status: 'disk full' } });
  }
  await relay.db.query('drop trigger full_disk on relay.seen_events');
  expect(await ready(relay.url)).toMatchObject({ status: 200, body: { status: 'ready' } });
  expect(await relay.db.query('select from relay.seen_events')).toEqual([]);
});

/** A disk of its own, where this user may mount one. */
function smallDisk(megabytes: number): { path: string; resize(megabytes: number): void } | null {
  const path = mkdtempSync(join(tmpdir(), 'small-disk-'));
  const size = (many: number) => ['-o', `size=${many}m,mode=755`];
  try {
    execFileSync('mount', ['-t', 'tmpfs', ...size(megabytes), 'tmpfs', path], { stdio: 'ignore' });
  } catch {
    rmSync(path, { recursive: true });
    process.stderr.write(
      'A disk of its own cannot be mounted here: the tests on a full disk are left out.\n',
    );
    return null;
  }
  ends.push(() => {
    execFileSync('umount', [path]);
    rmSync(path, { recursive: true });
  });
  const remount = (many: number) =>
    void execFileSync('mount', ['-o', `remount,size=${many}m`, path], { stdio: 'ignore' });
  return { path, resize: remount };
}

describe('on a full disk', () => {
  const settings = (path: string) => ({ RELAY_PORT: '0', RELAY_DATA_DIR: join(path, 'data') });

  it('is not ready before nothing can be written any more', async () => {
    const disk = smallDisk(300);
    if (!disk) return;
    const relay = await startRelay(readConfig(settings(disk.path)), { log: capturedLog().log });
    ends.push(relay.close);
    expect(await ready(relay.url)).toMatchObject({ status: 200 });
    const filler = join(disk.path, 'filler');
    for (let part = 0; ; part++) {
      if ((await ready(relay.url)).status === 503) break;
      writeFileSync(`${filler}${part}`, Buffer.alloc(10_000_000));
      expect(part).toBeLessThan(25);
    }
    expect(await ready(relay.url)).toMatchObject({ status: 503, body: { status: 'disk full' } });
    for (let part = 0; part < 8; part++) rmSync(`${filler}${part}`, { force: true });
    await until(async () => (await ready(relay.url)).status === 200);
  });

  it('a first start fails, and one after there is room does not', async () => {
    const disk = smallDisk(30);
    if (!disk) return;
    const config = readConfig(settings(disk.path));
    await expect(startRelay(config, { log: capturedLog().log })).rejects.toThrow(/No space left on device/);
    disk.resize(300);
    const relay = await startRelay(config, { log: capturedLog().log });
    ends.push(relay.close);
    expect(await ready(relay.url)).toMatchObject({ status: 200 });
  });

  it('a first start without room for a single byte can be mended as well', async () => {
    const disk = smallDisk(1);
    if (!disk) return;
    writeFileSync(join(disk.path, 'filler'), '');
    try {
      writeFileSync(join(disk.path, 'filler'), Buffer.alloc(2_000_000));
    } catch {
      // That is the point.
    }
    const config = readConfig(settings(disk.path));
    await expect(startRelay(config, { log: capturedLog().log })).rejects.toThrow(
      /^The embedded PostgreSQL does not start: .*ENOSPC: no space left on device/,
    );
    disk.resize(300);
    const relay = await startRelay(config, { log: capturedLog().log });
    ends.push(relay.close);
    expect(await ready(relay.url)).toMatchObject({ status: 200 });
  });
});
