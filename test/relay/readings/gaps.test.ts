import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { CatchUpDelivery } from '../../../wire/deliveries.ts';
import { call, metricsOf, until } from '../support/relay.ts';
import { type Setup, startSetup } from '../support/setup.ts';

let setup: Setup;

beforeAll(async () => {
  setup = await startSetup();
});
afterAll(() => setup.close());

const received = (hook: string) => setup.sink.received(hook).map(({ body }) => body);
const asked = (hook: string) =>
  received(hook)
    .map((body) => body as unknown as CatchUpDelivery)
    .filter(({ event }) => event === 'catch_up');
const changes = (hook: string) => received(hook).flatMap(({ change }) => (change ? [change] : []));
/** Only the changes of one opportunity come in order. */
const changesOf = (hook: string, id: string) =>
  received(hook).flatMap(({ change, opportunity_id }) => (change && opportunity_id === id ? [change] : []));

/** As if no relay had taken events, or none had come, for so many minutes. */
const gap = (column: 'taken_at' | 'heard_at', minutes: number) =>
  setup.db.query(`update relay.intake set ${column} = now() - $1 * interval '1 minute'`, [minutes]);
const gapEnd = async () => {
  const [row] = await setup.db.query<{ at: Date | null }>('select gap_ended_at as at from relay.intake');
  return row?.at?.getTime() ?? 0;
};

const report = (reading: string, opportunities: object[], state = 'finished') =>
  call(`${setup.relay.url}/reports`, {
    method: 'POST',
    token: setup.sandbox.accessToken,
    body: { locationId: setup.sandbox.locationId, reading, opportunities, before: null, state },
  });

/** The opportunity as the app would report it now. */
function shown(id: string) {
  const one = setup.sandbox.opportunity(id);
  return {
    id,
    contactId: one.contactId,
    pipelineId: one.pipelineId,
    stageId: one.pipelineStageId,
    status: one.status,
    value: one.monetaryValue ?? null,
    ownerId: one.assignedTo ?? null,
    createdAt: one.createdAt,
    updatedAt: one.updatedAt,
    stageChangedAt: one.lastStageChangeAt,
    statusChangedAt: one.lastStatusChangeAt,
  };
}

/** Changes an opportunity, and no webhook tells of it. */
function changeUnheard(id: string, patch: Parameters<Setup['sandbox']['changeOpportunity']>[1]): void {
  const webhookUrl = `${setup.relay.url}/webhooks/highlevel`;
  setup.sandbox.setSettings({ webhookUrl: null });
  setup.sandbox.moveClock({ by: 1_000 });
  setup.sandbox.changeOpportunity(id, patch);
  setup.sandbox.setSettings({ webhookUrl });
}

