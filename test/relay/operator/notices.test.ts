import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type Notices, startNotices } from '../../../relay/operator/notices.ts';
import type { Db } from '../../../relay/store/db.ts';
import { endSubscription } from '../../../relay/subscriptions/subscriptions.ts';
import { capturedLog, STORES, startTestRelay, type TestRelay, watchLocation } from '../support/relay.ts';

let relay: TestRelay;
let receiver: Server;
let url: string;
let status = 200;
const received: { text: string; notices: string[] }[] = [];

beforeAll(async () => {
  receiver = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    if (status === 200) received.push(JSON.parse(text));
    response.writeHead(status).end();
  });
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
  relay = await startTestRelay(STORES[0]);
});

afterAll(async () => {
  await relay.stop();
  receiver.close();
  receiver.closeAllConnections();
});

beforeEach(async () => {
  received.length = 0;
  status = 200;
  await relay.db.query('delete from relay.notices');
  await relay.db.query('delete from relay.subscriptions');
  await relay.db.query('delete from relay.dead_letters');
});

const HOUR_MS = 3_600_000;
const notices = (db: Db = relay.db): Notices => startNotices(db, url, capturedLog().log, HOUR_MS);
const anHourLater = () => relay.db.query(`update relay.notices set told_at = told_at - interval '1 hour'`);

/** Looks for the first time, so that what comes after it is new. */
async function lookedBefore(): Promise<Notices> {
  const looking = notices();
  await looking.step();
  return looking;
}

async function die(locationId: string, why: string): Promise<void> {
  await relay.db.query(
    `insert into relay.dead_letters (id, queue_id, location_id, body, tries, status, why, died_at)
     values (gen_random_uuid(), gen_random_uuid(), $1, '{}', 9, 404, $2, now())`,
    [locationId, why],
  );
}

test('tells once of what needs a person, with what there is to do, and nothing of what people did themselves', async () => {
  const looking = await lookedBefore();
  expect(received).toEqual([]);
  await anHourLater();
  await die('loc1', 'status 404');
  await die('loc1', 'status 404');
  for (const reason of ['gone', 'unsubscribed', 'uninstalled'] as const) {
    await watchLocation(relay.db, `of-${reason}`);
    const [{ id } = { id: '' }] = await relay.db.query<{ id: string }>(
      'select id from relay.subscriptions where location_id = $1',
      [`of-${reason}`],
    );
    await endSubscription(relay.db, id, reason);
  }
  await looking.step();
  expect(received).toHaveLength(1);
  expect(received[0]?.notices).toEqual([
    '2 deliveries of location loc1 were given up (status 404). Once the reason is gone: node relay/operator.ts replay --location loc1',
    '1 subscription of location of-gone ended, because Zapier said that their hooks are gone (410). Turn the Zaps off and on again if they are to go on.',
    '1 subscription of location of-uninstalled ended, because the app was uninstalled there.',
  ]);
  expect(received[0]?.text).toContain('HighLevel relay:\n2 deliveries of location loc1');
  await looking.step();
  expect(received).toHaveLength(1);
  await looking.stop();
});

test('of several relays one tells, and what could not be sent it sends later', async () => {
  const looking = await lookedBefore();
  await anHourLater();
  await die('loc1', 'status 500');
  const others = [notices(), notices(), notices()];
  await Promise.all(others.map((one) => one.step()));
  expect(received).toHaveLength(1);
  await relay.db.query('delete from relay.dead_letters');
  await anHourLater();
  await die('loc2', 'status 500');
  status = 500;
  await expect(looking.step()).rejects.toThrow('status 500');
  status = 200;
  await Promise.all([looking, ...others].map((one) => one.step()));
  expect(received).toHaveLength(2);
  expect(received[1]?.notices).toEqual([expect.stringContaining('loc2')]);
  for (const one of [looking, ...others]) await one.stop();
});

test('tells of a gap in what came', async () => {
  const looking = await lookedBefore();
  await relay.db.query('update relay.intake set down_ended_at = now()');
  await anHourLater();
  await looking.step();
  expect(received.flatMap((one) => one.notices)).toEqual([
    expect.stringMatching(
      /^Until \d{4}-.*Z no relay took events\. What HighLevel does not send again is read anew/,
    ),
  ]);
  await relay.db.query('update relay.intake set down_ended_at = null');
  await looking.stop();
});

test('tells of hooks that keep failing when they become more', async () => {
  const looking = await lookedBefore();
  const fail = async (queue: string, tries: number) => {
    await relay.db.query(
      `insert into relay.deliveries (lane, id, queue_id, body, tries, due_at)
       values ($1, gen_random_uuid(), $2::uuid, '{}', $3, now() + interval '1 hour')`,
      [queue + tries, queue, tries],
    );
    await anHourLater();
    await looking.step();
    return received.splice(0).flatMap((one) => one.notices);
  };
  const [one, two] = [crypto.randomUUID(), crypto.randomUUID()];
  expect(await fail(one, 3)).toEqual([]);
  expect(await fail(one, 4)).toEqual([
    '1 subscription whose hook keeps failing, 0 before. The operator’s page says which, and why.',
  ]);
  expect(await fail(one, 5)).toEqual([]);
  expect(await fail(two, 6)).toMatchObject([expect.stringMatching(/^2 subscriptions .* 1 before/)]);
  await relay.db.query('delete from relay.deliveries');
  await looking.stop();
});

test('says when the database cannot be used, and when it can again', async () => {
  let broken = true;
  const db: Db = {
    query: relay.db.query,
    transaction: (work) =>
      broken ? Promise.reject(new Error('No space left on device')) : relay.db.transaction(work),
  };
  const looking = notices(db);
  for (let time = 0; time < 3; time++) await looking.step();
  expect(received.map((one) => one.notices)).toEqual([
    ['The relay’s database cannot be used: No space left on device.'],
  ]);
  broken = false;
  await looking.step();
  expect(received.at(-1)?.notices).toEqual(['The relay’s database can be used again.']);
  await looking.stop();
});
