import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import nock from 'nock';
import { type Connection, connect, errorOf, sentenceOf } from '../support/connection.ts';
import { opportunityDelivery } from '../support/deliveries.ts';

const RELAY = 'http://relay.test';
const DELIVERY = '00000000-0042-8000-9c3a-5d1f0e6b7a21';

describe('which watched fields changed, as the relay is asked', () => {
  let connection: Connection;
  let id = '';
  const perform = () =>
    connection.run<unknown[]>(
      'triggers.opportunity_changed_instant.operation.perform',
      { watched_fields: ['name', 'monetary_value'] },
      {
        bundle: {
          subscribeData: { id: 's1' },
          cleanedRequest: { ...opportunityDelivery('opportunity_changed', id), id: DELIVERY },
        },
      },
    );

  beforeAll(async () => {
    process.env.RELAY_URL = RELAY;
    connection = await connect({ opportunities: 3 });
    id = connection.sandbox.seeded.opportunityIds[0] ?? '';
  });
  afterAll(async () => {
    delete process.env.RELAY_URL;
    await connection.close();
  });
  afterEach(() => nock.cleanAll());

  it('with the delivery, the subscription and digests, and no value', async () => {
    let asked: Record<string, unknown> = {};
    nock(RELAY)
      .post('/digests', (body) => {
        asked = body;
        return true;
      })
      .reply(200, { changed: ['monetary_value'] });
    expect(await perform()).toMatchObject([{ id, changed_fields: ['Value'] }]);
    expect(asked).toMatchObject({
      locationId: connection.sandbox.locationId,
      subscription: 's1',
      delivery: DELIVERY,
      opportunityId: id,
    });
    expect(Object.keys(asked.digests as object).sort()).toEqual(['monetary_value', 'name']);
    const { name, monetaryValue } = connection.sandbox.opportunity(id);
    expect(JSON.stringify(asked)).not.toContain(name);
    expect(JSON.stringify(asked.digests)).not.toContain(String(monetaryValue));
  });

  it('is nothing where none did', async () => {
    nock(RELAY).post('/digests').reply(200, { changed: [] });
    expect(await perform()).toEqual([]);
  });

  it('comes again where the relay cannot be asked, and says so where it refuses', async () => {
    nock(RELAY).post('/digests').replyWithError(new Error('refused'));
    const down = await errorOf(perform());
    expect([down.name, sentenceOf(down)]).toEqual([
      'ThrottledError',
      expect.stringMatching(/^What changed is not known: .*Zapier asks again in 60 seconds\.$/),
    ]);
    nock(RELAY).post('/digests').reply(503, { error: 'unavailable', message: 'The relay is starting.' });
    expect((await errorOf(perform())).name).toBe('ThrottledError');
    nock(RELAY).post('/digests').reply(404, { error: 'x', message: 'There is no such subscription.' });
    expect(sentenceOf(await errorOf(perform()))).toMatch(
      /no such subscription\. If this goes on, turn the Zap off and on/,
    );
  });

  it('is not asked where the Zap could not keep a secret from the relay', async () => {
    const subscribing = connection.run(
      'triggers.opportunity_changed_instant.operation.performSubscribe',
      { watched_fields: ['name'] },
      {
        bundle: { targetUrl: 'https://hooks.zapier.com/hooks/standard/1/a/' },
        environment: { CLIENT_SECRET: '' },
      },
    );
    expect(sentenceOf(await errorOf(subscribing))).toMatch(
      /WATCH_SECRET.*"Opportunity Field Changed" instead/,
    );
  });
});