describe('a gap', () => {
  let hook = '';
  let subscription = '';
  beforeEach(async () => {
    if (subscription) await setup.unsubscribe(subscription);
    await setup.db.query('delete from relay.readings');
    hook = `gap${randomUUID()}`;
    subscription = await setup.subscribe('stage_changed', hook);
  });

  test('in which no relay took events is noticed, and what changed is asked for, since the last time', async () => {
    const [before] = await setup.db.query<{ at: Date }>('select caught_up_at as at from relay.locations');
    await gap('taken_at', 1);
    await until(() => asked(hook).length === 1);
    const [{ reading } = { reading: null }] = asked(hook);
    expect(reading).toMatchObject({ criteria: {}, before: null });
    expect(Date.parse(reading?.since ?? '')).toBe(Number(before?.at) - 10 * 60_000);
    expect(await metricsOf(setup.relay.url)).toMatch(/relay_gaps_total\{reason="down"\} 1/);
    expect(await metricsOf(setup.relay.url)).toMatch(/relay_last_gap_timestamp_seconds [1-9]/);
    await report(reading?.id ?? '', []);
    await setup.settled();
    const [after] = await setup.db.query<{ at: Date }>('select caught_up_at as at from relay.locations');
    expect(Number(after?.at)).toBeGreaterThan(await gapEnd());
  });

  test('is silence for an hour as well, and nothing shorter', async () => {
    const last = await gapEnd();
    await gap('heard_at', 55);
    await gap('taken_at', 0.05);
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(await gapEnd()).toBe(last);
    await gap('heard_at', 61);
    await until(() => asked(hook).length === 1);
    expect(await metricsOf(setup.relay.url)).toMatch(/relay_gaps_total\{reason="silent"\} 1/);
    await report(asked(hook)[0]?.reading.id ?? '', []);
  });

  test('comes once a day by itself', async () => {
    await setup.db.query('update relay.locations set catch_up_at = now()');
    await until(() => asked(hook).length === 1);
    await report(asked(hook)[0]?.reading.id ?? '', []);
    const [row] = await setup.db.query<{ hours: number }>(
      'select extract(epoch from catch_up_at - now())::float8 / 3600 as hours from relay.locations',
    );
    expect(row?.hours).toBeGreaterThan(23.9);
  });

  test('makes one change of what a reading finds, from what was last known, for those who want it', async () => {
    const { stages } = setup;
    const rising = `rising${randomUUID()}`;
    const other = await setup.subscribe('value_changed', rising, { valueDirection: 'up' });
    const id = await setup.newOpportunity({ pipelineStageId: stages[0], monetaryValue: 100 });
    await setup.settled();
    changeUnheard(id, { pipelineStageId: stages[1], monetaryValue: 150 });
    changeUnheard(id, { pipelineStageId: stages[2], monetaryValue: 200 });
    await gap('taken_at', 1);
    await until(() => asked(hook).length + asked(rising).length === 1);
    const [one] = [...asked(hook), ...asked(rising)];
    await report(one?.reading.id ?? '', [shown(id)]);
    await setup.settled();
    const stage = { field: 'stage', from: stages[0], to: stages[2], from_known: true, recovered: true };
    expect(changes(hook)).toMatchObject([stage]);
    expect(changes(rising)).toMatchObject([{ from: 100, to: 200, from_known: true, recovered: true }]);
    expect(await metricsOf(setup.relay.url)).toMatch(/changes_recovered_total\{event="stage_changed"\} 1/);
    await setup.unsubscribe(other);
  });

  test('leaves no "from" that is called known and may be wrong, until it is caught up', async () => {
    const { stages } = setup;
    const ids = [];
    for (let n = 0; n < 3; n += 1) ids.push(await setup.newOpportunity({ pipelineStageId: stages[0] }));
    const [moved = '', seen = '', quiet = ''] = ids;
    await setup.settled();
    for (const id of [moved, seen]) changeUnheard(id, { pipelineStageId: stages[1] });
    const last = await gapEnd();
    await gap('taken_at', 1);
    await until(async () => (await gapEnd()) > last);
    // The next event of each: one moves on, of the other a person touches the name alone.
    await setup.change(moved, { pipelineStageId: stages[2] });
    await setup.change(seen, { name: 'Touched' });
    await setup.settled();
    const unsure = { from: null, from_known: false, recovered: false };
    expect(changesOf(hook, moved)).toMatchObject([{ ...unsure, to: stages[2] }]);
    expect(changesOf(hook, seen)).toMatchObject([{ ...unsure, to: stages[1] }]);
    // The reading finds nothing new of these, and from then on all is known again.
    await until(() => asked(hook).length === 1);
    await report(asked(hook)[0]?.reading.id ?? '', [shown(moved), shown(seen)]);
    await setup.settled();
    expect(changes(hook)).toHaveLength(2);
    for (const id of [moved, seen, quiet]) await setup.change(id, { pipelineStageId: stages[3] });
    await setup.settled();
    for (const [id, before] of [
      [moved, stages[2]],
      [seen, stages[1]],
      [quiet, stages[0]],
    ] as const) {
      expect(changesOf(hook, id).at(-1)).toMatchObject({ from: before, to: stages[3], from_known: true });
    }
  });

  test('that nobody answers for is asked about again in an hour', async () => {
    await gap('taken_at', 1);
    await until(() => asked(hook).length === 1);
    await setup.db.query('update relay.readings set due_at = now()');
    await until(async () => (await setup.db.query('select from relay.readings')).length === 0);
    const [row] = await setup.db.query<{ minutes: number }>(
      'select extract(epoch from catch_up_at - now())::float8 / 60 as minutes from relay.locations',
    );
    expect(Math.round(row?.minutes ?? 0)).toBe(60);
    expect(asked(hook)).toHaveLength(1);
  });
});
