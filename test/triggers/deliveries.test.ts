import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import nock from 'nock';
import App from '../../index.ts';
import { type Connection, connect, errorOf, sentenceOf } from '../support/connection.ts';
import { noteDelivery, opportunityDelivery } from '../support/deliveries.ts';

/** What one of them demands. */
const INPUT = { watched_fields: ['name'] };

const INSTANT = Object.keys(App.triggers).filter((key) => key.endsWith('_instant'));

describe('what an instant trigger is sent', () => {
  let connection: Connection;
  beforeAll(async () => {
    connection = await connect({ opportunities: 3 });
  });
  afterAll(() => connection.close());

  const perform = (key: string, cleanedRequest?: unknown) =>
    connection.run<unknown>(`triggers.${key}.operation.perform`, INPUT, { bundle: { cleanedRequest } });

  it.each(INSTANT)('%s: what cannot be read is an error, and never nothing', async (key) => {
    const unreadable: unknown[] = [
      {},
      'text',
      [],
      null,
      opportunityDelivery(key.startsWith('stage') ? 'owner_changed' : 'stage_changed', 'o1'),
      { ...opportunityDelivery('stage_changed', 'o1'), opportunity_id: null },
      { ...opportunityDelivery('stage_changed', 'o1'), change: {} },
      { ...noteDelivery('n1', 'c1'), snapshot: {} },
    ];
    for (const body of unreadable) {
      const error = await errorOf(perform(key, body));
      expect(sentenceOf(error)).toBe(
        'This trigger was sent something that it cannot read. Tell whoever runs this integration.',
      );
    }
  });

  it.each(INSTANT)('%s: asked to, shows the relay its connection, and starts nothing', async (key) => {
    process.env.RELAY_URL = 'http://relay.test';
    const proof = '6b1f5b3e-8d1e-4d62-9a4e-0d9a7c7d1a11';
    let shown: unknown;
    const { accessToken, locationId } = connection.sandbox;
    nock('http://relay.test', { reqheaders: { authorization: `Bearer ${accessToken}` } })
      .post('/subscriptions/proofs', (body) => {
        shown = body;
        return true;
      })
      .reply(204);
    const asked = { id: 'd1', event: 'prove', location_id: locationId, proof };
    expect(await perform(key, asked)).toEqual([]);
    expect(shown).toEqual({ locationId, proof });
    // The relay asks again tomorrow.
    for (const status of [403, 404, 503]) {
      nock('http://relay.test').post('/subscriptions/proofs').reply(status, { message: 'No' });
      expect(await perform(key, asked)).toEqual([]);
    }
    delete process.env.RELAY_URL;
  });

  it('about an opportunity that is gone is nothing', async () => {
    expect(await perform('stage_changed_instant', opportunityDelivery('stage_changed', 'o1'))).toEqual([]);
  });

  const troubles = [
    { status: 502, times: 9 },
    { status: 500, times: 9 },
    { cut: true, times: 9 },
  ];
  it.each(troubles)('comes again where HighLevel has trouble when it is read: %p', async (trouble) => {
    const [id = ''] = connection.sandbox.seeded.opportunityIds;
    const { contactId } = connection.sandbox.opportunity(id);
    const note = connection.sandbox.addNote(contactId, 'Asked for a quote.');
    for (const [key, body] of [
      ['stage_changed_instant', opportunityDelivery('stage_changed', id)],
      ['new_note_instant', noteDelivery(note.id, contactId)],
    ] as const) {
      connection.sandbox.fault({ method: 'GET', ...trouble });
      const error = await errorOf(perform(key, body));
      connection.sandbox.clearFaults();
      expect(error.name).toBe('ThrottledError');
      expect(sentenceOf(error)).toMatch(/^HighLevel could not read the .*Zapier asks again in 60 seconds\.$/);
      expect(sentenceOf(error)).not.toContain('looks again by itself');
      expect(await perform(key, body)).toHaveLength(1);
    }
  });

  it('comes again within five minutes, though the day’s allowance is used up for hours', async () => {
    const [id = ''] = connection.sandbox.seeded.opportunityIds;
    const headers = { 'retry-after': '30000' };
    connection.sandbox.fault({ method: 'GET', status: 429, body: {}, headers, times: 9 });
    const error = await errorOf(perform('stage_changed_instant', opportunityDelivery('stage_changed', id)));
    connection.sandbox.clearFaults();
    expect(JSON.parse(error.message)).toMatchObject({ delay: 300 });
    expect(sentenceOf(error)).toMatch(/a day\.[^.]* Zapier asks again in 5 minutes\.$/);
    expect(sentenceOf(error)).not.toContain('tries again');
  });

  it.each(INSTANT)('%s: invoked by hand, without a hook, it shows its list', async (key) => {
    const list = await connection.run(`triggers.${key}.operation.performList`, INPUT);
    expect(await perform(key)).toEqual(list);
  });
});
