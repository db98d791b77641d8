import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Connection, connect, errorOf, sentenceOf } from '../support/connection.ts';
import { idsOf, listRuns } from '../support/inputs.ts';
import { describeOf, type Inputs, type RunsOf } from '../support/operation.ts';

const describe = describeOf(import.meta.filename);

const ofContact: RunsOf = (sandbox) => {
  const run = { inputData: { contact_id: idsOf(sandbox).contactId } };
  return { all: [run], least: [run] };
};

export const inputs: Inputs = {
  pipeline_list: {
    runs: () => ({ all: [{}], least: [{}] }),
  },
  stage_list: {
    runs: (sandbox) => {
      const run = { inputData: { pipeline_id: idsOf(sandbox).sales.id } };
      return { all: [run], least: [run] };
    },
  },
  user_list: {
    runs: () => ({ all: [{}], least: [{}] }),
  },
  lost_reason_list: {
    runs: () => ({ all: [{}], least: [{}] }),
  },
  workflow_list: {
    runs: () => ({ all: [{}], least: [{}] }),
  },
  watched_field_list: {
    runs: () => ({ all: [{}], least: [{}] }),
  },
  note_list: {
    runs: ofContact,
  },
  task_list: {
    runs: ofContact,
  },
  contact_list: {
    runs: listRuns,
  },
  opportunity_list: {
    runs: listRuns,
  },
};

const perform = (key: string) => `triggers.${key}.operation.perform`;

