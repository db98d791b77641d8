/** What each operation answers in the sandbox, held against what its definition promises (T002 to T005). */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Field, operationsOf, outputsOf, type Placed } from './definition.ts';
import { connectForExamples, deliveryFor, exampleFor } from './examples.ts';
import { readDefinition } from './read.ts';
import { textsIn } from './rules/rule.ts';
import { describedPaths, fits, isCustom, isOfRows, isOtherTime, pathsIn, valuesAt } from './values.ts';

const connection = await connectForExamples();
const app = await readDefinition(connection);
const shown = operationsOf(app).filter(({ display }) => !display.hidden);
const answered = new Map<Placed, Record<string, unknown>[]>();
afterAll(() => connection.close());

async function answersOf({ place, operation }: Placed): Promise<Record<string, unknown>[]> {
  const input = exampleFor({ place }, connection.sandbox);
  const cleanedRequest = deliveryFor({ place }, connection.sandbox);
  const run = (method: string, bundle = {}) =>
    connection.run<unknown>(`${place}.operation.${method}`, input, { bundle });
  if (operation.type !== 'hook') return [await run('perform')].flat() as Record<string, unknown>[];
  const answers = [await run('performList'), await run('perform', { cleanedRequest })];
  return answers.flat() as Record<string, unknown>[];
}

/** A person's own fields are there where a record has a value for them. */
const promised = (one: Placed): [string, Field][] => [...describedPaths(outputsOf(one))];

describe.each(shown.map((one) => [one.place, one] as const))('%s', (_place, one) => {
  let answers: Record<string, unknown>[];
  beforeAll(async () => {
    answers = await answersOf(one);
    answered.set(one, answers);
  });

  it('answers', () => {
    expect(answers.length).toBeGreaterThan(0);
  });

  it('gives every output that it describes, with its type', () => {
    for (const answer of answers) {
      for (const [path, field] of promised(one)) {
        for (const value of valuesAt(answer, path)) {
          if (value === undefined && (isCustom(path) || isOfRows(path))) continue;
          expect({ path, value, missing: value === undefined, fits: fits(value, field) }).toEqual({
            path,
            value,
            missing: false,
            fits: true,
          });
        }
      }
    }
  });

  it('gives nothing that the sample does not show', () => {
    const sample = pathsIn(one.operation.sample ?? {}).filter((path) => !isCustom(path));
    for (const answer of answers) {
      const unknown = pathsIn(answer).filter(
        (path) =>
          !isCustom(path) &&
          !isOfRows(path) &&
          !sample.some((known) => known === path || known.startsWith(`${path}[]`)),
      );
      expect(unknown).toEqual([]);
    }
  });

  it('writes days and times in ISO 8601, times with offset', () => {
    expect(textsIn(answers).filter(({ text }) => isOtherTime(text))).toEqual([]);
  });

  it('tells rows apart by what is marked as primary', () => {
    // Hooks are not deduped, and the one delivery may be among the samples.
    if (one.operation.type === 'hook') return;
    const primary = promised(one).flatMap(([path, field]) => (field.primary ? [path] : []));
    const keys = answers.map((answer) =>
      JSON.stringify((primary.length > 0 ? primary : ['id']).map((path) => valuesAt(answer, path))),
    );
    expect(new Set(keys).size).toBe(answers.length);
  });
});

describe('each output', () => {
  it('has a value in one of the answers at least, so that its type is proven', () => {
    const seen = new Set(
      [...answered].flatMap(([one, answers]) =>
        promised(one)
          .filter(([path]) => answers.some((answer) => valuesAt(answer, path).some(isSomething)))
          .map(nameOf),
      ),
    );
    const all = new Set([...answered.keys()].flatMap((one) => promised(one).map(nameOf)));
    // The sandbox keeps all that it is sent; the action's own test has HighLevel drop something.
    const onlyWhereDropped = ['not_kept (Fields HighLevel Did Not Keep, string)'];
    expect([...all.difference(seen)]).toEqual(onlyWhereDropped);
  });
});

/** Operations that show the same record give its output the same key and label. */
const nameOf = ([path, { label, type }]: [string, Field]) => `${path} (${label}, ${type})`;

const isSomething = (value: unknown) => value !== null && value !== undefined && String(value) !== '';
