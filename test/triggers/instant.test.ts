import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import App from '../../index.ts';
import { addContact } from '../../local/demo/scenario.ts';
import type { Sandbox } from '../../local/sandbox/index.ts';
import {
  type Connection,
  createRunner,
  type LiveZap,
  type Runner,
  ZapFailure,
} from '../../local/zap-runner/index.ts';
import { type InstantWorld, startInstantWorld } from './support/instant-world.ts';

/** A change in HighLevel, its webhook, the relay, a Zap: each instant trigger on the real way from end to end. */
describe('the instant triggers', () => {
  let world: InstantWorld;
  let sandbox: Sandbox;
  let runner: Runner;
  let connection: Connection;

  beforeAll(async () => {
    world = await startInstantWorld();
    ({ sandbox, runner, connection } = world);
  }, 60_000);
  afterEach(() => world.turnOff());
  afterAll(() => world.close(), 60_000);

  /** The relay has done by then with what a test changed before, which is no news to the Zap. */
  const turnOn = async (key: string, input: Record<string, unknown> = {}) => {
    await sandbox.context.webhooks.idle();
    await pause(300);
    return world.turnOn(key, input);
  };
  /** The rows that have set a Zap off, once there are so many; a moment more shows that no more come. */
  const rows = async (zap: LiveZap, count: number): Promise<Record<string, unknown>[]> => {
    const until = Date.now() + 10_000;
    while (zap.tasks.length < count && Date.now() < until) await pause(20);
    await pause(300);
    return zap.tasks.map(({ trigger }) => trigger);
  };
  const salesOpportunity = () => {
    const sales = sandbox.seeded.pipelines.Sales?.id;
    const open = [...sandbox.state.opportunities.values()].find(
      (opportunity) => opportunity.pipelineId === sales && opportunity.status === 'open',
    );
    return sandbox.opportunity(open?.id ?? '');
  };
  const stages = () => Object.entries(sandbox.seeded.pipelines.Sales?.stages ?? {});
  /** The relay learns what an opportunity is like before a test changes it. */
  const known = async (id: string) => {
    sandbox.changeOpportunity(id, { name: `${sandbox.opportunity(id).name}.` });
    await sandbox.context.webhooks.idle();
    await pause(100);
  };

  it('new_opportunity_instant: an opportunity that a sales person adds, whole and once', async () => {
    const zap = await turnOn('new_opportunity_instant', { pipeline_id: 'Sales' });
    const contactId = await addContact(sandbox, 'Ines Costa');
    const opportunity = sandbox.addOpportunity({
      locationId: sandbox.locationId,
      contactId,
      pipelineId: sandbox.seeded.pipelines.Sales?.id ?? '',
      name: 'Fresh',
    });
    expect(await rows(zap, 1)).toMatchObject([
      {
        id: opportunity.id,
        name: 'Fresh',
        pipeline_name: 'Sales',
        change: { field: 'created', at: expect.stringMatching(/Z$/) },
      },
    ]);
  });
  it('stage_changed_instant: from and to by name, and only the moves that were asked for', async () => {
    const opportunity = salesOpportunity();
    const [first, second, third] = stages();
    sandbox.changeOpportunity(opportunity.id, { pipelineStageId: first?.[1] });
    const any = await turnOn('stage_changed_instant');
    const asked = await turnOn('stage_changed_instant', {
      pipeline_id: 'Sales',
      from_stage_id: second?.[0],
      stage_id: third?.[0],
    });
    await known(opportunity.id);
    sandbox.changeOpportunity(opportunity.id, { pipelineStageId: second?.[1] });
    // Of two deliveries that are under way at once, a busy machine may be done with either first.
    await rows(any, 1);
    sandbox.changeOpportunity(opportunity.id, { pipelineStageId: third?.[1] });
    expect((await rows(any, 2)).map(({ change }) => change)).toMatchObject([
      {
        field: 'stage',
        from: first?.[1],
        from_name: first?.[0],
        to: second?.[1],
        to_name: second?.[0],
        from_known: true,
      },
      {
        field: 'stage',
        from: second?.[1],
        from_name: second?.[0],
        to: third?.[1],
        to_name: third?.[0],
        from_known: true,
      },
    ]);
    expect(await rows(asked, 1)).toMatchObject([
      { id: opportunity.id, change: { from_name: second?.[0], to_name: third?.[0] } },
    ]);
  });

  it('status_changed_instant: an opportunity that is lost, with its reason', async () => {
    const zap = await turnOn('status_changed_instant', { status: 'lost' });
    const opportunity = salesOpportunity();
    const [reasonName, lostReasonId] = Object.entries(sandbox.seeded.lostReasons)[0] ?? [];
    sandbox.changeOpportunity(opportunity.id, { status: 'lost', lostReasonId });
    expect(await rows(zap, 1)).toMatchObject([
      {
        id: opportunity.id,
        status: 'lost',
        lost_reason_name: reasonName,
        change: { field: 'status', to: 'lost' },
      },
    ]);
    sandbox.changeOpportunity(opportunity.id, { status: 'open' });
    expect(await rows(zap, 1)).toHaveLength(1);
  });

  it('value_changed_instant: a rise to at least so much, and no fall', async () => {
    const opportunity = salesOpportunity();
    sandbox.changeOpportunity(opportunity.id, { monetaryValue: 1000 });
    await known(opportunity.id);
    const zap = await turnOn('value_changed_instant', { direction: 'up', min_value: 5000 });
    for (const monetaryValue of [2000, 6000, 5500]) {
      sandbox.changeOpportunity(opportunity.id, { monetaryValue });
      await sandbox.context.webhooks.idle();
    }
    expect((await rows(zap, 1)).map(({ change }) => change)).toMatchObject([
      { field: 'value', from: 2000, to: 6000, from_known: true },
    ]);
  });

  it('value_changed_instant: a crossing of so much, and no further rise above it', async () => {
    const opportunity = salesOpportunity();
    sandbox.changeOpportunity(opportunity.id, { monetaryValue: 1000 });
    const zap = await turnOn('value_changed_instant', { min_value: 5000, only_crossing: 'Yes' });
    await known(opportunity.id);
    for (const [monetaryValue, told] of [
      [6000, 1],
      [7000, 1],
      [4000, 1],
      [5000, 2],
    ] as const) {
      sandbox.changeOpportunity(opportunity.id, { monetaryValue });
      await sandbox.context.webhooks.idle();
      await rows(zap, told);
    }
    expect((await rows(zap, 2)).map(({ change }) => change)).toMatchObject([
      { from: 1000, to: 6000 },
      { from: 4000, to: 5000 },
    ]);
  });

  it('owner_changed_instant: given to somebody, by name', async () => {
    const [[firstName, first], [secondName, second]] = Object.entries(sandbox.seeded.users) as [
      [string, string],
      [string, string],
    ];
    const opportunity = salesOpportunity();
    sandbox.changeOpportunity(opportunity.id, { assignedTo: first });
    const zap = await turnOn('owner_changed_instant', { owner_id: secondName });
    await known(opportunity.id);
    sandbox.changeOpportunity(opportunity.id, { assignedTo: second });
    expect(await rows(zap, 1)).toMatchObject([
      {
        owner_name: secondName,
        change: { field: 'owner', from: first, from_name: firstName, to: second, to_name: secondName },
      },
    ]);
  });

  it('opportunity_deleted_instant: what is known of the opportunity, and once, in spite of the Update that follows', async () => {
    const zap = await turnOn('opportunity_deleted_instant');
    const opportunity = salesOpportunity();
    sandbox.removeOpportunity(opportunity.id);
    expect(await rows(zap, 1)).toMatchObject([
      {
        id: opportunity.id,
        pipeline_name: 'Sales',
        contact_id: opportunity.contactId,
        monetary_value: opportunity.monetaryValue,
        name: opportunity.name,
        contact_email: sandbox.state.contacts.get(opportunity.contactId)?.email,
        contact: { id: opportunity.contactId },
        change: { field: 'deleted' },
      },
    ]);
  });

  it('new_note_instant: the note with its contact', async () => {
    const zap = await turnOn('new_note_instant');
    const contactId = sandbox.seeded.contactIds[0] ?? '';
    const note = await runner.call(
      'create',
      'create_note',
      { contact_id: contactId, body: 'Wants an offer {{soon}}' },
      connection,
    );
    expect(await rows(zap, 1)).toMatchObject([
      {
        id: (note.results as { id: string }).id,
        body: 'Wants an offer {{soon}}',
        contact_id: contactId,
        contact_name: expect.any(String),
      },
    ]);
  });

  it('note_updated_instant and task_completed_instant: the edited note, and the task that was done, once', async () => {
    const edited = await turnOn('note_updated_instant');
    const done = await turnOn('task_completed_instant');
    const contact_id = sandbox.seeded.contactIds[0] ?? '';
    const make = async (key: string, input: object) =>
      (await runner.call('create', key, { contact_id, ...input }, connection)).results as { id: string };
    const note = await make('create_note', { body: 'Asked for a quote' });
    await make('update_note', { note_id: note.id, body: 'Wants an offer' });
    const task = await make('create_task', { title: 'Call back', due_date: '2026-12-01 15:00' });
    await make('update_task', { task_id: task.id, state: 'done' });
    expect(await rows(edited, 1)).toMatchObject([{ id: note.id, body: 'Wants an offer', contact_id }]);
    expect(await rows(done, 1)).toMatchObject([
      { id: task.id, title: 'Call back', completed: true, contact_id },
    ]);
  });

  it('serves two Zaps on one event, and falls silent for the one that is turned off', async () => {
    const one = await turnOn('status_changed_instant');
    const other = await turnOn('status_changed_instant');
    const opportunity = salesOpportunity();
    sandbox.changeOpportunity(opportunity.id, { status: 'won' });
    expect(await rows(one, 1)).toHaveLength(1);
    expect(await rows(other, 1)).toHaveLength(1);
    await one.turnOff();
    sandbox.changeOpportunity(opportunity.id, { status: 'open' });
    expect(await rows(other, 2)).toHaveLength(2);
    expect(one.tasks).toHaveLength(1);
  });

  it('keeps what happened while the relay was away', async () => {
    const zap = await turnOn('status_changed_instant');
    const opportunity = salesOpportunity();
    await world.stopRelay();
    sandbox.changeOpportunity(opportunity.id, { status: 'abandoned' });
    await world.restartRelay();
    expect(await rows(zap, 1)).toMatchObject([{ id: opportunity.id, change: { to: 'abandoned' } }]);
  }, 60_000);

  it('shows samples of the same shape as what it delivers', async () => {
    for (const key of ['new_opportunity_instant', 'stage_changed_instant', 'opportunity_deleted_instant']) {
      const { samples } = await runner.test({ name: key, trigger: { key }, steps: [] }, connection);
      expect(samples[0]).toMatchObject({ change: { at: expect.any(String) } });
      // Only a change of a value has an earlier one, which a sample does not know.
      const change = samples[0]?.change as Record<string, unknown>;
      expect(change.from_known).toBe(key === 'stage_changed_instant' ? false : undefined);
    }
  });

  it('says so when no relay is set up, and names the trigger that polls', async () => {
    const url = process.env.RELAY_URL;
    const call = (key: string) =>
      runner.call('trigger', key, {}, connection, {
        member: 'performSubscribe',
        asIs: true,
        extra: { targetUrl: 'https://hooks.zapier.com/x' },
      });
    const bare = await createRunner({
      app: App,
      environment: { HIGHLEVEL_API_URL: sandbox.url, RELAY_URL: '' },
    });
    await expect(
      bare.call('trigger', 'stage_changed_instant', {}, connection, {
        member: 'performSubscribe',
        asIs: true,
      }),
    ).rejects.toMatchObject({
      failure: { message: expect.stringMatching(/not set up.*"Opportunity Stage Changed" instead/) },
    });
    await bare.close();
    process.env.RELAY_URL = url;
    // This relay delivers to this machine alone.
    await expect(call('stage_changed_instant')).rejects.toBeInstanceOf(ZapFailure);
  });
});

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
