import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
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

  it.each([
    ['opportunity_list', '/opportunities/search', 'opportunities', {}],
    ['contact_list', '/contacts/search', 'contacts', {}],
    ['task_list', '/contacts/*', 'tasks', { contact_id: 'c1' }],
    ['note_list', '/contacts/*', 'notes', { contact_id: 'c1' }],
  ])('offers what HighLevel lists twice once: %s', async (key, path, list, input) => {
    const one = { id: 'one1', name: 'One', title: 'One', body: 'One' };
    connection.sandbox.fault({ path, status: 200, body: { [list]: [one, one], total: 2 } });
    expect((await connection.run(perform(key), input)).map(({ id }) => id)).toEqual(['one1']);
  });

  it('lists the stages of the chosen pipeline in the order of the board', async () => {
    const { Sales } = connection.sandbox.seeded.pipelines;
    const pipeline = connection.sandbox.state.pipelines.get(Sales?.id ?? '');
    pipeline?.stages.reverse();
    const stages = await connection.run(perform('stage_list'), { pipeline_id: Sales?.id });
    expect(stages.map(({ name }) => name)).toEqual(Object.keys(Sales?.stages ?? {}));
  });

  it.each([
    ['comes from an earlier step', '{{123456__pipeline_id}}'],
    ['was deleted', 'gone'],
    ['is empty', ''],
  ])('offers the stages of each pipeline, with its name, where the chosen one %s', async (_, pipeline_id) => {
    const stages = await connection.run(perform('stage_list'), { pipeline_id });
    const { pipelines } = connection.sandbox.seeded;
    const names = Object.entries(pipelines).flatMap(([pipeline, { stages: own }]) =>
      Object.entries(own).map(([name, id]) => ({ id, name: `${name} (${pipeline})` })),
    );
    expect(stages).toEqual(expect.arrayContaining(names));
    expect(stages).toHaveLength(names.length);
  });

  it('knows a pipeline by a name from an earlier step as well', async () => {
    const stages = await connection.run(perform('stage_list'), { pipeline_id: 'sales' });
    expect(stages.map(({ name }) => name)).toEqual(
      Object.keys(connection.sandbox.seeded.pipelines.Sales?.stages ?? {}),
    );
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

  describe('under a usage limit', () => {
    const limit = (headers: Record<string, string>, times = 1) =>
      connection.sandbox.fault({ path: '/*', status: 429, times, headers, body: { message: 'Too many' } });
    afterEach(() => connection.sandbox.clearFaults());

    it.each([
      'pipeline_list',
      'user_list',
      'lost_reason_list',
      'workflow_list',
      'stage_list',
    ])('shows in %s what was known, without a word of it', async (key) => {
      const input = { pipeline_id: idsOf(connection.sandbox).sales.id };
      const before = await connection.run(perform(key), input);
      limit({}, 9);
      const began = Date.now();
      expect(await connection.run(perform(key), input)).toEqual(before);
      expect(Date.now() - began).toBeLessThan(2000);
    });

    it.each([
      'pipeline_list',
      'contact_list',
      'opportunity_list',
      'note_list',
      'task_list',
    ])('waits in %s for the window to end where nothing is known', async (key) => {
      connection.forget();
      const input = { contact_id: idsOf(connection.sandbox).contactId };
      limit({ 'retry-after': '0.1' });
      expect(Array.isArray(await connection.run(perform(key), input))).toBe(true);
    });

    it('says how long it will be where that is more than a moment', async () => {
      connection.forget();
      limit({ 'retry-after': '3600' });
      const error = await errorOf(connection.run(perform('pipeline_list')));
      expect(error.name).toBe('ThrottledError');
      expect(sentenceOf(error)).toMatch(/could not list the pipelines: Too many\./);
    });
  });

  it.each([
    'contact_list',
    'opportunity_list',
  ])('ends %s where HighLevel numbers no more pages', async (key) => {
    expect(await connection.run(perform(key), {}, { meta: { page: 100 } })).toEqual([]);
  });

  it.each([
    [
      'note_list',
      'notes',
      { title: 'Call', body: 'x', dateAdded: '2026-11-20T10:00:00Z' },
      'Call (2026-11-20)',
    ],
    ['note_list', 'notes', { body: '<p>Asked for <b>a quote</b></p>' }, 'Asked for a quote'],
    ['note_list', 'notes', { body: `  ${'long '.repeat(20)}` }, 'long '.repeat(12)],
    ['note_list', 'notes', { body: '' }, 'one1'],
    ['task_list', 'tasks', { title: 'Call back', completed: false }, 'Call back'],
    ['task_list', 'tasks', { title: 'Call back', completed: true }, 'Call back (completed)'],
    [
      'task_list',
      'tasks',
      { title: 'Call back', completed: true, dueDate: '2026-12-01T09:00:00Z' },
      'Call back (completed, 2026-12-01)',
    ],
    ['task_list', 'tasks', { title: '', completed: false }, 'one1'],
    ['task_list', 'tasks', { title: '', completed: true }, 'one1 (completed)'],
  ])('shows in %s what tells one from another: %s %j', async (key, list, fields, label) => {
    connection.sandbox.fault({
      path: `/contacts/c1/${list}`,
      status: 200,
      body: { [list]: [{ id: 'one1', ...fields }] },
    });
    expect(await connection.run(perform(key), { contact_id: 'c1' })).toEqual([{ id: 'one1', label }]);
  });

  it.each([
    [
      { firstName: 'Sam', lastName: 'Reed', email: 'sam@example.com', phone: '+12025550107' },
      'Sam Reed (sam@example.com)',
    ],
    [{ firstName: 'Sam', lastName: 'Reed', phone: '+12025550107' }, 'Sam Reed (+12025550107)'],
    [{ firstName: 'Sam', lastName: 'Reed' }, 'Sam Reed'],
    [{ email: 'sam@example.com' }, 'sam@example.com'],
  ])('shows in contact_list how a contact is reached where that says more than the name: %j', async (fields, label) => {
    connection.sandbox.fault({
      path: '/contacts/search',
      status: 200,
      body: { contacts: [{ id: 'c1', ...fields }], total: 1 },
    });
    expect((await connection.run(perform('contact_list'))).map((row) => row.label)).toEqual([label]);
  });

  it('shows in opportunity_list what is known of whose one is and where it stands', async () => {
    const { Sales } = connection.sandbox.seeded.pipelines;
    const contact = { id: 'c1', name: 'Sam Reed' };
    const label = async (fields: object) => {
      const opportunity = { id: 'one1', name: 'Website', ...fields };
      connection.sandbox.fault({
        path: '/opportunities/search',
        status: 200,
        body: { opportunities: [opportunity], meta: { total: 1 } },
      });
      return (await connection.run(perform('opportunity_list'))).map((row) => row.label);
    };
    expect(await label({ contact, pipelineId: Sales?.id })).toEqual(['Website (Sam Reed, Sales)']);
    expect(await label({ contact })).toEqual(['Website (Sam Reed)']);
    expect(await label({ pipelineId: Sales?.id })).toEqual(['Website (Sales)']);
    expect(await label({ pipelineId: 'gone' })).toEqual(['Website']);
  });

  it.each([
    'note_list',
    'task_list',
  ])('offers nothing in %s for a contact that is gone, and asks nothing for what is no ID', async (key) => {
    expect(await connection.run(perform(key), { contact_id: 'AAAAAAAAAAAAAAAAAAAA' })).toEqual([]);
    connection.sandbox.clearRequests();
    expect(await connection.run(perform(key), { contact_id: 'Sam Reed' })).toEqual([]);
    expect(connection.sandbox.requests()).toEqual([]);
  });

  it('says why it cannot list the workflows, where that is no question of permission', async () => {
    const lists = await connect({ opportunities: 0 });
    lists.sandbox.fault({ path: '/workflows/', status: 422, body: { message: 'Not today.' } });
    expect(sentenceOf(await errorOf(lists.run(perform('workflow_list'))))).toContain('Not today.');
    await lists.close();
  });

  it('offers no workflow, and no error, to a private token that may not list them', async () => {
    const body = { statusCode: 401, message: 'The token is not authorized for this scope.' };
    const token = await connect({ opportunities: 0 }, 'private-token');
    token.sandbox.fault({ path: '/workflows/', status: 401, body });
    expect(await token.run(perform('workflow_list'))).toEqual([]);
    await token.close();
  });
});
