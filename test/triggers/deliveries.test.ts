import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import App from '../../index.ts';
import { type Connection, connect, errorOf, sentenceOf } from '../support/connection.ts';
import { noteDelivery, opportunityDelivery } from '../support/deliveries.ts';

const INSTANT = Object.keys(App.triggers).filter((key) => key.endsWith('_instant'));

describe('what an instant trigger is sent', () => {
  let connection: Connection;
  beforeAll(async () => {
    connection = await connect({ opportunities: 3 });
  });
  afterAll(() => connection.close());

  const perform = (key: string, cleanedRequest?: unknown) =>
    connection.run<unknown>(`triggers.${key}.operation.perform`, {}, { bundle: { cleanedRequest } });

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
      expect(sentenceOf(error)).toBe('The relay sent something this trigger cannot read.');
    }
  });

  it('about an opportunity that is gone is nothing', async () => {
    expect(await perform('stage_changed_instant', opportunityDelivery('stage_changed', 'o1'))).toEqual([]);
  });

  it.each(INSTANT)('%s: invoked by hand, without a hook, it shows its list', async (key) => {
    const list = await connection.run(`triggers.${key}.operation.performList`);
    expect(await perform(key)).toEqual(list);
  });
});
