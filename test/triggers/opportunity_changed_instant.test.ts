import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { until } from '../relay/support/relay.ts';
import { AMPLE } from '../support/ample.ts';
import { connect, errorOf, sentenceOf } from '../support/connection.ts';
import { opportunityDelivery } from '../support/deliveries.ts';
import { hookRuns } from '../support/inputs.ts';
import { describeOf, type Inputs } from '../support/operation.ts';
import { type InstantWorld, startInstantWorld } from './support/instant-world.ts';

const describe = describeOf(import.meta.filename);

export const inputs: Inputs = {
  opportunity_changed_instant: {
    live: ['Change a watched field', 'the Zap says which field changed'],
    runs: (sandbox) => {
      const watched_fields = ['name', 'monetary_value'];
      const { all, least } = hookRuns('opportunity_changed', null, null, () => ({ watched_fields }))(sandbox);
      return { all, least: least.map((run) => ({ ...run, inputData: { watched_fields } })) };
    },
    example: () => ({ watched_fields: ['name'] }),
  },
};

describe('opportunity_changed_instant, where the read by id leaves custom fields out', () => {
  it('comes again while the search that has them is late, and then no more than once', async () => {
    const connection = await connect({ opportunities: 3, ...AMPLE });
    const { sandbox } = connection;
    const [id = ''] = sandbox.seeded.opportunityIds;
    const field = sandbox.seeded.customFields['opportunity.external_id'] ?? '';
    const deliver = (at: number) =>
      connection.run<Row[]>(
        'triggers.opportunity_changed_instant.operation.perform',
        { watched_fields: ['name', `custom_fields__${field}`] },
        {
          bundle: {
            cleanedRequest: opportunityDelivery(
              'opportunity_changed',
              id,
              {},
              { at: new Date(at).toISOString() },
            ),
          },
        },
      );
    try {
      sandbox.setContraries(['record-without-fields', 'search-index-late']);
      sandbox.changeOpportunity(id, { customFields: [{ id: field, value: 'HP-9' }] });
      const error = await errorOf(deliver(Date.now() - 2000));
      expect(error.name).toBe('ThrottledError');
      expect(sentenceOf(error)).toBe(
        'HighLevel does not tell yet what the opportunity has in the fields you watch, as its search is about a minute late. Zapier asks again in 90 seconds.',
      );
      expect(await deliver(Date.now() - 95_000)).toMatchObject([{ changed_field_ids: ['name'] }]);
      sandbox.setContraries(['record-without-fields']);
      sandbox.context.index.rebuild();
      expect(await deliver(Date.now() - 2000)).toMatchObject([
        { changed_field_ids: ['name', `custom_fields__${field}`] },
      ]);
    } finally {
      await connection.close();
    }
  });
});

type Row = { id: string; changed_fields: string[]; changed_field_ids: string[]; change_recovered: boolean };

