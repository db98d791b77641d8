import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { opportunityOutput } from '../../fields/outputs/opportunity.ts';
import trigger from '../../triggers/opportunity_changed.ts';
import { AMPLE } from '../support/ample.ts';
import { type Connection, connect, errorOf, sentenceOf } from '../support/connection.ts';
import { filters, OF_ROWS, SAMPLE, SEARCH_REFUSED, TURNED_ON } from '../support/inputs.ts';
import { describeOf, type Inputs } from '../support/operation.ts';
import { startRunner } from '../support/runner.ts';

const describe = describeOf(import.meta.filename);

export const inputs: Inputs = {
  opportunity_changed: {
    live: ['Change the expected close date', 'the Zap runs; a changed name does not start it'],
    runs: (sandbox) => {
      const plan = `custom_fields__${sandbox.seeded.customFields['opportunity.plan']}`;
      const inputData = {
        ...filters(sandbox),
        watched_fields: ['owner_id', 'stage_id', plan],
        include_contact: 'yes',
      };
      const plain = { watched_fields: ['name'] };
      return {
        all: [
          { inputData },
          { inputData: plain, fault: SEARCH_REFUSED },
          { inputData, meta: TURNED_ON },
          { inputData, meta: SAMPLE },
        ],
        least: [{ inputData: plain }],
      };
    },
  },
};

const PERFORM = 'triggers.opportunity_changed.operation.perform';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ago = (ms: number) => new Date(Date.now() - ms).toISOString();
const searches = (requests: string[]) => requests.filter((request) => request.endsWith('/search'));

/** Old opportunities that were last edited yesterday. */
async function settled(opportunities: number): Promise<Connection> {
  const connection = await connect({ opportunities, ...AMPLE });
  for (const opportunity of connection.sandbox.state.opportunities.values()) {
    Object.assign(opportunity, { createdAt: ago(40 * DAY), updatedAt: ago(DAY) });
  }
  connection.sandbox.context.index.rebuild();
  return connection;
}

describe('opportunity_changed', () => {
  let connection: Connection;
  const run = (watched_fields: unknown, rest: object = {}, input: object = {}) =>
    connection.run(PERFORM, { watched_fields, ...input }, rest);

  beforeAll(async () => {
    connection = await settled(20);
  });
  afterAll(() => connection.close());
  beforeEach(() => {
    connection.requests();
  });
  afterEach(() => connection.sandbox.clearFaults());

  it('shows the opportunities edited last, told apart by their watched fields', async () => {
    const [row] = await run(['name']);
    expect(Object.keys(row ?? {}).sort()).toEqual(
      [...opportunityOutput.map(({ key }) => key), 'custom_fields', ...OF_ROWS, 'watched_digest'].sort(),
    );
    expect(Object.keys(trigger.operation.sample ?? {}).sort()).toEqual(Object.keys(row ?? {}).sort());
    expect(row?.watched_digest).toMatch(/^[\w-]{16}$/);
  });

  it('asks once a poll, the latest edit first', async () => {
    await run(['name']);
    connection.sandbox.clearRequests();
    await run(['name', 'owner_id', 'stage_id']);
    const asked = connection.sandbox.requests();
    expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /opportunities/search']);
    expect(asked[0]?.body).toMatchObject({
      limit: 100,
      sort: [{ field: 'date_updated', direction: 'desc' }],
    });
  });

  it('leaves out what was last edited more than a week ago, and shows it as a sample', async () => {
    const [id = ''] = connection.sandbox.seeded.opportunityIds;
    connection.sandbox.editOpportunity(id, { updatedAt: ago(8 * DAY) });
    const ids = (rows: Record<string, unknown>[]) => rows.map((row) => row.id);
    expect(ids(await run(['name']))).not.toContain(id);
    expect(ids(await run(['name'], { meta: TURNED_ON }))).toContain(id);
    expect(await run(['name'], { meta: SAMPLE })).toHaveLength(10);
  });

  it.each([
    [[], /^Fields to Watch: this is empty\. Choose at least one field/],
    ['Colour', /^Fields to Watch: opportunities have no field called "Colour"/],
  ])('says what is wrong with %j, and asks for no opportunity', async (chosen, sentence) => {
    const error = await errorOf(run(chosen));
    expect(error.name).toBe('AppError');
    expect(sentenceOf(error)).toMatch(sentence);
    expect(searches(connection.requests())).toEqual([]);
  });

  it('is empty where nothing matches the filters', async () => {
    expect(await run(['name'], {}, { pipeline_id: 'Onboarding', status: 'abandoned' })).toEqual([]);
  });

  it('says so where HighLevel tells no custom fields, and watches the others', async () => {
    const { 'opportunity.plan': plan } = connection.sandbox.seeded.customFields;
    connection.sandbox.setContraries(['search-without-fields']);
    const error = await errorOf(run([`custom_fields__${plan}`], { meta: TURNED_ON }));
    expect(sentenceOf(error)).toMatch(/^Fields to Watch: HighLevel does not tell at the moment/);
    expect(await run(['name'], { meta: TURNED_ON })).toHaveLength(20);
    connection.sandbox.setContraries(['custom-fields-object']);
    expect(await run([`custom_fields__${plan}`], { meta: TURNED_ON })).toHaveLength(19);
    connection.sandbox.setContraries([]);
  });
});

