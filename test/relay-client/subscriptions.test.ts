import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import nock from 'nock';
import { type Connection, connect, errorOf, sentenceOf } from '../support/connection.ts';

const RELAY = 'http://relay.test';

describe('the relay, as the instant triggers ask it', () => {
  let connection: Connection;
  const call = (key: string, member: string, input: Record<string, unknown> = {}, bundle: object = {}) =>
    connection.run<unknown>(`triggers.${key}.operation.${member}`, input, {
      bundle: { targetUrl: 'https://hooks.zapier.com/hooks/standard/1/a/', ...bundle },
    });

  beforeAll(async () => {
    process.env.RELAY_URL = RELAY;
    connection = await connect({ opportunities: 3 });
  });
  afterAll(async () => {
    delete process.env.RELAY_URL;
    await connection.close();
  });
  afterEach(() => nock.cleanAll());

  it('says in words that it does not answer, and which trigger does the same', async () => {
    nock(RELAY).post('/subscriptions').replyWithError(new Error('refused'));
    expect(sentenceOf(await errorOf(call('new_opportunity_instant', 'performSubscribe')))).toBe(
      'The Zap could not be turned on: the server behind the instant triggers did not answer. ' +
        'Use the trigger "New Opportunity" instead: it does the same, a few minutes later.',
    );
  });

  it('fails to end a subscription of which it hears nothing, and lets a gone one go', async () => {
    const bundle = { subscribeData: { id: 's1' } };
    nock(RELAY).delete('/subscriptions/s1').replyWithError(new Error('reset'));
    const error = await errorOf(call('new_note_instant', 'performUnsubscribe', {}, bundle));
    expect(sentenceOf(error)).toMatch(/could not be turned off for good: the server .* did not answer/);
    nock(RELAY)
      .delete('/subscriptions/s1')
      .reply(404, { error: 'unknown', message: 'No such subscription.' });
    expect(await call('new_note_instant', 'performUnsubscribe', {}, bundle)).toEqual({});
  });

  it.each([
    [{ min_value: 'lots' }, /^New Value at Least: "lots" is not a number/],
    [{ direction: 'sideways' }, /^Direction: "sideways" is not one of the choices/],
    [{ pipeline_id: 'Nope' }, /^Pipeline: there is no pipeline called "Nope"/],
  ])('subscribes to nothing for a filter that it cannot read: %j', async (input, sentence) => {
    const error = await errorOf(call('value_changed_instant', 'performSubscribe', input));
    expect(sentenceOf(error)).toMatch(sentence);
    // Halted would hide from a person why their Zap never starts.
    expect(error.name).not.toBe('HaltedError');
  });

  it('sends what was chosen, by value or by label', async () => {
    const asked = nock(RELAY)
      .post('/subscriptions', (body) => {
        expect(body.filters).toEqual({ valueDirection: 'up', minValue: 1000 });
        return true;
      })
      .reply(201, { id: 's2' });
    const input = { direction: 'the value rises', min_value: '1,000' };
    expect(await call('value_changed_instant', 'performSubscribe', input)).toEqual({ id: 's2' });
    expect(asked.isDone()).toBe(true);
  });
});
