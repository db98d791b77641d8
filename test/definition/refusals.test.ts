/** A refusal names the very field in which stands what it refuses, by the label that the Zap editor shows. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sentenceOf } from '../support/connection.ts';
import { type Field, inputsOf, operationsOf, type Placed } from './definition.ts';
import { connectForExamples, exampleFor } from './examples.ts';
import { readDefinition } from './read.ts';

/** No name, number, day, address, choice or ID; and what stands for a value that was lost, which no text field saves. */
const REFUSED = ['zzz §?', '#REF!'];

/** They are refused for what is not in another field, whose label comes first. */
const OF_PAIRS = ['search_field', 'search_field_value'];

/** What an example fills in that cannot stand beside another field. */
const EMPTIED: Record<string, Record<string, string>> = { 'creates.remove_followers': { remove_all: '' } };

const connection = await connectForExamples();
const app = await readDefinition(connection);
const shown = operationsOf(app).filter(({ display }) => !display.hidden);

beforeAll(() => {
  // Nobody answers there: what is not refused before the relay is asked is not of this test.
  process.env.RELAY_URL = 'http://127.0.0.1:9';
});
afterAll(async () => {
  delete process.env.RELAY_URL;
  await connection.close();
});

async function refusalOf(one: Placed, { key }: Field, text: string): Promise<string | null> {
  const isTested = inputsOf(one).some((field) => field.key === 'test_mode');
  const input = {
    ...exampleFor(one, connection.sandbox),
    ...EMPTIED[one.place],
    ...(isTested ? { test_mode: 'yes' } : {}),
    [key]: text,
  };
  const method = one.operation.type === 'hook' ? 'performSubscribe' : 'perform';
  const run = connection.run(`${one.place}.operation.${method}`, input, {
    bundle: { targetUrl: 'https://hooks.zapier.com/hooks/standard/1/a/' },
  });
  return run.then(
    () => null,
    (error: Error) => sentenceOf(error),
  );
}

const placed = shown.flatMap((one) =>
  inputsOf(one)
    .filter(({ key, type }) => type !== 'copy' && !OF_PAIRS.includes(key))
    .map((field) => [one.place, field.key, one, field] as const),
);

describe('what is refused is named', () => {
  it.each(placed)('%s: %s', async (_place, _key, one, field) => {
    for (const text of REFUSED) {
      const sentence = await refusalOf(one, field, text);
      // Any text will do, or the relay was asked.
      if (sentence === null || sentence.startsWith('The Zap could not be turned on')) continue;
      expect(sentence.slice(0, `${field.label}: `.length)).toBe(`${field.label}: `);
      expect(sentence).toContain(`"${text}"`);
    }
  });

  it('in most fields', () => {
    expect(placed.length).toBeGreaterThan(300);
  });
});
