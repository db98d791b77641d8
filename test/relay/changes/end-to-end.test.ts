import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openPool } from '../../../relay/store/db.ts';
import type { EventKind } from '../../../wire/kinds.ts';
import { embeddedUrl } from '../support/relay.ts';
import { type Setup, startSetup } from '../support/setup.ts';

let setup: Setup;

beforeAll(async () => {
  setup = await startSetup();
});

afterAll(() => setup.close());

let hooks = 0;
const newHook = () => `hook${hooks++}`;

const ALL: EventKind[] = [
  'opportunity_created',
  'stage_changed',
  'status_changed',
  'value_changed',
  'owner_changed',
  'opportunity_deleted',
  'note_created',
];

/** Subscribes one hook to everything. */
async function listen(): Promise<{ hook: string; ids: string[] }> {
  const hook = newHook();
  const ids = [];
  for (const event of ALL) ids.push(await setup.subscribe(event, hook, {}, `${hook}-${event}`));
  return { hook, ids };
}

async function hush(ids: string[]): Promise<void> {
  for (const id of ids) await setup.unsubscribe(id);
}

describe('one delivery for each change', () => {
  test('of a whole life, with what it was before and the opportunity as it was then', async () => {
    const { sandbox, sink, stages } = setup;
    const { hook, ids } = await listen();
    const [owner] = Object.values(sandbox.seeded.users);
    const opportunity = await setup.newOpportunity({ monetaryValue: 100 });
    await setup.change(opportunity, { name: 'Only a name' });
    await setup.change(opportunity, { pipelineStageId: stages[1] });
    await setup.change(opportunity, { status: 'won' });
    await setup.change(opportunity, { monetaryValue: 250 });
    await setup.change(opportunity, { assignedTo: owner });
    await setup.change(opportunity, { assignedTo: null, monetaryValue: 0 });
    sandbox.moveClock({ by: 1000 });
    sandbox.removeOpportunity(opportunity);
    await setup.settled();

    // Each event has a subscription of its own here, and order is kept within one.
    const rank = ({ event, change }: { event: string; change: { at: string } }) =>
      Date.parse(change.at) * ALL.length + (ALL as string[]).indexOf(event);
    const bodies = sink
      .received(hook)
      .map(({ body }) => body)
      .sort((a, b) => rank(a) - rank(b));
    const created = sandbox.seeded.pipelines.Sales;
    expect(
      bodies.map(({ event, change }) => [event, change.field, change.from, change.to, change.from_known]),
    ).toEqual([
      ['opportunity_created', 'created', null, null, false],
      ['stage_changed', 'stage', stages[0], stages[1], true],
      ['status_changed', 'status', 'open', 'won', true],
      ['value_changed', 'value', 100, 250, true],
      ['owner_changed', 'owner', null, owner, true],
      // HighLevel leaves a value of nothing out of its events, so that it cannot be told.
      ['owner_changed', 'owner', owner, null, true],
      ['opportunity_deleted', 'deleted', null, null, false],
    ]);
    expect(bodies[4]).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      event: 'owner_changed',
      location_id: sandbox.locationId,
      opportunity_id: opportunity,
      note_id: null,
      task_id: null,
      change: {
        field: 'owner',
        from: null,
        to: owner,
        at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        from_known: true,
        recovered: false,
      },
      snapshot: {
        pipeline_id: created?.id,
        stage_id: stages[1],
        status: 'won',
        value: 250,
        owner_id: owner,
        contact_id: sandbox.seeded.contactIds[0],
        name: null,
        source: null,
      },
    });
    expect(bodies[6]?.snapshot).toMatchObject({ name: 'Only a name', source: null, stage_id: stages[1] });
    await hush(ids);
  });

  test('of a deletion with name and source, of which nothing is left once it was delivered', async () => {
    const { sandbox, sink } = setup;
    const { hook, ids } = await listen();
    const texts = { name: 'Orangery \\u0000 for Harbor Cafe 🏠', source: 'Village Fair' };
    const opportunity = await setup.newOpportunity({ ...texts, monetaryValue: 70 });
    await setup.change(opportunity, { monetaryValue: 80 });
    sandbox.moveClock({ by: 1000 });
    sandbox.removeOpportunity(opportunity);
    await setup.settled();
    const deleted = sink.received(hook).find(({ body }) => body.event === 'opportunity_deleted');
    expect(deleted?.body.snapshot).toMatchObject({ ...texts, value: 80, status: 'open' });
    const { db, close } = openPool(embeddedUrl(setup.env.RELAY_DATA_DIR), () => {});
    try {
      const tables = await db.query<{ name: string }>(
        "select table_name as name from information_schema.tables where table_schema = 'relay'",
      );
      expect(tables.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['events', 'deliveries', 'opportunities']),
      );
      for (const { name } of tables) {
        const held = await db.query(
          `select 1 from relay.${name} t where to_jsonb(t)::text ~ 'Orangery|Village'`,
        );
        expect([name, held]).toEqual([name, []]);
      }
      const known = await db.query('select 1 from relay.opportunities where opportunity_id = $1', [
        opportunity,
      ]);
      expect(known).toHaveLength(1);
    } finally {
      await close();
    }
    await hush(ids);
  });

  test('of a note, which names its contact', async () => {
    const { sandbox, sink } = setup;
    const { hook, ids } = await listen();
    const contactId = sandbox.seeded.contactIds[0];
    await fetch(`${sandbox.url}/contacts/${contactId}/notes`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${sandbox.accessToken}`,
        version: 'v3',
        'content-type': 'application/json',
      },
      body: JSON.stringify({ body: 'Called back' }),
    });
    await setup.settled();
    const [note, ...more] = sink.received(hook);
    expect(more).toEqual([]);
    expect(note?.body).toMatchObject({
      event: 'note_created',
      opportunity_id: null,
      note_id: expect.any(String),
      snapshot: { contact_id: contactId },
    });
    expect(JSON.stringify(note?.body)).not.toContain('Called back');
    await hush(ids);
  });

  test.each([
    ['repeated', { repeat: 20 }],
    ['reversed', { reorder: 2 }],
  ])('with every webhook %s', async (_, faults) => {
    const { sandbox, sink, stages } = setup;
    const { hook, ids } = await listen();
    const opportunity = await setup.newOpportunity();
    await setup.settled();
    for (const stageId of [stages[1], stages[2], stages[0]]) {
      sandbox.context.webhooks.fault(faults);
      await setup.change(opportunity, { pipelineStageId: stageId });
    }
    sandbox.context.webhooks.fault({ repeat: 0, reorder: 0 });
    await setup.settled();
    const changes = sink.received(hook).map(({ body }) => [body.event, body.change.to]);
    expect(changes).toEqual([
      ['opportunity_created', null],
      ['stage_changed', stages[1]],
      ['stage_changed', stages[2]],
      ['stage_changed', stages[0]],
    ]);
    await hush(ids);
  });

  test('with one of each pair lost', async () => {
    const { sandbox, sink, stages } = setup;
    const { hook, ids } = await listen();
    const opportunity = await setup.newOpportunity();
    // Zaps of two events wait for nobody's turn but their own.
    await setup.settled();
    sandbox.context.webhooks.fault({ drop: 1 });
    await setup.change(opportunity, { pipelineStageId: stages[3] });
    await setup.settled();
    expect(sink.received(hook).map(({ body }) => body.change.to)).toEqual([null, stages[3]]);
    await hush(ids);
  });

  test('of an opportunity never seen, whose from is unknown', async () => {
    const { sandbox, sink } = setup;
    const { hook, ids } = await listen();
    const [old] = sandbox.seeded.opportunityIds;
    await setup.change(old ?? '', { monetaryValue: 12_345 });
    await setup.settled();
    expect(sink.received(hook).map(({ body }) => body.change)).toMatchObject([
      { field: 'value', from: null, from_known: false, to: 12_345 },
    ]);
    await hush(ids);
  });
});

test('an opportunity moved five times arrives in order, though the first try fails', async () => {
  const { sink, stages } = setup;
  const hook = newHook();
  const id = await setup.subscribe('stage_changed', hook);
  const opportunity = await setup.newOpportunity();
  sink.next(hook, { status: 500 }, { status: 200 }, { status: 500 }, { status: 503 });
  const route = [stages[1], stages[2], stages[3], stages[4], stages[0]];
  for (const pipelineStageId of route) await setup.change(opportunity, { pipelineStageId });
  await setup.settled();
  const [s1, s2, ...rest] = route;
  expect(sink.received(hook).map(({ body }) => body.change.to)).toEqual([s1, s1, s2, s2, s2, ...rest]);
  await setup.unsubscribe(id);
});

test('five moves whose webhooks wait together for the relay arrive in order', async () => {
  const { sandbox, sink, stages } = setup;
  const hook = newHook();
  const id = await setup.subscribe('stage_changed', hook);
  const opportunity = await setup.newOpportunity();
  await setup.settled();
  const route = [stages[1], stages[2], stages[3], stages[4], stages[0]];
  for (const pipelineStageId of route) {
    sandbox.moveClock({ by: 1000 });
    sandbox.context.webhooks.fault({ reorder: 2 });
    sandbox.changeOpportunity(opportunity, { pipelineStageId });
    await sandbox.context.webhooks.idle();
  }
  sandbox.context.webhooks.fault({ reorder: 0 });
  await setup.settled();
  expect(sink.received(hook).map(({ body }) => body.change.to)).toEqual(route);
  await setup.unsubscribe(id);
});

describe('subscriptions', () => {
  test('two on one event are both served, each with ids of its own', async () => {
    const { sink, stages } = setup;
    const [one, two] = [newHook(), newHook()];
    const ids = [await setup.subscribe('stage_changed', one), await setup.subscribe('stage_changed', two)];
    const opportunity = await setup.newOpportunity();
    await setup.change(opportunity, { pipelineStageId: stages[2] });
    await setup.settled();
    const deliveries = [...sink.received(one), ...sink.received(two)];
    expect(deliveries.map(({ body }) => body.change.to)).toEqual([stages[2], stages[2]]);
    expect(new Set(deliveries.map(({ body }) => body.id)).size).toBe(2);
    await hush(ids);
  });

  test('each gets what its filters let through', async () => {
    const { sandbox, sink, stages } = setup;
    const wanted = {
      from: { stageFrom: stages[1] },
      to: { stageTo: stages[2] },
      both: { stageFrom: stages[0], stageTo: stages[1] },
      elsewhere: { pipelineId: sandbox.seeded.pipelines.Onboarding?.id },
    };
    const ids = [];
    for (const [hook, filters] of Object.entries(wanted))
      ids.push(await setup.subscribe('stage_changed', hook, filters));
    ids.push(await setup.subscribe('value_changed', 'up', { valueDirection: 'up', minValue: 500 }));
    const opportunity = await setup.newOpportunity({ monetaryValue: 1000 });
    for (const pipelineStageId of [stages[1], stages[2], stages[0]])
      await setup.change(opportunity, { pipelineStageId });
    for (const monetaryValue of [300, 400, 500, 600, 550]) await setup.change(opportunity, { monetaryValue });
    await setup.settled();
    const moves = (hook: string) => sink.received(hook).map(({ body }) => [body.change.from, body.change.to]);
    expect(moves('from')).toEqual([[stages[1], stages[2]]]);
    expect(moves('to')).toEqual([[stages[1], stages[2]]]);
    expect(moves('both')).toEqual([[stages[0], stages[1]]]);
    expect(moves('elsewhere')).toEqual([]);
    expect(moves('up')).toEqual([
      [400, 500],
      [500, 600],
    ]);
    await hush(ids);
  });

  test('one that ended gets nothing more, not even what was waiting', async () => {
    const { sink, stages } = setup;
    const hook = newHook();
    const id = await setup.subscribe('stage_changed', hook);
    const opportunity = await setup.newOpportunity();
    sink.always(hook, { status: 500 });
    await setup.change(opportunity, { pipelineStageId: stages[1] });
    await sink.until(hook, 1);
    await setup.unsubscribe(id);
    sink.always(hook, { status: 200 });
    await setup.change(opportunity, { pipelineStageId: stages[2] });
    await setup.settled();
    expect(sink.received(hook).map(({ body }) => body.change.to)).not.toContain(stages[2]);
    expect(sink.received(hook).length).toBeLessThanOrEqual(2);
  });

  test('a Zap that subscribes anew gets what was waiting for it at its new hook', async () => {
    const { sink, stages } = setup;
    const [before, after] = [newHook(), newHook()];
    await setup.subscribe('stage_changed', before, {}, 'zap-moved');
    const opportunity = await setup.newOpportunity();
    sink.always(before, { status: 500 });
    await setup.change(opportunity, { pipelineStageId: stages[1] });
    await sink.until(before, 1);
    const id = await setup.subscribe('stage_changed', after, {}, 'zap-moved');
    await sink.until(after, 1);
    await setup.change(opportunity, { pipelineStageId: stages[2] });
    await setup.settled();
    expect(sink.received(after).map(({ body }) => body.change.to)).toEqual([stages[1], stages[2]]);
    await setup.unsubscribe(id);
  });

  test('one made today is not reported of yesterday', async () => {
    const { sandbox, sink, stages } = setup;
    const opportunity = await setup.newOpportunity();
    await setup.change(opportunity, { pipelineStageId: stages[1] });
    await setup.settled();
    const hook = newHook();
    const id = await setup.subscribe('stage_changed', hook);
    const sent = sandbox.context.webhooks.log().filter(({ body }) => body.includes(opportunity));
    for (const { webhookId } of sent) sandbox.context.webhooks.resend(webhookId);
    await setup.settled();
    expect(sink.received(hook)).toEqual([]);
    await setup.unsubscribe(id);
  });

  test('those of an uninstalled location end', async () => {
    const other = await startSetup();
    try {
      const { sandbox, sink, stages } = other;
      await other.subscribe('stage_changed', 'a');
      const opportunity = await other.newOpportunity();
      sandbox.uninstall(sandbox.locationId);
      await other.settled();
      await other.change(opportunity, { pipelineStageId: stages[1] });
      await other.settled();
      expect(sink.received('a')).toEqual([]);
    } finally {
      await other.close();
    }
  });
});
