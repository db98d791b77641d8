/** A trigger and its instant twin filter by the same things, under the same names. */

import { afterAll, describe, expect, it } from '@jest/globals';
import { inputsOf, operationsOf } from './definition.ts';
import { connectForExamples } from './examples.ts';
import { readDefinition } from './read.ts';

const connection = await connectForExamples();
const triggers = operationsOf(await readDefinition(connection), 'triggers');
afterAll(() => connection.close());

const twins = triggers.flatMap((one) => {
  const polled = triggers.find(({ key }) => `${key}_instant` === one.key);
  return polled ? [[polled.key, polled, one] as const] : [];
});

describe.each(twins)('%s and its instant twin', (_key, polled, instant) => {
  const filtersOf = (one: typeof polled) =>
    inputsOf(one)
      .filter(({ type }) => type !== 'copy')
      .map(({ key, label }) => `${key}: ${label}`);

  it('have the same filters', () => {
    // What was before, and who changed it, is known to the relay alone.
    const own = filtersOf(instant).filter((filter) => !/^(from_|ignore_own_changes)/.test(filter));
    expect(own.toSorted()).toEqual(filtersOf(polled).toSorted());
  });
});

it('there are such twins, and both say what a status filter means where a change of it starts the Zap', () => {
  expect(twins.map(([key]) => key)).toEqual(
    expect.arrayContaining(['new_opportunity', 'stage_changed', 'status_changed']),
  );
  for (const key of ['status_changed', 'status_changed_instant']) {
    const trigger = triggers.find((one) => one.key === key);
    const status = trigger && inputsOf(trigger).find((field) => field.key === 'status');
    expect([key, status?.label, status?.helpText]).toEqual([
      key,
      'New Status',
      expect.stringContaining('changed to this status'),
    ]);
  }
});