describe('opportunity_changed_instant', () => {
  let world: InstantWorld;
  let sandbox: InstantWorld['sandbox'];
  let externalId = '';

  beforeAll(async () => {
    world = await startInstantWorld();
    sandbox = world.sandbox;
    externalId = sandbox.seeded.customFields['opportunity.external_id'] ?? '';
    expect(externalId).not.toBe('');
  }, 60_000);
  afterEach(() => world.turnOff());
  afterAll(() => world.close(), 60_000);

  const anOpen = (nth: number) => {
    const open = [...sandbox.state.opportunities.values()].filter(({ status }) => status === 'open');
    return open[nth]?.id ?? '';
  };
  const edit = (id: string, patch: Record<string, unknown>) => {
    sandbox.moveClock({ by: 1_000 });
    sandbox.changeOpportunity(id, patch);
  };
  const rowsOf = (zap: { tasks: readonly { trigger: object }[] }) =>
    zap.tasks.map(({ trigger }) => trigger as unknown as Row);
  const turnOn = (fields: string[], more: object = {}) =>
    world.turnOn('opportunity_changed_instant', { watched_fields: fields, ...more });

  it('fires for the fields that are watched, custom ones too, from the first change on, and says which', async () => {
    const id = anOpen(0);
    const zap = await turnOn(['name', 'External ID', 'status']);
    edit(id, { monetaryValue: 77 });
    edit(id, { customFields: [{ id: externalId, value: 'HP-9' }] });
    await until(() => zap.tasks.length === 1);
    edit(id, { name: 'Another name', status: 'won' });
    await until(() => zap.tasks.length === 2);
    await pause(500);
    expect(rowsOf(zap)).toMatchObject([
      { id, changed_fields: ['External ID'], changed_field_ids: [`custom_fields__${externalId}`] },
      { id, changed_fields: ['Opportunity Name', 'Status'], changed_field_ids: ['name', 'status'] },
    ]);
  });

  it('fires for the first value of a field that no opportunity has a value of', async () => {
    const all = [...sandbox.state.opportunities.values()];
    const before = all.map(({ customFields }) => customFields);
    for (const opportunity of all) opportunity.customFields = [];
    const id = anOpen(1);
    const zap = await turnOn(['External ID']);
    edit(id, { customFields: [{ id: externalId, value: 'HP-9' }] });
    await until(() => zap.tasks.length === 1);
    expect(rowsOf(zap)).toMatchObject([{ id, changed_fields: ['External ID'] }]);
    edit(id, { customFields: [] });
    await until(() => zap.tasks.length === 2);
    for (const [at, opportunity] of all.entries()) opportunity.customFields = before[at] ?? [];
  });

  it('knows a new opportunity from its creation, which starts no Zap', async () => {
    const zap = await turnOn(['monetary_value']);
    const { id } = sandbox.addOpportunity({
      locationId: sandbox.locationId,
      contactId: sandbox.seeded.contactIds[5] ?? '',
      pipelineId: sandbox.seeded.pipelines.Sales?.id ?? '',
      name: 'Fresh',
      monetaryValue: 10,
    });
    await sandbox.context.webhooks.idle();
    await pause(700);
    edit(id, { monetaryValue: 20 });
    await until(() => zap.tasks.length === 1);
    await pause(300);
    expect(rowsOf(zap)).toMatchObject([{ id, changed_fields: ['Value'] }]);
  });

  it('ignores what a Zap of this integration wrote, where that is chosen, and nothing else', async () => {
    const id = anOpen(3);
    const still = await turnOn(['name', 'External ID'], { ignore_own_changes: 'yes' });
    const every = await turnOn(['name', 'External ID']);
    const write = {
      opportunity_id: id,
      name: 'By a Zap',
      [`custom_field_${externalId}`]: 'HP-10',
    };
    await world.runner.call('create', 'update_opportunity', write, world.connection);
    await until(() => every.tasks.length === 1);
    edit(id, { name: 'By a person' });
    await until(() => every.tasks.length === 2);
    await until(() => still.tasks.length === 1);
    await pause(300);
    expect(rowsOf(still)).toMatchObject([{ id, name: 'By a person', changed_fields: ['Opportunity Name'] }]);
  });

  it('is caught up after an outage', async () => {
    const id = anOpen(4);
    const zap = await turnOn(['name']);
    await world.stopRelay();
    const retries = { webhookUrl: null };
    sandbox.setSettings(retries);
    edit(id, { name: 'Nobody heard' });
    await pause(1_600);
    await world.restartRelay();
    sandbox.setSettings({ webhookUrl: `${world.relay.url}/webhooks/highlevel` });
    await until(() => zap.tasks.length === 1, 30_000);
    expect(rowsOf(zap)).toMatchObject([{ id, changed_fields: ['Opportunity Name'], change_recovered: true }]);
  }, 60_000);

  it('tells the relay no value, and no name', async () => {
    const tables = await world.db.query<{ name: string }>(
      `select table_name as name from information_schema.tables where table_schema = 'relay'`,
    );
    let all = '';
    for (const { name } of tables) {
      const rows = await world.db.query<{ text: string }>(`select t::text as text from relay.${name} t`);
      all += rows.map(({ text }) => text).join('\n');
    }
    expect(all).toContain('monetary_value');
    for (const word of ['HP-9', 'HP-10', 'Another name', 'By a Zap', 'Nobody heard']) {
      expect([word, all.includes(word)]).toEqual([word, false]);
    }
  });
});

describe('opportunity_changed_instant that watches much of many opportunities', () => {
  let world: InstantWorld;
  beforeAll(async () => {
    world = await startInstantWorld({ opportunities: 400 });
  }, 60_000);
  afterAll(() => world.close(), 60_000);

  /** Adds custom fields. @returns their names */
  function addFields(many: number): string[] {
    const { locationId, state } = world.sandbox;
    const names = Array.from({ length: many }, (_, n) => `Watched ${n}`);
    for (const [n, name] of names.entries()) {
      const id = `watchedfield${n}`;
      const fieldKey = `opportunity.watched_${n}`;
      const kind = { model: 'opportunity', dataType: 'TEXT', placeholder: '', position: n } as const;
      state.customFields.set(id, { id, locationId, name, fieldKey, picklistOptions: [], ...kind });
    }
    return names;
  }

  it('says how many fields one Zap can watch', async () => {
    await expect(
      world.turnOn('opportunity_changed_instant', { watched_fields: addFields(101) }),
    ).rejects.toThrow('Fields to Watch: these are 101 fields, and one Zap can watch 100. Choose fewer');
  });

  it('knows what all of them held when the Zap was turned on', async () => {
    const { sandbox, db } = world;
    const fields = addFields(80);
    const open = [...sandbox.state.opportunities.values()].filter(
      ({ status, locationId }) => status === 'open' && locationId === sandbox.locationId,
    );
    expect(open.length).toBeGreaterThan(150);
    await world.turnOn('opportunity_changed_instant', { watched_fields: fields });
    const [row] = await db.query<{ count: number }>('select count(*)::int as count from relay.digests');
    expect(row?.count).toBe(open.length);
    expect(await db.query('select from relay.readings')).toEqual([]);
  }, 60_000);
});
