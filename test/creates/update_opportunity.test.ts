import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import updateOpportunity from '../../creates/update_opportunity.ts';
import { AMPLE } from '../support/ample.ts';
import { type Connection, connect, errorOf, sentenceOf } from '../support/connection.ts';
import { idsOf, newOpportunity, ownFields, values } from '../support/inputs.ts';
import { describeOf, type Inputs } from '../support/operation.ts';
import { keysOf, writes } from '../support/writes.ts';

const describe = describeOf(import.meta.filename);

export const inputs: Inputs = {
  update_opportunity: {
    live: ['Test the step with a new value', 'the card has the value, and nothing else changed'],
    runs: (sandbox) => {
      const known = idsOf(sandbox);
      const { id } = newOpportunity(sandbox);
      const place = { pipeline_id: known.sales.id, stage_id: known.secondStage };
      const inputData = {
        opportunity_id: id,
        ...place,
        ...values,
        ...ownFields(known),
        name: 'New name',
        owner_id: known.owner,
        only_if: 'any',
        value_rule: 'replace',
        status: 'lost',
        lost_reason_id: known.lostReason,
      };
      const clears = [
        'monetary_value',
        'owner_id',
        'expected_close_date',
        'probability',
        ...Object.keys(ownFields(known)).filter((key) => !key.includes('__')),
      ];
      return {
        all: [
          { inputData },
          { inputData: { opportunity_id: id, ...place, status: 'open' } },
          { inputData: { opportunity_id: id, fields_to_clear: clears } },
        ],
        least: [{ inputData: { opportunity_id: id, name: 'Another name' } }],
      };
    },
    example: ({ seeded }) => ({
      opportunity_id: seeded.opportunityIds[1],
      monetary_value: 4800,
    }),
  },
};

const PERFORM = 'creates.update_opportunity.operation.perform';
type Result = Record<string, unknown>;

