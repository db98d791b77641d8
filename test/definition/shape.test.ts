/** One shape: whichever way a record reaches a Zap, it has the keys that the Zap was built on (T004, T006). */

import { afterAll, describe, expect, it } from '@jest/globals';
import { type Field, operationsOf } from './definition.ts';
import { connectForExamples, deliveryFor, exampleFor } from './examples.ts';
import { readDefinition } from './read.ts';
import { isCustom, isOfRows, pathsIn } from './values.ts';

const connection = await connectForExamples();
const app = await readDefinition(connection);
const shown = (...shelves: Parameters<typeof operationsOf>[1][]) =>
  operationsOf(app, ...shelves)
    .filter(({ display }) => !display.hidden)
    .map((one) => [one.place, one] as const);
afterAll(() => connection.close());

/** The person's own fields, and what is in rows alone, differ from record to record; that own fields are under one key does not. */
const shapeOf = (row: Record<string, unknown>): string[] =>
  [
    ...new Set(
      pathsIn(row)
        .filter((path) => !isOfRows(path))
        .map((path) => (isCustom(path) ? path.replace(/(custom_fields|^answer).*/, '$1') : path)),
    ),
  ].sort();

type Way = [name: string, method: string, rest: Parameters<typeof connection.run>[2]];

const waysOf = (place: string): Record<string, Way[]> => ({
  polling: [
    ['a poll', 'perform', {}],
    ['a sample', 'perform', { meta: { isLoadingSample: true } }],
    ['the poll that turns a Zap on', 'perform', { meta: { isPopulatingDedupe: true } }],
  ],
  hook: [
    ['a sample', 'performList', {}],
    ['a delivery', 'perform', { bundle: { cleanedRequest: deliveryFor({ place }, connection.sandbox) } }],
  ],
});

describe.each(shown('triggers'))('%s', (place, { operation, ...one }) => {
  it.each(
    waysOf(place)[operation.type ?? ''] ?? [],
  )('gives the keys of its sample by %s', async (_way, method, rest) => {
    const input = exampleFor(one, connection.sandbox);
    const rows = await connection.run(`${place}.operation.${method}`, input, rest);
    expect(rows.length).toBeGreaterThan(0);
    const whole = shapeOf(operation.sample ?? {});
    // Rows that only fill the dedupe table start no Zap; thousands of them need no more than what they are told apart by.
    const keys = (rest?.meta?.isPopulatingDedupe && primaryKeys(operation)) || whole;
    for (const row of rows) expect([whole, keys]).toContainEqual(shapeOf(row));
  });
});

function primaryKeys({ outputFields = [] }: { outputFields?: Field[] }): string[] {
  return outputFields.flatMap(({ key, primary }) => (primary ? [key] : [])).sort();
}

describe.each(shown('creates'))('%s', (place, { operation, ...one }) => {
  it('gives the keys of its sample in Test Mode', async () => {
    const input = { ...exampleFor(one, connection.sandbox), test_mode: true };
    const result = await connection.run<Record<string, unknown>>(`${place}.operation.perform`, input);
    expect(result.is_test).toBe(true);
    expect(shapeOf(result)).toEqual(shapeOf(operation.sample ?? {}));
  });
});
