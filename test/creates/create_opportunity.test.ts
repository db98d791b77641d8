import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import createOpportunity from '../../creates/create_opportunity.ts';
import { AMPLE } from '../support/ample.ts';
import { type Connection, connect, errorOf, sentenceOf } from '../support/connection.ts';
import { idsOf, newOpportunity, ownFields, values } from '../support/inputs.ts';
import { describeOf, type Inputs } from '../support/operation.ts';
import { writes } from '../support/writes.ts';

const describe = describeOf(import.meta.filename);

export const inputs: Inputs = {
  create_opportunity: {
    live: ['Test the step', 'the board shows it'],
    runs: (sandbox) => {
      const known = idsOf(sandbox);
      const input = (contactId: string) => ({
        contact_id: contactId,
        pipeline_id: known.sales.id,
        name: 'Website for Harbor Cafe',
      });
      const full = (contactId: string) => ({
        ...input(contactId),
        ...values,
        ...ownFields(known),
        stage_id: known.secondStage,
        owner_id: known.owner,
        if_exists: 'update_any',
        value_rule: 'larger',
        lost_reason_id: known.lostReason,
      });
      const { contactId } = newOpportunity(sandbox);
      sandbox.setSettings({ acceptSource: true });
      return {
        all: [
          { inputData: { ...full(contactId), source: 'Webinar' } },
          { inputData: full(contactId) },
          { inputData: { ...full(newOpportunity(sandbox).contactId), status: 'lost' } },
        ],
        least: [{ inputData: input(newOpportunity(sandbox).contactId) }],
      };
    },
    example: ({ seeded }) => ({
      contact_id: seeded.contactIds[0],
      pipeline_id: 'Sales',
      name: 'Website',
    }),
  },
};

const PERFORM = 'creates.create_opportunity.operation.perform';