describe('update_opportunity', () => {
  let connection: Connection;
  let opportunityId: string;

  beforeAll(async () => {
    connection = await connect({ opportunities: 0, ...AMPLE });
  });
  afterAll(() => connection.close());
  beforeEach(() => {
    const { sandbox } = connection;
    sandbox.clearFaults();
    sandbox.state.opportunities.clear();
    sandbox.context.index.rebuild();
    opportunityId = add('Sales', { name: 'Website for Harbor Cafe', monetaryValue: 4800 });
    connection.requests();
  });

  const pipeline = (name: string) => {
    const found = connection.sandbox.seeded.pipelines[name];
    if (!found) throw new Error(`There is no ${name}.`);
    return found;
  };
  const field = (key: string) => connection.sandbox.seeded.customFields[`opportunity.${key}`] ?? '';
  const add = (pipelineName: string, over: object = {}) =>
    connection.sandbox.addOpportunity({
      locationId: connection.sandbox.locationId,
      contactId: connection.sandbox.seeded.contactIds[0] ?? '',
      pipelineId: pipeline(pipelineName).id,
      name: 'Another opportunity',
      ...over,
    }).id;
  const update = (over: Result) =>
    connection.run<Result>(PERFORM, { opportunity_id: opportunityId, ...over });
  const sent = () => writes(connection);
  const put = (body: unknown) => [{ request: `PUT /opportunities/${opportunityId}`, body }];

  it('sends only what was set, and 0 counts as set', async () => {
    const result = await update({
      monetary_value: 0,
      name: '',
      pipeline_id: null,
      stage_id: ' ',
      status: undefined,
      owner_id: '',
      expected_close_date: '',
      probability: '',
      fields_to_clear: [],
      test_mode: '',
    });
    expect(sent()).toEqual(put({ monetaryValue: 0 }));
    expect(result).toMatchObject({ id: opportunityId, monetary_value: 0, is_test: false });
    expect(keysOf(result)).toEqual(keysOf(updateOpportunity.operation.sample));
  });

  it('takes every field, by name or id, in one request and answers with the opportunity as it now stands', async () => {
    const { users } = connection.sandbox.seeded;
    const [ownerName = '', ownerId] = Object.entries(users)[0] ?? [];
    const result = await update({
      name: 'Shop for Harbor Cafe',
      pipeline_id: 'onboarding',
      stage_id: 'Training',
      status: 'Won',
      monetary_value: '5,000.50',
      owner_id: ownerName,
      expected_close_date: '2026-12-31',
      probability: '60%',
      [`custom_field_${field('seats')}`]: '12',
    });
    expect(sent()).toEqual(
      put({
        name: 'Shop for Harbor Cafe',
        pipelineId: pipeline('Onboarding').id,
        pipelineStageId: pipeline('Onboarding').stages.Training,
        status: 'won',
        monetaryValue: 5000.5,
        assignedTo: ownerId,
        forecastExpectedCloseDate: '2026-12-31',
        forecastProbability: 60,
        customFields: [{ id: field('seats'), fieldValue: '12' }],
      }),
    );
    expect(result).toMatchObject({
      name: 'Shop for Harbor Cafe',
      pipeline_name: 'Onboarding',
      stage_name: 'Training',
      status: 'won',
      owner_name: ownerName,
      custom_fields: { [field('seats')]: 12 },
    });
  });

  describe('what it was', () => {
    const own = () => connection.sandbox.opportunity(opportunityId);

    it('is read first and shown, at two requests', async () => {
      const { status, monetaryValue, pipelineStageId } = own();
      connection.requests();
      expect(await update({ monetary_value: 777 })).toMatchObject({
        monetary_value: 777,
        was_created: false,
        was_reopened: false,
        was_left_alone: false,
        status_before: status,
        value_before: monetaryValue,
        stage_id_before: pipelineStageId,
        stage_name_before: expect.any(String),
      });
      expect(connection.requests()).toEqual([
        `GET /opportunities/${opportunityId}`,
        `PUT /opportunities/${opportunityId}`,
      ]);
    });

    it.each([
      ['replace', 1000, 250, 250],
      ['', 1000, 250, 250],
      ['Add to It', 0.1, '0.20', 0.3],
      ['larger', 1000, 250, 1000],
      ['larger', 1000, 2500, 2500],
      ['larger', 0, 0, 0],
    ])('counts by the rule "%s" from %s with %s to %s', async (value_rule, from, value, to) => {
      connection.sandbox.changeOpportunity(opportunityId, { monetaryValue: from });
      const result = await update({ value_rule, monetary_value: value, name: 'Counted' });
      expect(result).toMatchObject({ monetary_value: to, value_before: from, name: 'Counted' });
      expect(own().monetaryValue).toBe(to);
    });

    it('lends its contact to an answer that names it by its ID alone', async () => {
      const path = `/opportunities/${opportunityId}`;
      const read = await connection.run<{ contact_name: string }[]>(
        'searches.find_opportunity.operation.perform',
        {
          opportunity_id: opportunityId,
        },
      );
      const body = { opportunity: own() };
      connection.sandbox.fault({ method: 'PUT', path, status: 200, body });
      expect(body.opportunity).not.toHaveProperty('contact');
      expect(await update({ name: 'Lent' })).toMatchObject({
        contact_id: own().contactId,
        contact_name: read[0]?.contact_name,
        contact_email: expect.any(String),
      });
    });

    it('is added to once, though the answer was lost and the step runs again', async () => {
      connection.sandbox.changeOpportunity(opportunityId, { monetaryValue: 100 });
      const input = { value_rule: 'add', monetary_value: 50 };
      connection.sandbox.fault({
        method: 'PUT',
        path: '/opportunities/*',
        status: 502,
        when: 'after',
      });
      const error = await errorOf(update(input));
      expect(sentenceOf(error)).toMatch(/saved all the same: look in HighLevel before you replay this step/);
      connection.sandbox.clearFaults();
      expect(own().monetaryValue).toBe(150);
      expect(await update(input)).toMatchObject({ monetary_value: 150 });
      expect(await update(input)).toMatchObject({ monetary_value: 200 });
    });

    it.each([
      [429, {}, 'ThrottledError', /too many requests/],
      [
        400,
        { message: 'lostReasonId is invalid' },
        'HaltedError',
        /other values of this step were saved: .*invalid/,
      ],
    ])('is added to once, though the status was refused with %d after it', async (status, body, name, sentence) => {
      connection.sandbox.changeOpportunity(opportunityId, { monetaryValue: 100, status: 'open' });
      const [reason] = Object.keys(connection.sandbox.seeded.lostReasons);
      const input = { value_rule: 'add', monetary_value: 50, status: 'lost', lost_reason_id: reason };
      const path = `/opportunities/${opportunityId}/status`;
      connection.sandbox.fault({ method: 'PUT', path, status, body });
      const error = await errorOf(update(input));
      expect([error.name, sentenceOf(error)]).toEqual([name, expect.stringMatching(sentence)]);
      expect(own().monetaryValue).toBe(150);
      // Another step that adds as much is no replay of this one.
      const other = { value_rule: 'add', monetary_value: 50 };
      expect(await update(other)).toMatchObject({ monetary_value: 200, value_before: 150 });
      connection.sandbox.changeOpportunity(opportunityId, { monetaryValue: 150 });
      expect(await update(input)).toMatchObject({ monetary_value: 150, value_before: 100, status: 'lost' });
      connection.sandbox.changeOpportunity(opportunityId, { status: 'open' });
      expect(await update(input)).toMatchObject({ monetary_value: 200, value_before: 150 });
    });

    it('is not put back to what an earlier run sent, where somebody changed it since', async () => {
      connection.sandbox.changeOpportunity(opportunityId, { monetaryValue: 100 });
      const input = { value_rule: 'add', monetary_value: 60 };
      connection.sandbox.fault({ method: 'PUT', path: '/opportunities/*', status: 502, when: 'after' });
      await errorOf(update(input));
      connection.sandbox.changeOpportunity(opportunityId, { monetaryValue: 1000 });
      const later = new Date(Date.now() + 3_600_000).toISOString();
      connection.sandbox.editOpportunity(opportunityId, { updatedAt: later });
      const error = await errorOf(update(input));
      expect([error.name, sentenceOf(error)]).toEqual([
        'HaltedError',
        expect.stringMatching(
          /^Value: .*was to add 60, and the value is another one since: 1000\. .*Nothing was changed this time\./,
        ),
      ]);
      expect(own().monetaryValue).toBe(1000);
      expect(await update(input)).toMatchObject({ monetary_value: 1060 });
    });

    it.each([
      ['open', 'open', true],
      ['open', 'lost', false],
      ['open', 'won', false],
      ['not_won', 'open', true],
      ['Not Won', 'abandoned', true],
      ['not_won', 'won', false],
      ['any', 'won', true],
      ['', 'won', true],
    ] as const)('may be a condition: "%s" of one that is %s', async (only_if, status, changes) => {
      connection.sandbox.changeOpportunity(opportunityId, { status, name: 'Before' });
      connection.requests();
      expect(await update({ only_if, name: 'After' })).toMatchObject({
        name: changes ? 'After' : 'Before',
        status,
        was_left_alone: !changes,
      });
      expect(connection.requests().some((request) => request.startsWith('PUT'))).toBe(changes);
    });

    it('leaves a won one alone in a find-or-create step, unless that is chosen', async () => {
      connection.sandbox.changeOpportunity(opportunityId, { status: 'won', monetaryValue: 9000 });
      const run = (input: object) =>
        connection.run(
          PERFORM,
          { opportunity_id: opportunityId, monetary_value: 500, ...input },
          { meta: { withSearch: 'find_opportunity' } },
        );
      expect(await run({})).toMatchObject({ monetary_value: 9000, was_left_alone: true });
      expect(await run({ only_if: 'any' })).toMatchObject({ monetary_value: 500, was_left_alone: false });
    });

    it('says that it was reopened, and sets a lost reason with other fields in one step', async () => {
      connection.sandbox.changeOpportunity(opportunityId, { status: 'open' });
      const [name, id] = Object.entries(connection.sandbox.seeded.lostReasons)[0] ?? [];
      const input = { status: 'lost', lost_reason_id: name, monetary_value: 5, stage_id: 'Negotiation' };
      expect(await update({ ...input, test_mode: 'yes' })).toMatchObject({
        status: 'lost',
        lost_reason_id: id,
      });
      expect(own()).toMatchObject({ status: 'open' });
      expect(await update(input)).toMatchObject({
        status: 'lost',
        lost_reason_id: id,
        lost_reason_name: name,
        monetary_value: 5,
        stage_name: 'Negotiation',
        notice: null,
      });
      expect(await update({ status: 'open', lost_reason_id: name })).toMatchObject({
        status: 'open',
        status_before: 'lost',
        was_reopened: true,
        notice: expect.stringContaining('Lost Reason: it was left out'),
      });
    });
  });

  describe('moving', () => {
    it('takes a stage by name in the pipeline where the opportunity is', async () => {
      expect(await update({ stage_id: 'negotiation' })).toMatchObject({ stage_name: 'Negotiation' });
      expect(sent()).toEqual(put({ pipelineStageId: pipeline('Sales').stages.Negotiation }));
    });

    it.each([
      'name',
      'id',
    ])('refuses a stage of another pipeline than the opportunity’s, by its %s', async (by) => {
      const stage = by === 'name' ? 'Kickoff' : pipeline('Onboarding').stages.Kickoff;
      const error = await errorOf(update({ stage_id: stage, name: 'New' }));
      expect(error.name).toBe('HaltedError');
      expect(sentenceOf(error)).toMatch(
        /^Stage: there is no stage of the pipeline "Sales" called .*"New Lead"/,
      );
      expect(sent()).toEqual([]);
    });

    it('refuses a stage that is not in the chosen pipeline', async () => {
      const error = await errorOf(update({ pipeline_id: 'Onboarding', stage_id: 'Contacted' }));
      expect(sentenceOf(error)).toMatch(
        /^Stage: there is no stage of the pipeline "Onboarding" called "Contacted"/,
      );
      expect(sent()).toEqual([]);
    });

    it('goes to the first stage of another pipeline, said to HighLevel and not left to it', async () => {
      expect(await update({ pipeline_id: 'Onboarding' })).toMatchObject({ stage_name: 'Kickoff' });
      expect(sent()).toEqual(
        put({
          pipelineId: pipeline('Onboarding').id,
          pipelineStageId: pipeline('Onboarding').stages.Kickoff,
        }),
      );
    });

    it('leaves an opportunity in its stage that is in that pipeline already', async () => {
      connection.sandbox.changeOpportunity(opportunityId, {
        pipelineStageId: pipeline('Sales').stages.Closing ?? '',
      });
      expect(await update({ pipeline_id: 'Sales', name: 'New' })).toMatchObject({ stage_name: 'Closing' });
      expect(sent()).toEqual(put({ name: 'New' }));
    });

    it('writes nothing where being in its pipeline is all that was asked', async () => {
      expect(await update({ pipeline_id: 'Sales' })).toMatchObject({
        id: opportunityId,
        pipeline_name: 'Sales',
      });
      expect(sent()).toEqual([]);
    });

    it('looks in test mode for none in the way where it stays in its pipeline', async () => {
      const wanted = { pipeline_id: 'Sales', monetary_value: 7, test_mode: true };
      expect(await update(wanted)).toMatchObject({ id: opportunityId, monetary_value: 7, is_test: true });
      expect(connection.requests()).not.toContain('GET /opportunities/search');
    });

    it('is not in its own way, in test mode', async () => {
      const shown = await update({ pipeline_id: 'Sales', name: 'New', test_mode: true });
      expect(shown).toMatchObject({ id: opportunityId, name: 'New', is_test: true });
      expect(connection.requests()).not.toContain('GET /opportunities/search');
    });

    it.each([
      ['for real', ''],
      ['in test mode', 'true'],
    ])('stops, %s, where the contact has an opportunity in that pipeline, and names it', async (_, test_mode) => {
      const other = add('Onboarding', { name: 'Onboarding of Harbor Cafe' });
      connection.requests();
      const error = await errorOf(update({ pipeline_id: 'Onboarding', test_mode }));
      expect(error.name).toBe('HaltedError');
      expect(sentenceOf(error)).toMatch(
        new RegExp(`"Onboarding of Harbor Cafe" \\(https://\\S*${other}\\). Nothing was changed`),
      );
      expect(connection.sandbox.opportunity(opportunityId).pipelineId).toBe(pipeline('Sales').id);
    });

    it('finds it in test mode though the contact is told inside the opportunity alone', async () => {
      add('Onboarding', { name: 'Onboarding of Harbor Cafe' });
      const { contactId, ...read } = connection.sandbox.opportunity(opportunityId);
      const opportunity = { ...read, contact: { id: contactId } };
      const path = `/opportunities/${opportunityId}`;
      connection.sandbox.fault({ method: 'GET', path, status: 200, body: { opportunity } });
      const error = await errorOf(update({ pipeline_id: 'Onboarding', test_mode: 'true' }));
      expect(sentenceOf(error)).toMatch(/already has an opportunity in this pipeline: "Onboarding of Harbor/);
    });
  });

  describe('clearing', () => {
    it('empties what was chosen, by key, label or the name of a custom field', async () => {
      await update({
        name: 'New',
        owner_id: Object.values(connection.sandbox.seeded.users)[0],
        expected_close_date: '2026-12-31',
        probability: 40,
        [`custom_field_${field('external_id')}`]: 'A-1',
        [`custom_field_${field('seats')}`]: '3',
      });
      connection.requests();
      const result = await update({
        fields_to_clear: [
          'monetary_value',
          'owner_id',
          'Expected Close Date',
          'probability',
          `custom_field_${field('external_id')}`,
          'seats',
        ],
      });
      expect(sent()).toEqual(
        put({
          monetaryValue: null,
          assignedTo: null,
          forecastExpectedCloseDate: null,
          forecastProbability: null,
          customFields: [
            { id: field('external_id'), fieldValue: null },
            { id: field('seats'), fieldValue: null },
          ],
        }),
      );
      expect(result).toMatchObject({
        name: 'New',
        monetary_value: 0,
        owner_id: null,
        expected_close_date: null,
        probability: null,
        // Emptied, both are left out of HighLevel's answer.
        custom_fields: {},
      });
    });

    it('sets and clears different fields in one request', async () => {
      await update({
        [`custom_field_${field('seats')}`]: '3',
        fields_to_clear: `probability,custom_field_${field('external_id')}`,
      });
      expect(sent()).toEqual(
        put({
          forecastProbability: null,
          customFields: [
            { id: field('seats'), fieldValue: '3' },
            { id: field('external_id'), fieldValue: null },
          ],
        }),
      );
    });

    it('refuses to set and clear one field', async () => {
      const seats = `custom_field_${field('seats')}`;
      for (const [input, sentence] of [
        [
          { monetary_value: 0, fields_to_clear: ['monetary_value'] },
          /^Value: this step both sets it and clears/,
        ],
        [{ [seats]: '3', fields_to_clear: [seats] }, /^Seats: this step both sets it and clears/],
      ] as const) {
        const error = await errorOf(update(input));
        expect(error.name).toBe('HaltedError');
        expect(sentenceOf(error)).toMatch(sentence);
      }
      expect(sent()).toEqual([]);
    });

    it.each(['name', 'stage_id', 'Nope'])('refuses to clear %s, and lists what can be', async (text) => {
      const error = await errorOf(update({ fields_to_clear: [text] }));
      expect(error.name).toBe('HaltedError');
      expect(sentenceOf(error)).toMatch(/^Fields to Clear: ".*" is not a field.*"Value".*"External ID"/);
      expect(sent()).toEqual([]);
    });

    it('offers the fields of the account among the choices', async () => {
      const fields = await connection.run<{ key: string; choices?: Record<string, string> }[]>(
        'creates.update_opportunity.operation.inputFields',
      );
      const { choices } = fields.find(({ key }) => key === 'fields_to_clear') ?? {};
      expect(choices).toMatchObject({
        monetary_value: 'Value',
        owner_id: 'Owner',
        [`custom_field_${field('external_id')}`]: 'External ID',
      });
    });
  });

  it('asks HighLevel nothing where nothing is set', async () => {
    const error = await errorOf(update({ name: ' ', fields_to_clear: [''] }));
    expect(error.name).toBe('HaltedError');
    expect(sentenceOf(error)).toMatch(/^There is nothing to change/);
    expect(connection.requests()).toEqual([]);
  });

  it.each([
    ['no opportunity', { opportunity_id: '' }, /^Opportunity: this is empty/],
    [
      'a name for an opportunity',
      { opportunity_id: 'Harbor Cafe' },
      /^Opportunity: "Harbor Cafe" is not an ID/,
    ],
    ['a bad value', { monetary_value: '-5' }, /^Value: /],
    ['a bad date', { expected_close_date: 'soon' }, /^Expected Close Date: /],
    ['a bad probability', { probability: 200 }, /^Probability: /],
    ['a bad status', { status: 'done' }, /^Status: /],
    ['an unknown owner', { owner_id: 'Nobody' }, /^Owner: there is no user called "Nobody"/],
    ['an unknown pipeline', { pipeline_id: 'Nope' }, /^Pipeline: there is no pipeline/],
    ['a strange test mode', { test_mode: 'perhaps' }, /^Test Mode: "perhaps" is neither/],
  ])('stops at %s, and writes nothing', async (_, over, sentence) => {
    const error = await errorOf(update({ name: 'New', ...over }));
    expect(error.name).toBe('HaltedError');
    expect(sentenceOf(error)).toMatch(sentence);
    expect(sent()).toEqual([]);
  });

  it('says that an opportunity is gone', async () => {
    const error = await errorOf(update({ opportunity_id: 'doesnotexist00000000', name: 'New' }));
    expect(error.name).toBe('HaltedError');
    expect(sentenceOf(error)).toMatch(/could not read the opportunity.*may have been deleted/s);
  });

  it('asks for the lost reason where HighLevel does', async () => {
    connection.sandbox.fault({ method: 'PUT', status: 400, body: { message: 'lostReasonId is required' } });
    const error = await errorOf(update({ status: 'lost' }));
    expect(error.name).toBe('HaltedError');
    expect(sentenceOf(error)).toMatch(
      /^Lost Reason: .*Nothing was changed\. Choose a Lost Reason in this step/,
    );
  });

  it('says which permission is missing before it asks HighLevel anything', async () => {
    const authData = { ...connection.authData, scope: 'opportunities.readonly' };
    const input = { opportunity_id: opportunityId, name: 'New', test_mode: true };
    const error = await errorOf(connection.run(PERFORM, input, { bundle: { authData, inputData: input } }));
    expect(sentenceOf(error)).toMatch(/\(opportunities\.write\) was not granted/);
    expect(connection.requests()).toEqual([]);
  });

  it('shows in test mode what would be, changes nothing, and looks like a real run', async () => {
    const input = {
      name: 'New',
      pipeline_id: 'Onboarding',
      status: 'won',
      [`custom_field_${field('seats')}`]: '12',
      fields_to_clear: ['monetary_value'],
    };
    const trial = await update({ ...input, test_mode: 'true' });
    expect(sent()).toEqual([]);
    expect(connection.sandbox.opportunity(opportunityId)).toMatchObject({ name: 'Website for Harbor Cafe' });
    const real = await update(input);
    const timeless = ({
      updated_at,
      last_stage_change_at,
      last_status_change_at,
      effective_probability,
      ...rest
    }: Result) => rest;
    expect(timeless(trial)).toEqual({ ...timeless(real), is_test: true });
  });

  it('shows in test mode the custom fields that a read by ID leaves out', async () => {
    const seats = field('seats');
    await update({ [`custom_field_${seats}`]: '12' });
    connection.forget();
    connection.sandbox.context.index.rebuild();
    connection.sandbox.setContraries(['record-without-fields']);
    expect(await update({ name: 'New', test_mode: 'true' })).toMatchObject({
      name: 'New',
      custom_fields: { [seats]: 12 },
    });
    const { contactId, pipelineId } = connection.sandbox.opportunity(opportunityId);
    const existing = { contact_id: contactId, pipeline_id: pipelineId, name: 'New', if_exists: 'update_any' };
    expect(
      await connection.run('creates.create_opportunity.operation.perform', {
        ...existing,
        test_mode: 'true',
      }),
    ).toMatchObject({ id: opportunityId, custom_fields: { [seats]: 12 } });
    connection.sandbox.setContraries([]);
    connection.forget();
  });

  it('finds out in test mode that an opportunity is gone', async () => {
    const error = await errorOf(
      update({ opportunity_id: 'doesnotexist00000000', name: 'New', test_mode: true }),
    );
    expect(sentenceOf(error)).toMatch(/could not read the opportunity.*may have been deleted/s);
  });
});