describe('the lists behind the dropdowns', () => {
  let connection: Connection;

  beforeAll(async () => {
    connection = await connect();
  });
  afterAll(() => connection.close());

  it('lists pipelines by name', async () => {
    const { Sales, Onboarding } = connection.sandbox.seeded.pipelines;
    expect(await connection.run(perform('pipeline_list'))).toEqual([
      { id: Sales?.id, name: 'Sales' },
      { id: Onboarding?.id, name: 'Onboarding' },
    ]);
  });

  it('lists the stages of the chosen pipeline in the order of the board', async () => {
    const { Sales } = connection.sandbox.seeded.pipelines;
    const pipeline = connection.sandbox.state.pipelines.get(Sales?.id ?? '');
    pipeline?.stages.reverse();
    const stages = await connection.run(perform('stage_list'), { pipeline_id: Sales?.id });
    expect(stages.map(({ name }) => name)).toEqual(Object.keys(Sales?.stages ?? {}));
  });

  it('says which pipelines there are when the chosen one was deleted', async () => {
    const error = await errorOf(connection.run(perform('stage_list'), { pipeline_id: 'gone' }));
    expect(sentenceOf(error)).toMatch(/there is no pipeline called "gone".*"Sales"/);
  });

  it('shows its troubles, where "halted" would leave a dropdown empty without a word', async () => {
    const body = { statusCode: 400, message: 'No.' };
    connection.sandbox.fault({ path: '/opportunities/pipelines', status: 400, body });
    expect((await errorOf(connection.run(perform('pipeline_list')))).name).toBe('AppError');
    connection.sandbox.fault({ path: '/contacts/search', status: 400, body });
    expect((await errorOf(connection.run(perform('contact_list')))).name).toBe('AppError');
  });

  it('lists the users of the sub-account, without those who left', async () => {
    const users = await connection.run(perform('user_list'));
    expect(users.map(({ name }) => name).sort()).toEqual(Object.keys(connection.sandbox.seeded.users).sort());
    expect(users.map(({ id }) => id)).not.toContain(connection.sandbox.seeded.formerUserId);
  });

  it('lists users for a connection that does not know its agency', async () => {
    const { companyId: _, ...authData } = connection.authData;
    expect(await connection.run(perform('user_list'), {}, { bundle: { authData } })).not.toEqual([]);
  });

  it('lists contacts page by page and finds them as a person types', async () => {
    const all = await connection.run(perform('contact_list'));
    expect(all.length).toBeGreaterThan(10);
    const [first] = all;
    expect(first?.label).toBe(`${first?.name} (${first?.email ?? first?.phone})`);
    const found = await connection.run(perform('contact_list'), { search: String(first?.email) });
    expect(found.map(({ id }) => id)).toEqual([first?.id]);
    expect(await connection.run(perform('contact_list'), {}, { meta: { page: 1 } })).toEqual([]);
  });

  it('lists the reasons for losing an opportunity by name', async () => {
    const reasons = await connection.run(perform('lost_reason_list'));
    const { lostReasons } = connection.sandbox.seeded;
    expect(reasons).toEqual(
      expect.arrayContaining(Object.entries(lostReasons).map(([name, id]) => ({ id, name }))),
    );
  });

  it('lists the fields that can be watched, the person’s own among them where they may be read', async () => {
    const rows = await connection.run(perform('watched_field_list'));
    expect(rows.slice(0, 2)).toEqual([
      { id: 'name', name: 'Opportunity Name' },
      { id: 'monetary_value', name: 'Value' },
    ]);
    const { 'opportunity.plan': plan } = connection.sandbox.seeded.customFields;
    expect(rows).toContainEqual({ id: `custom_fields__${plan}`, name: 'Plan' });
    const authData = { ...connection.authData, scope: 'opportunities.readonly' };
    const few = await connection.run(perform('watched_field_list'), {}, { bundle: { authData } });
    expect(few.map(({ id }) => id)).toContain('status');
    expect(few.some(({ id }) => String(id).startsWith('custom_fields__'))).toBe(false);
  });

  it('lists no lost reason, and no opportunity, where there is none', async () => {
    const empty = await connect({ opportunities: 0 });
    empty.sandbox.state.lostReasons.clear();
    expect(await empty.run(perform('lost_reason_list'))).toEqual([]);
    expect(await empty.run(perform('opportunity_list'))).toEqual([]);
    await empty.close();
  });

  it('lists opportunities, the newest first, told apart by contact and pipeline', async () => {
    const opportunities = await connection.run(perform('opportunity_list'));
    const newest = [...connection.sandbox.state.opportunities.values()]
      .filter(({ locationId }) => locationId === connection.sandbox.locationId)
      .sort((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt));
    expect(opportunities.map(({ id }) => id)).toEqual(newest.map(({ id }) => id));
    const [first] = opportunities;
    expect(first?.label).toBe(`${first?.name} (${first?.contact_name}, ${first?.pipeline_name})`);
    expect(first).toMatchObject({ contact_name: expect.any(String), pipeline_name: expect.any(String) });
  });

  it('lists every opportunity once, page after page, without remembering where it was', async () => {
    const large = await connect({ opportunities: 230 });
    const page = async (number: number) =>
      (await large.run(perform('opportunity_list'), {}, { meta: { page: number } })).map(({ id }) => id);
    const pages = [await page(0), await page(1), await page(2), await page(3)];
    expect(pages.map(({ length }) => length)).toEqual([100, 100, 30, 0]);
    expect(new Set(pages.flat()).size).toBe(230);
    await large.close();
  });

  it('finds opportunities as a person types, and leaves the step’s own pipeline aside', async () => {
    const [first, other] = await connection.run(perform('opportunity_list'));
    connection.requests();
    connection.sandbox.clearRequests();
    const input = {
      search: String(first?.name),
      pipeline_id: other?.pipeline_id,
      stage_id: 'x',
      status: 'won',
    };
    expect((await connection.run(perform('opportunity_list'), input)).map(({ id }) => id)).toContain(
      first?.id,
    );
    expect(Object.keys(connection.sandbox.requests()[0]?.query ?? {}).sort()).toEqual([
      'limit',
      'locationId',
      'order',
      'page',
      'q',
    ]);
  });

  it('shows an opportunity without a name by its id', async () => {
    const { state, editOpportunity } = connection.sandbox;
    const [opportunity] = [...state.opportunities.values()];
    editOpportunity(opportunity?.id ?? '', { name: '' });
    const shown = (await connection.run(perform('opportunity_list'))).find(
      ({ id }) => id === opportunity?.id,
    );
    expect(shown).toMatchObject({
      name: opportunity?.id,
      label: expect.stringContaining(`${opportunity?.id} (`),
    });
  });
});