describe('create_opportunity', () => {
  let connection: Connection;

  beforeAll(async () => {
    connection = await connect({
      opportunities: 0,
      ...AMPLE,
    });
  });
  afterAll(() => connection.close());
  beforeEach(() => {
    connection.sandbox.state.opportunities.clear();
    connection.sandbox.context.index.rebuild();
    connection.requests();
  });

  const create = (over: Record<string, unknown> = {}) =>
    connection.run<Record<string, unknown>>(PERFORM, {
      contact_id: connection.sandbox.seeded.contactIds[0],
      pipeline_id: 'Sales',
      name: 'Website for Harbor Cafe',
      ...over,
    });
  const written = () => [...connection.sandbox.state.opportunities.values()];
  const lastBody = () =>
    connection.sandbox.context.log.entries.findLast(
      ({ method, path }) => method === 'POST' && path === '/opportunities/',
    )?.body;

  it('sends only what was set', async () => {
    await create({
      monetary_value: '',
      owner_id: null,
      probability: undefined,
      stage_id: ' ',
      expected_close_date: '',
    });
    expect(lastBody()).toEqual({
      locationId: connection.sandbox.locationId,
      contactId: connection.sandbox.seeded.contactIds[0],
      pipelineId: connection.sandbox.seeded.pipelines.Sales?.id,
      name: 'Website for Harbor Cafe',
      status: 'open',
    });
  });

  it('takes every field, by name or id, and answers with the opportunity as it now stands', async () => {
    const { pipelines, users } = connection.sandbox.seeded;
    const [ownerName, ownerId] = Object.entries(users)[0] ?? [];
    const result = await create({
      stage_id: 'negotiation',
      status: 'Won',
      monetary_value: '1,250.50',
      owner_id: ownerName,
      expected_close_date: '2026-12-31T00:00:00-06:00',
      probability: 0,
    });
    expect(result).toMatchObject({
      name: 'Website for Harbor Cafe',
      status: 'won',
      monetary_value: 1250.5,
      pipeline_id: pipelines.Sales?.id,
      pipeline_name: 'Sales',
      stage_id: pipelines.Sales?.stages.Negotiation,
      stage_name: 'Negotiation',
      owner_id: ownerId,
      owner_name: ownerName,
      expected_close_date: '2026-12-31',
      contact_name: expect.any(String),
      url: expect.stringContaining(String(result.id)),
    });
    expect(Object.keys(result).sort()).toEqual(Object.keys(createOpportunity.operation.sample ?? {}).sort());
    expect(written()).toMatchObject([{ forecastProbability: 0, forecastExpectedCloseDate: '2026-12-31' }]);
  });

  it('finds an owner by email address', async () => {
    const [id, user] =
      [...connection.sandbox.state.users.entries()].find(([id]) =>
        Object.values(connection.sandbox.seeded.users).includes(id),
      ) ?? [];
    expect(await create({ owner_id: user?.email.toUpperCase() })).toMatchObject({ owner_id: id });
  });

  it.each([
    ['an empty contact', { contact_id: '' }, /^Contact: this is empty/],
    ['an empty name', { name: '  ' }, /^Opportunity Name: this is empty/],
    ['a bad value', { monetary_value: 'a lot' }, /^Value: "a lot" is not an amount/],
    ['a bad date', { expected_close_date: '2026-06-31' }, /^Expected Close Date: /],
    ['a bad probability', { probability: '110' }, /^Probability: /],
    ['a bad status', { status: 'all' }, /^Status: /],
    ['an unknown pipeline', { pipeline_id: 'Nope' }, /^Pipeline: there is no pipeline called "Nope"/],
    [
      'a stage of another pipeline',
      { stage_id: 'Kickoff' },
      /^Stage: there is no stage of the pipeline "Sales" called "Kickoff"/,
    ],
    ['an unknown owner', { owner_id: 'Nobody' }, /^Owner: there is no user called "Nobody"/],
  ])('stops at %s, and writes nothing', async (_, over, sentence) => {
    const error = await errorOf(create(over));
    expect(error.name).toBe('HaltedError');
    expect(sentenceOf(error)).toMatch(sentence);
    expect(written()).toEqual([]);
  });

  it('says which field is at fault when HighLevel does not know the contact', async () => {
    const error = await errorOf(create({ contact_id: 'doesnotexist00000000' }));
    expect(error.name).toBe('HaltedError');
    expect(sentenceOf(error)).toMatch(/HighLevel could not create the opportunity.*trace ID/s);
  });

  it('stops at a duplicate with the name and the link of the opportunity that is there', async () => {
    const first = await create();
    const error = await errorOf(create({ name: 'Again' }));
    expect(error.name).toBe('HaltedError');
    expect(sentenceOf(error)).toContain(`"Website for Harbor Cafe" (${first.url})`);
    expect(written()).toHaveLength(1);
  });

  it.each([
    429, 401, 500,
  ])('answers with the opportunity that it made even where its names cannot be had (%d), as an error would make a second one', async (status) => {
    const { sandbox } = connection;
    connection.forget();
    const path = `/locations/${sandbox.locationId}/customFields`;
    sandbox.fault({ path, status, body: { statusCode: status, message: 'Not now' } });
    const result = await create();
    expect(written()).toMatchObject([{ id: result.id }]);
    expect(result).toMatchObject({ was_created: true, is_test: false, custom_fields: {} });
  });

  it('makes a second opportunity of the contact in another pipeline', async () => {
    await create();
    await create({ pipeline_id: 'Onboarding' });
    expect(written()).toHaveLength(2);
  });

  it('leaves the source out where the account does not let integrations set it, and says so', async () => {
    const result = await create({ source: 'Webinar' });
    expect(result).toMatchObject({
      was_created: true,
      source: null,
      notice: 'Source: it was left out, because this sub-account does not let integrations set it.',
    });
    expect(written()).toHaveLength(1);
  });

  it('sends no source for a day after it was refused', async () => {
    await create({ source: 'Webinar' });
    connection.requests();
    const again = await create({ source: 'Webinar', pipeline_id: 'Onboarding' });
    expect(again).toMatchObject({ was_created: true, notice: expect.stringMatching(/^Source: /) });
    expect(connection.requests().filter((request) => request === 'POST /opportunities/')).toHaveLength(1);
  });

  it('sets the source where the account allows it', async () => {
    connection.forget();
    connection.sandbox.context.settings.acceptSource = true;
    expect(await create({ source: 'Webinar' })).toMatchObject({ source: 'Webinar' });
    connection.sandbox.context.settings.acceptSource = false;
  });

  it('says that it was created, and that it was no test', async () => {
    expect(await create()).toMatchObject({ was_created: true, is_test: false });
  });

  it('refuses a contact by name, and a strange choice for an existing opportunity', async () => {
    expect(sentenceOf(await errorOf(create({ contact_id: 'Sam Reed' })))).toMatch(
      /^Contact: "Sam Reed" is not an ID/,
    );
    expect(sentenceOf(await errorOf(create({ if_exists: 'merge' })))).toMatch(
      /^If It Exists Already: "merge"/,
    );
    expect(connection.requests()).toEqual([]);
  });

  it('writes custom fields in the spelling of the version', async () => {
    const seats = connection.sandbox.seeded.customFields['opportunity.seats'] ?? '';
    // Looked at before the answer, as a sandbox that refuses another spelling would end the test without an assertion.
    const result = await create({ [`custom_field_${seats}`]: '12' }).catch((error: unknown) => error);
    expect(lastBody()).toMatchObject({ customFields: [{ id: seats, fieldValue: '12' }] });
    expect(result).toMatchObject({ custom_fields: { [seats]: 12 } });
  });

  describe('where the contact has an opportunity in the pipeline', () => {
    const before = { stage_id: 'Proposal Sent', status: 'won', monetary_value: 100, probability: 20 };

    it('updates that opportunity if so chosen, with what was set and nothing else', async () => {
      const existing = await create(before);
      connection.requests();
      const result = await create({
        name: 'Again',
        monetary_value: 200,
        source: '',
        if_exists: 'update_any',
      });
      const body = { name: 'Again', monetaryValue: 200 };
      expect(writes(connection)).toEqual([{ request: `PUT /opportunities/${existing.id}`, body }]);
      expect(result).toEqual({
        ...existing,
        name: 'Again',
        monetary_value: 200,
        updated_at: expect.any(String),
        was_created: false,
        status_before: 'won',
        stage_id_before: existing.stage_id,
        stage_name_before: 'Proposal Sent',
        value_before: 100,
      });
      expect(written()).toHaveLength(1);
    });

    it('moves that opportunity to the stage and status that were set', async () => {
      await create(before);
      const result = await create({
        stage_id: 'Closing',
        status: 'lost',
        if_exists: 'Update It Whatever Its Status',
      });
      expect(result).toMatchObject({ stage_name: 'Closing', status: 'lost', was_created: false });
    });

    const STATUSES = ['open', 'won', 'lost', 'abandoned'];
    const RULES: Record<string, Record<string, string>> = {
      stop: {},
      '': {},
      create: {},
      update_open: { open: 'updated', won: 'left', lost: 'left', abandoned: 'left' },
      update_or_reopen: { open: 'updated', won: 'left', lost: 'reopened', abandoned: 'reopened' },
      update_any: { open: 'updated', won: 'updated', lost: 'updated', abandoned: 'updated' },
    };
    const cases = Object.entries(RULES).flatMap(([rule, of]) =>
      STATUSES.map((status) => [rule, status, of[status] ?? 'stops'] as const),
    );

    it.each(cases)('by the rule "%s", one that is %s: %s', async (if_exists, status, fate) => {
      const { id } = await create({ ...before, status });
      const input = { name: 'Again', monetary_value: 500, if_exists };
      connection.requests();
      if (fate === 'stops') {
        for (const test_mode of ['yes', 'no']) {
          const error = await errorOf(create({ ...input, test_mode }));
          expect(sentenceOf(error)).toMatch(/^This contact already has an opportunity in this pipeline/);
        }
        expect(written()).toMatchObject([{ name: 'Website for Harbor Cafe', status, monetaryValue: 100 }]);
        return;
      }
      const changed = fate !== 'left';
      const expected = {
        id,
        name: changed ? 'Again' : 'Website for Harbor Cafe',
        monetary_value: changed ? 500 : 100,
        status: fate === 'reopened' ? 'open' : status,
        was_created: false,
        was_reopened: fate === 'reopened',
        was_left_alone: fate === 'left',
        status_before: status,
        value_before: 100,
      };
      expect(await create({ ...input, test_mode: 'yes' })).toMatchObject(expected);
      expect(writes(connection)).toEqual([]);
      expect(await create(input)).toMatchObject(expected);
      expect(writes(connection)).toHaveLength(changed ? 1 : 0);
      expect(written()).toHaveLength(1);
    });

    it('adds to the value that is there, or keeps the larger', async () => {
      await create(before);
      const again = (value_rule: string, monetary_value: string) =>
        create({ if_exists: 'update_any', value_rule, monetary_value });
      expect(await again('add', '20.10')).toMatchObject({ monetary_value: 120.1, value_before: 100 });
      expect(await again('larger', '50')).toMatchObject({ monetary_value: 120.1 });
      expect(await again('larger', '500')).toMatchObject({ monetary_value: 500 });
      expect(await again('', '5')).toMatchObject({ monetary_value: 5, value_before: 500 });
    });

    it('never changes an opportunity of another pipeline that HighLevel names in its refusal', async () => {
      const elsewhere = await create({ pipeline_id: 'Onboarding', name: 'Elsewhere' });
      connection.sandbox.fault({
        method: 'POST',
        path: '/opportunities/',
        status: 400,
        times: 1,
        body: {
          statusCode: 400,
          message: 'Can not create duplicate opportunity for the contact',
          code: 'OPPORTUNITY_NO_DUPLICATE',
          meta: { existingId: elsewhere.id },
        },
      });
      const error = await errorOf(create({ if_exists: 'update_any', name: 'Again' }));
      expect(sentenceOf(error)).toMatch(
        /^This contact already has an opportunity, of another pipeline: "Else/,
      );
      expect(written()).toMatchObject([{ name: 'Elsewhere' }]);
    });

    it('finds that opportunity where the refusal does not name it', async () => {
      await create(before);
      connection.sandbox.fault({
        method: 'POST',
        path: '/opportunities/',
        status: 400,
        times: 1,
        body: { statusCode: 400, message: 'duplicate opportunity', code: 'OPPORTUNITY_NO_DUPLICATE' },
      });
      const error = await errorOf(create());
      expect(sentenceOf(error)).toMatch(
        /^This contact already has an opportunity in this pipeline: "Website/,
      );
    });

    it('tells of the opportunity even where it cannot be read', async () => {
      await create();
      connection.sandbox.fault({ method: 'GET', path: '/opportunities/*', status: 500 });
      expect(sentenceOf(await errorOf(create()))).toMatch(
        /^This contact already has an opportunity.*Nothing was created/,
      );
      connection.sandbox.clearFaults();
    });

    it('stops in test mode as well', async () => {
      const existing = await create();
      connection.requests();
      const error = await errorOf(create({ name: 'Again', test_mode: true }));
      expect(error.name).toBe('HaltedError');
      expect(sentenceOf(error)).toContain(`"Website for Harbor Cafe" (${existing.url})`);
      expect(writes(connection)).toEqual([]);
    });

    it('shows in test mode what the existing opportunity would become', async () => {
      const existing = await create(before);
      connection.requests();
      const trial = await create({ name: 'Again', if_exists: 'update_any', test_mode: true });
      expect(trial).toMatchObject({
        id: existing.id,
        name: 'Again',
        status: 'won',
        monetary_value: 100,
        url: existing.url,
        was_created: false,
        is_test: true,
      });
      expect(writes(connection)).toEqual([]);
      expect(written()).toMatchObject([{ name: 'Website for Harbor Cafe' }]);
    });

    it('is no hindrance in an account that allows several', async () => {
      connection.sandbox.setLocation(connection.sandbox.locationId, { allowDuplicateOpportunity: true });
      await create();
      expect(await create({ test_mode: true, if_exists: 'create' })).toMatchObject({ was_created: true });
      expect(await create({ if_exists: 'create' })).toMatchObject({ was_created: true });
      expect(written()).toHaveLength(2);
      expect(await create({ name: 'Again', if_exists: 'update_open' })).toMatchObject({ was_created: false });
      expect(sentenceOf(await errorOf(create({ if_exists: 'stop' })))).toMatch(/^This contact already has/);
      expect(written()).toHaveLength(2);
      connection.sandbox.setLocation(connection.sandbox.locationId, { allowDuplicateOpportunity: false });
    });
  });

  describe('in test mode', () => {
    it('goes on from a contact that an earlier step in Test Mode would have made', async () => {
      const made = { contact_id: 'test-mode-nothing-saved' };
      const trial = await create({ ...made, if_exists: 'update_any', test_mode: 'yes' });
      expect(trial).toMatchObject({ ...made, id: 'test-mode-nothing-saved', was_created: true, url: null });
      const opportunity_id = trial.id;
      const run = (key: string, input: object) =>
        connection.run(`creates.${key}.operation.perform`, { opportunity_id, test_mode: 'yes', ...input });
      expect(await run('create_note', { body: 'x' })).toMatchObject({ opportunity_id, is_test: true });
      expect(await run('create_task', { title: 'x', due_date: 'tomorrow' })).toMatchObject({
        opportunity_id,
      });
      expect(await run('update_opportunity', { name: 'x' })).toMatchObject({ id: opportunity_id, name: 'x' });
      expect(await run('update_opportunity_status', { status: 'won' })).toMatchObject({ status: 'won' });
      expect(writes(connection)).toEqual([]);
      expect(sentenceOf(await errorOf(create(made)))).toMatch(
        /^Contact: this comes from a step in Test Mode, which saved nothing/,
      );
    });

    it('shows what would be made, makes nothing, and looks like a real run', async () => {
      const input = {
        monetary_value: 10,
        owner_id: Object.keys(connection.sandbox.seeded.users)[0],
        probability: 5,
      };
      const trial = await create({ ...input, test_mode: 'true' });
      expect(writes(connection)).toEqual([]);
      expect(written()).toEqual([]);
      const real = await create({ ...input, test_mode: 'false' });
      expect(trial).toEqual({
        ...real,
        id: 'test-mode-nothing-saved',
        url: null,
        effective_probability: null,
        created_at: expect.any(String),
        updated_at: expect.any(String),
        last_stage_change_at: expect.any(String),
        last_status_change_at: expect.any(String),
        is_test: true,
      });
      expect(trial).toMatchObject({ stage_name: 'New Lead', contact_name: expect.any(String) });
    });

    it.each([
      ['a contact that is not there', { contact_id: 'doesnotexist00000000' }, /could not read the contact/],
      ['a stage of another pipeline', { stage_id: 'Kickoff' }, /^Stage: /],
      ['a bad value', { monetary_value: 'a lot' }, /^Value: /],
    ])('stops at %s', async (_, over, sentence) => {
      const error = await errorOf(create({ ...over, test_mode: true }));
      expect(error.name).toBe('HaltedError');
      expect(sentenceOf(error)).toMatch(sentence);
    });

    it('misses a permission as a real run does', async () => {
      const authData = { ...connection.authData, scope: 'opportunities.readonly contacts.readonly' };
      const inputData = { contact_id: 'a', pipeline_id: 'Sales', name: 'A', test_mode: true };
      const error = await errorOf(connection.run(PERFORM, inputData, { bundle: { authData, inputData } }));
      expect(sentenceOf(error)).toMatch(/\(opportunities\.write\) was not granted/);
      expect(connection.requests()).toEqual([]);
    });
  });
});
