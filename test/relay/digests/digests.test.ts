import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createLog } from '../../../relay/log.ts';
import { startRetention } from '../../../relay/store/retention.ts';
import { keyedDigest } from '../../../relay-client/digest.ts';
import { call } from '../support/relay.ts';
import { type Setup, startSetup } from '../support/setup.ts';

let setup: Setup;

beforeAll(async () => {
  setup = await startSetup();
});
afterAll(() => setup.close());

const post = (path: string, body: object, token: string | undefined = setup.sandbox.accessToken) =>
  call(`${setup.relay.url}${path}`, { method: 'POST', body, token });

const digestsOf = (values: Record<string, string>, secret = 'a secret of the app') =>
  Object.fromEntries(
    Object.entries(values).map(([fieldId, value]) => [
      fieldId,
      keyedDigest(secret, { locationId: setup.sandbox.locationId, opportunityId: 'o1', fieldId }, value),
    ]),
  );

let minute = 0;
/** What a Zap asks for a delivery, each at a later moment than the one before. */
const ask = async (
  subscription: string,
  values: Record<string, string>,
  over: object = {},
  secret?: string,
) => {
  minute += 1;
  const { body } = await post('/digests', {
    locationId: setup.sandbox.locationId,
    subscription,
    delivery: randomUUID(),
    opportunityId: 'o1',
    at: new Date(Date.UTC(2026, 10, 21, 12, minute)).toISOString(),
    digests: digestsOf(values, secret),
    ...over,
  });
  return body.changed;
};

const newZap = (filters = {}) => setup.subscribe('opportunity_changed', `zap${randomUUID()}`, filters);

describe('POST /digests', () => {
  test('names the fields that differ from what this Zap knew, and of the first sight none', async () => {
    const zap = await newZap();
    const other = await newZap();
    expect(await ask(zap, { name: 'A', source: 'web' })).toEqual([]);
    expect(await ask(zap, { name: 'B', source: 'web' })).toEqual(['name']);
    expect(await ask(zap, { name: 'B', source: 'web' })).toEqual([]);
    expect(await ask(other, { name: 'B' })).toEqual([]);
    expect(await ask(zap, { name: 'C', source: 'fair' })).toEqual(['name', 'source']);
    expect(await ask(other, { name: 'C' })).toEqual(['name']);
    // A field that is told for the first time, or no longer, changed nothing.
    expect(await ask(zap, { name: 'C', owner_id: 'u1' })).toEqual([]);
    expect(await ask(zap, { source: 'web' })).toEqual(['source']);
  });

  test('answers the same delivery the same, whatever came between', async () => {
    const zap = await newZap();
    const delivery = randomUUID();
    await ask(zap, { name: 'A' });
    expect(await ask(zap, { name: 'B' }, { delivery })).toEqual(['name']);
    expect(await ask(zap, { name: 'C' })).toEqual(['name']);
    expect(await ask(zap, { name: 'C' }, { delivery })).toEqual(['name']);
  });

  test('takes what was read before something newer for no change', async () => {
    const zap = await newZap();
    await ask(zap, { name: 'A' });
    await ask(zap, { name: 'B' });
    expect(await ask(zap, { name: 'A' }, { at: '2026-11-21T12:00:00.000Z' })).toEqual([]);
    expect(await ask(zap, { name: 'B' })).toEqual([]);
  });

  test('tells nothing by a new secret, and goes on with it', async () => {
    const zap = await newZap();
    await ask(zap, { name: 'A' });
    expect(await ask(zap, { name: 'A' }, {}, 'another secret')).toEqual([]);
    expect(await ask(zap, { name: 'B' }, {}, 'another secret')).toEqual(['name']);
  });

  test('leaves out what the app said it would write, once, for a Zap that asks so', async () => {
    const [still, every] = [await newZap({ ignoreOwn: true }), await newZap()];
    const both = async (values: Record<string, string>) => [
      await ask(still, values),
      await ask(every, values),
    ];
    const { locationId } = setup.sandbox;
    await both({ name: 'A', source: 'web' });
    const { name = '' } = digestsOf({ name: 'B' });
    await post('/writes', { locationId, opportunityId: 'o1', fields: {}, digests: { name: [name] } });
    expect(await both({ name: 'B', source: 'fair' })).toEqual([['source'], ['name', 'source']]);
    expect(await both({ name: 'C', source: 'fair' })).toEqual([['name'], ['name']]);
    expect(await both({ name: 'B', source: 'fair' })).toEqual([['name'], ['name']]);
  });

  test('is for those who may subscribe there, and takes digests alone', async () => {
    const zap = await newZap();
    const body = {
      locationId: setup.sandbox.locationId,
      subscription: zap,
      delivery: randomUUID(),
      opportunityId: 'o1',
      at: '2026-11-21T12:00:00.000Z',
      digests: {},
    };
    expect(await post('/digests', body, 'garbage')).toMatchObject({ status: 401 });
    expect(await post('/digests', { ...body, locationId: 'another' })).toMatchObject({ status: 403 });
    expect(await post('/digests', { ...body, subscription: 'nobody' })).toMatchObject({ status: 404 });
    expect(await post('/digests', { ...body, digests: { name: 'Kim Doyle' } })).toMatchObject({
      status: 400,
    });
  });

  test('are forgotten with the Zap', async () => {
    const zap = await newZap();
    await ask(zap, { name: 'A' });
    const count = async () =>
      (
        await setup.db.query<{ n: number }>(
          `select count(*)::int as n from relay.digests
           where queue_id = (select queue_id from relay.subscriptions where id = $1)`,
          [zap],
        )
      )[0]?.n;
    const retention = startRetention(setup.db, createLog('silent'), 3_600_000);
    await retention.step();
    expect(await count()).toBe(1);
    await setup.unsubscribe(zap);
    await retention.step();
    expect(await count()).toBe(0);
    await retention.stop();
  });
});