describe('opportunity_changed as a Zap', () => {
  it('starts it by each change of a watched field, and by nothing else', async () => {
    const connection = await settled(12);
    const { sandbox } = connection;
    const { runner, connection: account } = await startRunner(sandbox);
    try {
      const { Sales } = sandbox.seeded.pipelines;
      const plan = sandbox.seeded.customFields['opportunity.plan'] ?? '';
      const [owner = '', other = ''] = Object.values(sandbox.seeded.users);
      const [id = ''] = sandbox.seeded.opportunityIds;
      sandbox.editOpportunity(id, {
        assignedTo: owner,
        status: 'open',
        pipelineId: Sales?.id,
        monetaryValue: 5,
      });
      const watched_fields = ['monetary_value', 'owner_id', 'status', `custom_fields__${plan}`];
      const zap = {
        name: 'changes',
        trigger: { key: 'opportunity_changed', input: { watched_fields } },
        steps: [],
      };
      const live = await runner.turnOn(zap, account);
      const change = (patch: Parameters<typeof sandbox.changeOpportunity>[1], of = id) => {
        sandbox.moveClock({ by: 5000 });
        sandbox.changeOpportunity(of, patch);
      };
      const fired = async () => (await live.poll()).map(({ trigger: { id } }) => id);

      expect(await fired()).toEqual([]);
      for (const patch of [
        { monetaryValue: 4800 },
        { assignedTo: other },
        { status: 'won' as const },
        { customFields: [{ id: plan, value: 'Growth' }] },
      ]) {
        change(patch as never);
        expect([patch, await fired()]).toEqual([patch, [id]]);
        expect(await fired()).toEqual([]);
      }
      change({ name: 'Another name' });
      expect(await fired()).toEqual([]);

      // There and back: HighLevel keeps the moment of a status, and of a value none.
      change({ status: 'open' });
      expect(await fired()).toEqual([id]);
      change({ status: 'won' });
      expect(await fired()).toEqual([id]);
      change({ monetaryValue: 5000 });
      expect(await fired()).toEqual([id]);
      change({ monetaryValue: 4800 });
      expect(await fired()).toEqual([]);
      change({ monetaryValue: 6000 });
      change({ monetaryValue: 4800 });
      expect(await fired()).toEqual([]);

      // A new one starts nothing until a watched field of it changes.
      const [created = ''] = sandbox.importOpportunities({ count: 1, pipelineId: Sales?.id });
      expect(await fired()).toEqual([]);
      change({ name: 'Website' }, created);
      expect(await fired()).toEqual([]);
      change({ monetaryValue: 77 }, created);
      expect(await fired()).toEqual([created]);
      change({ name: 'Website for Harbor Cafe' }, created);
      expect(await fired()).toEqual([]);
    } finally {
      await runner.close();
      await connection.close();
    }
  });

  it('starts it by the first value of a field that no opportunity has a value of', async () => {
    const connection = await settled(12);
    const { sandbox } = connection;
    for (const opportunity of sandbox.state.opportunities.values()) opportunity.customFields = [];
    const { runner, connection: account, polls } = await startRunner(sandbox);
    try {
      const plan = sandbox.seeded.customFields['opportunity.plan'] ?? '';
      const trigger = { key: 'opportunity_changed', input: { watched_fields: [`custom_fields__${plan}`] } };
      const live = await runner.turnOn({ name: 'changes', trigger, steps: [] }, account);
      const [id = '', other = ''] = sandbox.seeded.opportunityIds;
      const fired = async (of: string, patch: object) => {
        sandbox.moveClock({ by: 5000 });
        sandbox.changeOpportunity(of, patch);
        return (await live.poll()).map(({ trigger: { id } }) => id);
      };
      expect(await fired(id, { name: 'Another name' })).toEqual([]);
      expect(await fired(id, { customFields: [{ id: plan, value: 'Growth' }] })).toEqual([id]);
      expect(await fired(other, { name: 'Another name' })).toEqual([]);
      expect(await fired(id, { customFields: [] })).toEqual([]);
      expect(polls().every(({ failure }) => !failure)).toBe(true);
    } finally {
      await runner.close();
      await connection.close();
    }
  });

  it('remembers new opportunities for each Zap and its own fields, and shows nobody those of its start', async () => {
    const connection = await settled(3);
    const { sandbox } = connection;
    try {
      const [created = ''] = sandbox.importOpportunities({ count: 1 });
      const poll = async (zap: string, watched_fields: string[], meta: object = {}) =>
        connection.run(PERFORM, { watched_fields }, { meta: { zap: { id: zap }, ...meta } });
      const start = await poll('one', ['name'], TURNED_ON);
      expect(start.map(({ id }) => id)).toContain(created);
      for (const row of start) expect(Object.keys(row).sort()).toEqual(['id', 'watched_digest']);
      const started = async (...zap: Parameters<typeof poll>) =>
        (await poll(...zap)).some(({ id }) => id === created);
      expect(await started('two', ['owner_id'])).toBe(false);
      expect(await started('one', ['status'])).toBe(false);
      sandbox.moveClock({ by: 5000 });
      sandbox.changeOpportunity(created, { name: 'Renamed' });
      expect(await started('one', ['name'])).toBe(true);
      expect(await started('two', ['owner_id'])).toBe(false);
    } finally {
      await connection.close();
    }
  });

  it('knows what was created just before it was turned on', async () => {
    const connection = await settled(3);
    const { sandbox } = connection;
    const { runner, connection: account } = await startRunner(sandbox);
    try {
      const [created = ''] = sandbox.importOpportunities({ count: 1 });
      const trigger = { key: 'opportunity_changed', input: { watched_fields: ['name'] } };
      const live = await runner.turnOn({ name: 'changes', trigger, steps: [] }, account);
      sandbox.moveClock({ by: 5000 });
      sandbox.changeOpportunity(created, { name: 'Renamed at once' });
      expect((await live.poll()).map(({ trigger: { name } }) => name)).toEqual(['Renamed at once']);
    } finally {
      await runner.close();
      await connection.close();
    }
  });
});

