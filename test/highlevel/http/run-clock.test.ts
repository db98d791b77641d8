/** Zapier ends a step after 30 s without a word; what HighLevel saves after that, it saves for nobody. */

import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { runClock } from '../../../highlevel/http/run-clock.ts';
import { AMPLE } from '../../support/ample.ts';
import { type Connection, connect, errorOf, sentenceOf } from '../../support/connection.ts';

afterEach(() => {
  jest.restoreAllMocks();
});

describe('the clock of a run', () => {
  const at = (elapsed: number) => {
    const now = jest.spyOn(Date, 'now').mockReturnValue(0);
    const clock = runClock();
    now.mockReturnValue(elapsed);
    return [clock.forRead(), clock.forWrite()];
  };

  it.each([
    [0, [20_000, 20_000]],
    [8_500, [20_000, 20_000]],
    [12_000, [16_500, 16_500]],
    [20_500, [8_000, 8_000]],
    [20_501, [7_999, 0]],
    [28_000, [500, 0]],
    [28_001, [0, 0]],
  ])('after %i ms a read and a write may take %p', (elapsed, left) => {
    expect(at(elapsed)).toEqual(left);
  });
});

describe('a step whose look-ups were slow', () => {
  let connection: Connection;
  beforeAll(async () => {
    connection = await connect({ opportunities: 0, ...AMPLE });
  });
  afterAll(() => connection.close());

  it('does not begin a write that may not end in time, and says so', async () => {
    const real = Date.now;
    let late = 0;
    jest.spyOn(Date, 'now').mockImplementation(() => real() + late);
    connection.sandbox.fault({ method: 'GET', path: '/opportunities/pipelines', hangMs: 300 });
    setTimeout(() => {
      late = 22_000;
    }, 150);
    const input = { contact_id: connection.sandbox.seeded.contactIds[0], pipeline_id: 'Sales', name: 'Late' };
    const error = await errorOf(connection.run('creates.create_opportunity.operation.perform', input));
    expect(sentenceOf(error)).toBe(
      'HighLevel answered so slowly that there was no time left to create the opportunity: Zapier gives a step 30 seconds. ' +
        'The request was not sent. Replay this step, or let Zapier do so.',
    );
    expect(connection.requests().filter((request) => request.startsWith('POST'))).toEqual([]);
  });

  it('is no run that may have done it: what cannot be looked for is sent when the step runs again', async () => {
    const real = Date.now;
    let late = 0;
    jest.spyOn(Date, 'now').mockImplementation(() => real() + late);
    const [contact_id] = connection.sandbox.seeded.contactIds;
    const [workflow] = [...connection.sandbox.state.workflows.values()];
    const add = () =>
      connection.run('creates.add_to_workflow.operation.perform', { contact_id, workflow_id: workflow?.id });
    connection.sandbox.fault({ method: 'GET', path: `/contacts/${contact_id}`, hangMs: 300 });
    setTimeout(() => {
      late = 22_000;
    }, 150);
    expect(sentenceOf(await errorOf(add()))).toMatch(/The request was not sent\. Replay this step/);
    expect(await add()).toMatchObject({ contact_id, workflow_id: workflow?.id });
  });
});
