/** No operation shows an output that it can never fill: whoever maps that gets nothing, for ever. */

import { afterAll, describe, expect, it } from '@jest/globals';
import { inputsOf } from '../support/all-inputs.ts';
import type { Run } from '../support/operation.ts';
import { operationsOf, outputsOf, type Placed } from './definition.ts';
import { connectForExamples, deliveryFor, exampleFor, giveFurtherContacts } from './examples.ts';
import { readDefinition } from './read.ts';
import { describedPaths, valuesAt } from './values.ts';

const connection = await connectForExamples();
const { sandbox } = connection;
const app = await readDefinition(connection);
const shown = operationsOf(app).filter(({ display }) => !display.hidden);
afterAll(() => connection.close());

/** These say what was not done as asked; the actions' own tests have HighLevel do so. */
const OF_TROUBLE = ['notice', 'not_kept'];

/**
 * Leaves no record with an empty field, so that what an operation gives depends on it alone. No opportunity is lost in
 * the first round, and each in the second.
 */
function fillRecords(round: number): void {
  const { seeded, state } = sandbox;
  const [reason] = Object.values(seeded.lostReasons);
  for (const one of state.opportunities.values()) {
    Object.assign(one, {
      assignedTo: one.assignedTo ?? seeded.installerId,
      source: one.source ?? 'Webinar',
      followers: Object.values(seeded.users),
      ...(round === 2
        ? { status: 'lost', lostReasonId: reason }
        : { status: one.status === 'lost' ? 'open' : one.status, lostReasonId: null }),
      forecastProbability: 60,
      forecastExpectedCloseDate: '2026-12-31',
    });
  }
  for (const one of state.contacts.values()) {
    Object.assign(one, {
      email: one.email ?? `${one.id}@example.com`,
      phone: one.phone ?? `+1202555${String(1000 + [...state.contacts.keys()].indexOf(one.id))}`,
      companyName: one.companyName ?? 'Harbor Cafe',
      assignedTo: one.assignedTo ?? seeded.installerId,
      source: one.source ?? 'Webinar',
      tags: one.tags.length > 0 ? one.tags : ['newsletter'],
      details: {
        address1: '12 Pier Road',
        city: 'Portland',
        state: 'ME',
        postalCode: '04101',
        country: 'US',
        website: 'https://harborcafe.example.com',
        dateOfBirth: '1988-04-17',
        ...one.details,
      },
    });
  }
  giveFurtherContacts(sandbox);
  for (const one of state.notes.values()) one.title ??= 'Call summary';
  for (const one of state.tasks.values()) one.body ??= 'Bring the plans.';
}

/** What it answers to all that its own test runs it with, twice: what a first run creates, a second one finds. */
async function answersOf(one: Placed): Promise<unknown[]> {
  const delivery = deliveryFor(one, sandbox);
  const answers: unknown[] = [];
  for (const round of [1, 2]) {
    const { all, least } = inputsOf(one.mapKey)?.runs(sandbox) ?? { all: [], least: [] };
    const example: Run = { inputData: exampleFor(one, sandbox) };
    const runs: Run[] =
      one.operation.type === 'hook'
        ? [{ ...example, bundle: { cleanedRequest: delivery } }]
        : [example, ...all, ...least];
    for (const { inputData = {}, meta = {}, bundle = {}, fault } of runs) {
      if (fault) continue;
      fillRecords(round);
      const answer = connection.run<unknown>(`${one.place}.operation.perform`, inputData, { meta, bundle });
      // A second run may be refused what the first one did, such as a deletion.
      answers.push(...[await answer.catch(() => [])].flat());
    }
  }
  return answers;
}

const isSomething = (value: unknown) => value !== null && value !== undefined && String(value) !== '';

describe('each output that is shown has a value in some answer', () => {
  it.each(shown.map((one) => [one.place, one] as const))('of %s', async (_place, one) => {
    const answers = await answersOf(one);
    expect(answers.length).toBeGreaterThan(0);
    const empty = [...describedPaths(outputsOf(one))]
      .filter(
        ([path, { ofAccount }]) =>
          !ofAccount && !path.includes('custom_fields') && !OF_TROUBLE.includes(path),
      )
      .filter(([path]) => !answers.some((answer) => valuesAt(answer, path).some(isSomething)));
    expect(empty.map(([path]) => path)).toEqual([]);
  });
});