describe('opportunity_changed in a large account', () => {
  it.each([
    'first',
    'last',
  ])('fires for no other edit of those on the %s pages, where none has a value', async (where) => {
    const connection = await settled(1200);
    const { sandbox } = connection;
    const plan = sandbox.seeded.customFields['opportunity.plan'] ?? '';
    const all = [...sandbox.state.opportunities.values()];
    for (const [at, opportunity] of all.entries()) {
      opportunity.updatedAt = ago(DAY + at * 1000);
      const hasNone = where === 'first' ? at < 550 : at > 50;
      opportunity.customFields = hasNone ? [] : [{ id: plan, value: 'Growth' }];
    }
    sandbox.context.index.rebuild();
    const { runner, connection: account, polls } = await startRunner(sandbox);
    try {
      const trigger = { key: 'opportunity_changed', input: { watched_fields: [`custom_fields__${plan}`] } };
      const live = await runner.turnOn({ name: 'changes', trigger, steps: [] }, account);
      const [none, some] = [
        all[where === 'first' ? 0 : 1199]?.id ?? '',
        all[where === 'first' ? 600 : 0]?.id ?? '',
      ];
      for (const id of [none, some]) {
        sandbox.moveClock({ by: 5000 });
        sandbox.changeOpportunity(id, { name: 'Edited' });
        expect(await live.poll()).toEqual([]);
      }
      sandbox.moveClock({ by: 5000 });
      sandbox.changeOpportunity(none, { customFields: [{ id: plan, value: 'Starter' }] });
      expect((await live.poll()).map(({ trigger: { id } }) => id)).toEqual([none]);
      expect(polls().every(({ failure }) => !failure)).toBe(true);
    } finally {
      await runner.close();
      await connection.close();
    }
  });

  it('reads 2,900 opportunities when it is turned on, 500 a request, and fires for none of them by other edits', async () => {
    const connection = await settled(2900);
    const { sandbox } = connection;
    const { runner, connection: account, polls } = await startRunner(sandbox);
    try {
      const trigger = { key: 'opportunity_changed', input: { watched_fields: ['expected_close_date'] } };
      sandbox.clearRequests();
      const live = await runner.turnOn({ name: 'changes', trigger, steps: [] }, account);
      const read = sandbox.requests().filter(({ path }) => path === '/opportunities/search');
      expect(read.map(({ body }) => (body as { limit: number }).limit)).toEqual([
        500, 500, 500, 500, 500, 500,
      ]);
      const last = sandbox.seeded.opportunityIds.at(-1) ?? '';
      for (const id of [sandbox.seeded.opportunityIds[0] ?? '', last]) {
        sandbox.moveClock({ by: 5000 });
        sandbox.changeOpportunity(id, { name: 'Edited' });
      }
      expect(await live.poll()).toEqual([]);
      sandbox.moveClock({ by: 5000 });
      sandbox.changeOpportunity(last, { forecastExpectedCloseDate: '2027-05-01' } as never);
      sandbox.clearRequests();
      expect((await live.poll()).map(({ trigger: { id } }) => id)).toEqual([last]);
      expect(sandbox.requests()).toHaveLength(1);
      expect(polls().every(({ failure }) => !failure)).toBe(true);
    } finally {
      await runner.close();
      await connection.close();
    }
  });
});
