import { afterAll, afterEach, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import type { Opportunity } from '../../local/sandbox/index.ts';
import { AMPLE } from '../support/ample.ts';
import { type Connection, connect, errorOf, sentenceOf } from '../support/connection.ts';
import { idsOf, searchRuns } from '../support/inputs.ts';
import { describeOf, type Inputs } from '../support/operation.ts';

const describe = describeOf(import.meta.filename);

export const inputs: Inputs = {
  find_opportunity: {
    live: ['Search by a name, then by a custom field', 'both find it'],
    runs: (sandbox) => {
      const { all, least } = searchRuns(sandbox);
      const { opportunityId } = idsOf(sandbox);
      const [first, second] = all;
      return {
        all: [
          ...all,
          { inputData: { ...first?.inputData, opportunity_id: opportunityId, match_by: 'identity' } },
          { inputData: { ...second?.inputData, prefer: 'newest_first', include_contact: 'yes' } },
        ],
        least: [...least, { inputData: { opportunity_id: opportunityId } }],
      };
    },
    example: () => ({ status: 'lost' }),
  },
};

const PERFORM = 'searches.find_opportunity.operation.perform';
const CREATE = 'creates.create_opportunity.operation.perform';

describe('find_opportunity', () => {
  let connection: Connection;
  const find = (input: Record<string, unknown>) => connection.run(PERFORM, input);

  beforeAll(async () => {
    connection = await connect({
      opportunities: 12,
      ...AMPLE,
    });
    const names = ['Roof repair', 'Roof', 'roof inspection', 'New roof'];
    for (const [index, name] of names.entries()) {
      await connection.run(CREATE, {
        contact_id: connection.sandbox.seeded.contactIds.at(-1 - index),
        pipeline_id: 'Onboarding',
        name,
        status: name === 'Roof' ? 'lost' : 'open',
      });
    }
  });
  afterAll(() => connection.close());
  beforeEach(() => {
    connection.requests();
  });

  it('prefers exactly the name, before one that begins with it, before one that has it', async () => {
    expect(await find({ name: 'ROOF ' })).toMatchObject([{ name: 'Roof', pipeline_name: 'Onboarding' }]);
    expect(await find({ name: 'roof i' })).toEqual([]);
    expect(await find({ name: 'roof', status: 'open' })).toEqual([]);
    expect(await find({ name: 'roof i', name_match: 'part' })).toMatchObject([{ name: 'roof inspection' }]);
    expect(await find({ name: 'roof', name_match: 'A Part of the Name', status: 'open' })).toMatchObject([
      { name: 'roof inspection' },
    ]);
  });

  it('finds nothing with an empty list', async () => {
    expect(await find({ name: 'No such opportunity' })).toEqual([]);
    expect(await find({ name: 'Roof', pipeline_id: 'Sales' })).toEqual([]);
  });

  it('does not mistake the contact’s name for the opportunity’s', async () => {
    const opportunity = [...connection.sandbox.state.opportunities.values()].find(
      ({ name }) => name === 'Roof',
    );
    const contact = connection.sandbox.state.contacts.get(opportunity?.contactId ?? '');
    expect(await find({ name: `${contact?.firstName} ${contact?.lastName}` })).toEqual([]);
  });

  it('finds by contact, stage and owner', async () => {
    const opportunity = [...connection.sandbox.state.opportunities.values()].find(
      ({ assignedTo }) => assignedTo && Object.values(connection.sandbox.seeded.users).includes(assignedTo),
    );
    expect(
      await find({
        contact_id: opportunity?.contactId,
        stage_id: opportunity?.pipelineStageId,
        owner_id: opportunity?.assignedTo,
      }),
    ).toMatchObject([
      {
        contact_id: opportunity?.contactId,
        stage_id: opportunity?.pipelineStageId,
        owner_id: opportunity?.assignedTo,
      },
    ]);
  });

  describe('by the contact’s email and phone', () => {
    const opportunities = () =>
      [...connection.sandbox.state.opportunities.values()].filter(
        ({ locationId }) => locationId === connection.sandbox.locationId,
      );
    const person = () => {
      const [one] = opportunities();
      const contact = connection.sandbox.state.contacts.get(one?.contactId ?? '');
      if (!one || !contact?.email) throw new Error('The first opportunity’s contact has no email.');
      return { one, contact, email: contact.email };
    };

    it('looks the contact up and then asks for that contact’s opportunities', async () => {
      const { contact, email } = person();
      await find({ contact_email: email });
      connection.requests();
      const found = await find({ contact_email: email.toUpperCase() });
      expect(found).toMatchObject([{ contact_id: contact.id, contact_email: email }]);
      expect(connection.requests()).toEqual(['GET /contacts/search/duplicate', 'GET /opportunities/search']);
    });

    it('takes the phone where no contact has the email, and nobody where the ID is of another', async () => {
      const { contact, email } = person();
      contact.phone = '+12025550177';
      const byPhone = { contact_email: 'nobody@example.com', contact_phone: '+12025550177' };
      expect(await find(byPhone)).toMatchObject([{ contact_id: contact.id }]);
      expect(await find({ contact_email: email, contact_id: contact.id })).toHaveLength(1);
      expect(await find({ contact_email: `<${email}>` })).toHaveLength(1);
      expect(await find({ contact_email: '<>' })).toEqual([]);
      const other = opportunities().find(({ contactId }) => contactId !== contact.id)?.contactId;
      expect(await find({ contact_email: email, contact_id: other })).toEqual([]);
    });

    it('finds nothing where there is no such contact, whatever else would match, and asks for no opportunity', async () => {
      const { one } = person();
      for (const names of [[], ['no-contact-400'], ['no-contact-404']] as const) {
        connection.sandbox.setContraries(names);
        connection.requests();
        expect(await find({ contact_email: 'nobody@example.com', pipeline_id: one.pipelineId })).toEqual([]);
        expect(connection.requests().filter((path) => path.includes('/opportunities/search'))).toEqual([]);
      }
      connection.sandbox.setContraries([]);
    });

    it('is left aside where another system’s ID decides', async () => {
      const { one } = person();
      const field = connection.sandbox.seeded.customFields['opportunity.external_id'] ?? '';
      connection.sandbox.editOpportunity(one.id, { customFields: [{ id: field, value: 'X-99' }] });
      const input = { contact_email: 'nobody@example.com', search_field: field, search_field_value: 'X-99' };
      expect(await find({ ...input, match_by: 'custom_field' })).toMatchObject([{ id: one.id }]);
      expect(await find(input)).toEqual([]);
    });
  });

  it('finds no random opportunity when it is asked for nothing', async () => {
    expect(await find({ name: '', contact_id: ' ' })).toEqual([]);
    expect(connection.requests()).toEqual([]);
  });

  it('asks HighLevel for 75 characters at most, and compares the whole name', async () => {
    const name = `${'A very long name '.repeat(6)}end`;
    await connection.run(CREATE, {
      contact_id: connection.sandbox.seeded.contactIds.at(-6),
      pipeline_id: 'Onboarding',
      name,
    });
    expect(await find({ name })).toMatchObject([{ name }]);
    const [search] = connection.sandbox.requests().filter(({ path }) => path === '/opportunities/search');
    expect(search?.query.q).toBe(
      'A very long name A very long name A very long name A very long name A very',
    );
    expect(await find({ name: `${name} and more` })).toEqual([]);
  });

  it('says what is wrong with a name that nothing bears', async () => {
    const error = await errorOf(find({ name: 'Roof', owner_id: 'Nobody' }));
    expect(error.name).toBe('HaltedError');
    expect(sentenceOf(error)).toMatch(/^Owner: there is no user called "Nobody"/);
  });
});

const DAY = 86_400_000;
const POST = 'POST /opportunities/search';
const GET = 'GET /opportunities/search';

describe('find_opportunity by more than the list can filter', () => {
  let connection: Connection;
  const find = (input: Record<string, unknown>, meta?: Record<string, unknown>) =>
    connection.run(PERFORM, input, { meta });
  const opportunities = () =>
    [...connection.sandbox.state.opportunities.values()].filter(
      ({ locationId }) => locationId === connection.sandbox.locationId,
    );
  const edit = (opportunity: Opportunity | undefined, changes: Partial<Opportunity>) =>
    connection.sandbox.editOpportunity(opportunity?.id ?? '', changes);
  const own = (name: string) =>
    [...connection.sandbox.state.customFields.values()].find(
      (field) =>
        field.name === name &&
        field.model === 'opportunity' &&
        field.locationId === connection.sandbox.locationId,
    )?.id ?? '';
  /** Only requests that search, without the lists of names. */
  const searched = () =>
    connection.requests().filter((request) => /opportunities\/(search|\w{20})$/.test(request));

  beforeAll(async () => {
    connection = await connect(AMPLE);
  });
  afterAll(() => connection.close());
  beforeEach(() => {
    connection.sandbox.clearFaults();
    connection.requests();
  });

  it('finds by id with one direct read, which has no lag', async () => {
    const [opportunity] = opportunities();
    expect(await find({ opportunity_id: opportunity?.id })).toMatchObject([
      { id: opportunity?.id, was_created: false },
    ]);
    expect(searched()).toEqual([`GET /opportunities/${opportunity?.id}`]);
  });

  it('says what can be no id, where nothing found would make another opportunity', async () => {
    for (const text of ['Roof repair', '..']) {
      const error = await errorOf(find({ opportunity_id: text }));
      expect(sentenceOf(error)).toContain(`Opportunity: "${text}" is not an ID.`);
    }
    expect(connection.requests()).toEqual([]);
    const [opportunity] = opportunities();
    expect(await find({ opportunity_id: `\u200b${opportunity?.id}\u200b` })).toHaveLength(1);
  });

  it('finds nothing by the id of an opportunity that is gone, or is not as asked', async () => {
    const [opportunity] = opportunities();
    const other = opportunity?.status === 'open' ? 'won' : 'open';
    expect(await find({ opportunity_id: 'doesnotexist00000000' })).toEqual([]);
    expect(await find({ opportunity_id: opportunity?.id, status: other })).toEqual([]);
  });

  it.each([
    'External ID',
    'external_id',
    'opportunity.external_id',
  ])('finds the opportunity that holds another system’s id in the field called %s', async (search_field) => {
    const opportunity = opportunities()[7];
    edit(opportunity, { customFields: [{ id: own('External ID'), value: 'sF-00Q5x' }] });
    expect(await find({ search_field, search_field_value: 'sF-00Q5x' })).toMatchObject([
      { id: opportunity?.id },
    ]);
    expect(await find({ search_field, search_field_value: 'sf-00q5X' })).toEqual([]);
    expect(await find({ search_field, search_field_value: 'sF-00Q5' })).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ['Seats', 4711, '4,711'],
    ['Setup Fee', 812.5, '812.50'],
    ['Contract Date', '2031-02-03', '2031-02-03T00:00:00-06:00'],
    ['Plan', 'Scale', 'scale'],
    ['Services', ['Ads', 'Consulting'], 'Consulting'],
    ['Decision Makers', { Buyer: 'Zed Zorn' }, 'zed zorn'],
  ])('finds by the custom field %s', async (name, value, sought) => {
    for (const opportunity of opportunities()) edit(opportunity, { customFields: [] });
    const opportunity = opportunities()[11];
    edit(opportunity, { customFields: [{ id: own(name), value }] });
    const found = await find({ search_field: own(name), search_field_value: sought });
    expect(found).toMatchObject([{ id: opportunity?.id }]);
  });

  it('offers the person’s own fields in a dropdown, and none where it may not read them', async () => {
    const fields = (authData = connection.authData) =>
      connection.run<{ key: string; choices?: Record<string, string> }[]>(
        'searches.find_opportunity.operation.inputFields',
        {},
        { bundle: { authData } },
      );
    const field = (await fields()).find(({ key }) => key === 'search_field');
    expect(field?.choices?.[own('External ID')]).toBe('External ID');
    const bare = await fields({ ...connection.authData, scope: 'opportunities.readonly' });
    expect(bare.map(({ key }) => key)).not.toContain('search_field');
  });

  it('finds by value, source and lost reason in one advanced search', async () => {
    const opportunity = opportunities()[3];
    const [reason] = [...connection.sandbox.state.lostReasons.values()];
    edit(opportunity, {
      monetaryValue: 77_777.5,
      source: 'Trade Fair',
      lostReasonId: reason?.id,
      status: 'lost',
    });
    const input = {
      min_value: '77,000',
      max_value: 78_000,
      source: 'Trade Fair',
      lost_reason_id: reason?.name,
      status: 'lost',
    };
    expect(await find(input)).toMatchObject([{ id: opportunity?.id }]);
    expect(searched()).toEqual([POST]);
    expect(await find({ min_value: 90_000 })).toEqual([]);
  });

  it('finds by days, which are whole in the Zap’s time zone', async () => {
    const opportunity = opportunities()[5];
    // 23:30 of 9 July in Chicago.
    edit(opportunity, { createdAt: '2025-07-10T04:30:00.000Z', updatedAt: '2025-07-10T04:30:00.000Z' });
    const on = (day: string, zone: string) =>
      find({ created_from: day, created_to: day }, { timezone: zone }).then(({ length }) => length);
    expect(await on('2025-07-09', 'America/Chicago')).toBe(1);
    expect(await on('2025-07-10', 'America/Chicago')).toBe(0);
    expect(await on('2025-07-10', 'UTC')).toBe(1);
    expect(await find({ updated_to: '2025-07-10', updated_from: '2025-07-01' })).toHaveLength(1);
  });

  it('finds by the day of the last status change and by expected close', async () => {
    const opportunity = opportunities()[6];
    edit(opportunity, {
      status: 'won',
      lastStatusChangeAt: '2025-08-01T15:00:00.000Z',
      forecastExpectedCloseDate: '2033-03-04',
    });
    expect(await find({ status: 'won', status_changed_to: '2025-08-01' })).toMatchObject([
      { id: opportunity?.id },
    ]);
    expect(await find({ close_date_from: '2033-03-04' })).toMatchObject([{ id: opportunity?.id }]);
    expect(await find({ close_date_from: '2033-03-05' })).toEqual([]);
  });

  it('finds by a tag of the contact', async () => {
    const opportunity = opportunities()[8];
    const contact = connection.sandbox.state.contacts.get(opportunity?.contactId ?? '');
    if (contact) connection.sandbox.state.contacts.set(contact.id, { ...contact, tags: ['Golden Client'] });
    expect(await find({ contact_tag: 'golden client' })).toMatchObject([
      { contact_id: opportunity?.contactId },
    ]);
    expect(await find({ contact_tag: 'golden' })).toEqual([]);
  });

  it('takes the newest open opportunity though newer ones are closed, or the newest of all if so chosen', async () => {
    const newest = [...opportunities()].sort((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt));
    for (const [index, opportunity] of newest.entries())
      edit(opportunity, { status: index === 20 ? 'open' : 'won' });
    const pipeline = newest[20]?.pipelineId;
    expect(await find({ pipeline_id: pipeline })).toMatchObject([{ id: newest[20]?.id }]);
    const statuses = () =>
      connection.sandbox
        .requests()
        .filter(({ path }) => path === '/opportunities/search')
        .map(({ query }) => query?.status);
    expect(statuses()).toEqual([undefined]);
    // It may lie far behind a page of closed ones, and is asked for then.
    const imported = connection.sandbox.importOpportunities({
      count: 120,
      status: 'won',
      pipelineId: pipeline,
      events: false,
    });
    connection.sandbox.clearRequests();
    expect(await find({ pipeline_id: pipeline })).toMatchObject([{ id: newest[20]?.id }]);
    expect(statuses()).toEqual([undefined, 'open']);
    for (const id of imported) connection.sandbox.removeOpportunity(id);
    expect(await find({ pipeline_id: pipeline, prefer: 'newest_first' })).toMatchObject([
      { id: newest.find(({ pipelineId }) => pipelineId === pipeline)?.id },
    ]);
    expect(await find({ min_value: 0 })).toMatchObject([{ id: newest[20]?.id }]);
  });

  it('takes the open one of two opportunities of a name, or the newer one if so chosen', async () => {
    const [newer, older] = [...opportunities()].sort(
      (a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt),
    );
    edit(newer, { name: 'Twin', status: 'lost' });
    edit(older, { name: 'Twin', status: 'open' });
    expect(await find({ name: 'twin' })).toMatchObject([{ id: older?.id }]);
    expect(await find({ name: 'twin', prefer: 'newest_first' })).toMatchObject([{ id: newer?.id }]);
    edit(older, { name: 'Twin of another' });
    expect(await find({ name: 'twin' })).toMatchObject([{ id: newer?.id }]);
  });

  it.each([
    'search_field',
    'lost_reason_id',
  ])('asks the search for an opportunity by id and %s, which the read of one opportunity may leave out', async (other) => {
    const [reason] = connection.sandbox.state.lostReasons.values();
    const [opportunity] = opportunities();
    edit(opportunity, {
      customFields: [{ id: own('External ID'), value: 'EXT-9' }],
      lostReasonId: reason?.id,
      status: 'lost',
    });
    const input =
      other === 'search_field'
        ? { search_field: own('External ID'), search_field_value: 'EXT-9' }
        : { lost_reason_id: reason?.id };
    connection.requests();
    expect(await find({ opportunity_id: opportunity?.id, ...input })).toMatchObject([
      { id: opportunity?.id },
    ]);
    expect(searched()).toEqual(['POST /opportunities/search']);
  });

  it.each([
    [[{ name: 'Roof' }], /gave an opportunity without an ID or/],
    [[{ name: 'Roof' }, { name: 'Roof 2' }], /gave 2 opportunities without an ID or/],
  ])('does not take rows without an ID for none, nor stops where one has its ID', async (rows, sentence) => {
    const answer = (opportunities: unknown[]) =>
      connection.sandbox.fault({
        method: 'GET',
        path: '/opportunities/search',
        status: 200,
        body: { opportunities, meta: { total: opportunities.length } },
      });
    answer(rows);
    const error = await errorOf(find({ name: 'Roof' }));
    expect(error.name).toBe('HaltedError');
    expect(sentenceOf(error)).toMatch(sentence);
    expect(sentenceOf(error)).toMatch(/look for it by Opportunity\b/);
    answer([...rows, { id: 'roof1', name: 'Roof' }]);
    expect(await find({ name: 'Roof' })).toMatchObject([{ id: 'roof1' }]);
  });

  it('identifies an opportunity without the fields that change', async () => {
    const opportunity = opportunities()[2];
    const input = {
      contact_id: opportunity?.contactId,
      pipeline_id: opportunity?.pipelineId,
      min_value: 10_000_000,
    };
    expect(await find(input)).toEqual([]);
    expect(await find({ ...input, match_by: 'identity' })).toMatchObject([{ id: opportunity?.id }]);
    const part = opportunity?.name.slice(0, 5);
    expect(await find({ name: part })).toEqual([]);
    expect(await find({ name: part, name_match: 'part' })).toHaveLength(1);
    expect(await find({ name: part, name_match: 'part', match_by: 'identity' })).toHaveLength(1);
    expect(await find({ name: part, match_by: 'identity' })).toEqual([]);
    expect(await find({ min_value: 0, match_by: 'identity' })).toEqual([]);
  });

  it.each([
    [
      'a value without its field',
      { search_field_value: 'x' },
      /^Custom Field: this is empty, while Custom Field Value/,
    ],
    [
      'a field without a value',
      { search_field: 'Seats' },
      /^Custom Field Value: this is empty, while Custom Field/,
    ],
    [
      'a key that code wrote for none',
      { search_field: 'External ID', search_field_value: 'undefined', match_by: 'custom_field' },
      /^Custom Field Value: "undefined" is what code or a sheet writes in the place of a value/,
    ],
    ['a name that is none', { name: 'null' }, /^Opportunity Name: "null" is what code/],
    ['a source that was lost', { source: '#N/A' }, /^Source: "#N\/A" is what code/],
    ['a tag that was lost', { contact_tag: { a: 1 } }, /^Contact Tag: "\[object Object\]" is what code/],
    [
      'an unknown field',
      { search_field: 'Nope', search_field_value: 'x' },
      /^Custom Field: there is no custom field called "Nope"/,
    ],
    [
      'a range that runs backwards',
      { min_value: 5, max_value: 4 },
      /^Maximum Value: 4 is less than 5, which Minimum Value says/,
    ],
    [
      'days that run backwards',
      { created_from: '2026-02-02', created_to: '2026-02-01' },
      /^Created To: 2026-02-01 is before 2026-02-02/,
    ],
    ['a bad number', { min_value: 'lots' }, /^Minimum Value: "lots" is not a number/],
    ['a bad day', { close_date_to: 'soon' }, /^Expected Close To: "soon" is not a date/],
    [
      'an unknown lost reason',
      { lost_reason_id: 'Nope' },
      /^Lost Reason: there is no lost reason called "Nope"/,
    ],
    ['an unknown choice', { name: 'x', prefer: 'best' }, /^Prefer: "best" is not one of the choices/],
  ])('stops at %s', async (_, input, sentence) => {
    const error = await errorOf(find(input));
    expect(error.name).toBe('HaltedError');
    expect(sentenceOf(error)).toMatch(sentence);
    expect(searched()).toEqual([]);
  });

  it.each([
    401, 422,
  ])('reads the list instead where HighLevel refuses the advanced search with %s', async (status) => {
    connection.forget();
    edit(opportunities()[4], { monetaryValue: 123_456 });
    connection.sandbox.fault({
      method: 'POST',
      path: '/opportunities/search',
      status,
      times: 9,
      body: { message: 'no' },
    });
    const found = await find({ min_value: 123_456, prefer: 'newest_first' });
    expect(found).toMatchObject([{ id: opportunities()[4]?.id }]);
    expect(searched()).toEqual([POST, GET]);
  });

  it('believes an answer without rows only when the list has none either', async () => {
    connection.forget();
    const opportunity = opportunities()[9];
    edit(opportunity, { monetaryValue: 222_222 });
    connection.sandbox.fault({
      method: 'POST',
      path: '/opportunities/search',
      status: 201,
      times: 9,
      body: { opportunities: [], total: 0, aggregations: {} },
    });
    expect(await find({ min_value: 222_222 })).toMatchObject([{ id: opportunity?.id }]);
    expect(await find({ min_value: 333_333 })).toEqual([]);
  });

  it('lets an expired token be refreshed', async () => {
    connection.forget();
    connection.sandbox.fault({
      path: '/opportunities/search',
      status: 401,
      times: 9,
      body: { message: 'Invalid JWT' },
    });
    expect((await errorOf(find({ min_value: 1 }))).name).toBe('RefreshAuthError');
  });

  it('finds what was created within the lag of the search', async () => {
    connection.sandbox.setSettings({ searchLagMs: 60_000 });
    const contact_id = connection.sandbox.seeded.contactIds.at(-2);
    const [created] = [
      await connection.run<Record<string, unknown>>(CREATE, {
        contact_id,
        pipeline_id: 'Sales',
        name: 'Fresh one',
      }),
    ];
    expect(await find({ contact_id, name: 'fresh one' })).toMatchObject([{ id: created?.id }]);
    expect(await find({ contact_id, name: 'another' })).toEqual([]);
    expect(await find({ contact_id, name: 'fresh one', status: 'won' })).toEqual([]);
    connection.sandbox.setSettings({ searchLagMs: 0 });
    connection.sandbox.moveClock({ by: DAY });
  });
});

describe('find_opportunity among more than a page', () => {
  let connection: Connection;
  let newest: Opportunity[];
  let pipeline_id: string | undefined;
  const find = async (input: Record<string, unknown>) => {
    connection.sandbox.clearRequests();
    const [found] = await connection.run(PERFORM, { pipeline_id, ...input });
    return newest.findIndex(({ id }) => id === found?.id);
  };
  const edit = (index: number, changes: Partial<Opportunity>) =>
    connection.sandbox.editOpportunity(newest[index]?.id ?? '', changes);
  const asked = () =>
    connection.sandbox
      .requests()
      .filter(({ path }) => path === '/opportunities/search')
      .map(({ query }) => query?.status);

  beforeEach(async () => {
    connection = await connect({ opportunities: 0, ...AMPLE });
    pipeline_id = connection.sandbox.seeded.pipelines.Onboarding?.id;
    connection.sandbox.importOpportunities({
      count: 230,
      status: 'won',
      pipelineId: pipeline_id,
      events: false,
    });
    newest = [...connection.sandbox.state.opportunities.values()].filter(
      ({ pipelineId }) => pipelineId === pipeline_id,
    );
    for (const [index, { id }] of newest.entries()) {
      const createdAt = new Date(Date.now() - index * 60_000).toISOString();
      connection.sandbox.editOpportunity(id, { name: 'Harbor view', createdAt });
    }
  });
  afterEach(() => connection.close());

  it('takes the newest closed one where none is open, and asks no more where the newest is open', async () => {
    expect(await find({})).toBe(0);
    expect(asked()).toEqual([undefined, 'open']);
    edit(0, { status: 'open' });
    expect(await find({})).toBe(0);
    expect(asked()).toEqual([undefined]);
  });

  it('reads on by a part of a name while a better match may follow, and no further', async () => {
    const part = { name: 'harbor', name_match: 'part' };
    expect(await find(part)).toBe(0);
    edit(2, { status: 'open' });
    expect(await find(part)).toBe(2);
    // The whole name counts more than being open.
    edit(150, { name: 'Harbor' });
    expect(await find(part)).toBe(150);
    expect(asked()).toHaveLength(3);
    edit(5, { name: 'Harbor', status: 'open' });
    expect(await find(part)).toBe(5);
    expect(asked()).toHaveLength(1);
  });
});

describe('find_opportunity in a large account', () => {
  it('says that it cannot look through everything, instead of "nothing found"', async () => {
    const connection = await connect(AMPLE);
    connection.sandbox.importOpportunities({ count: 5200, events: false });
    const find = (input: Record<string, unknown>) => connection.run(PERFORM, input);
    const error = await errorOf(find({ contact_tag: 'unheard of' }));
    expect(error.name).toBe('HaltedError');
    expect(sentenceOf(error)).toMatch(
      /^This step looked through 5,000 opportunities and none of them matches/,
    );
    // As it does where HighLevel is slow, before Zapier ends it without a word.
    const { now } = Date;
    let asked = 0;
    connection.requests();
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => {
      asked = connection.sandbox.requests().length;
      return now() + asked * 8000;
    });
    expect(sentenceOf(await errorOf(find({ contact_tag: 'unheard of' })))).toMatch(
      /^This step looked through 1,000/,
    );
    clock.mockRestore();
    // One that is closed does match.
    const [closed = ''] = connection.sandbox.importOpportunities({ count: 1, events: false });
    connection.sandbox.editOpportunity(closed, { name: 'Closed one', status: 'won' });
    const { contactId } = connection.sandbox.opportunity(closed);
    connection.sandbox.state.contacts.get(contactId ?? '')?.tags.push('unheard of');
    for (const one of connection.sandbox.state.opportunities.values()) {
      if (one.contactId === contactId && one.id !== closed) one.status = 'lost';
    }
    connection.sandbox.context.index.rebuild();
    expect(sentenceOf(await errorOf(find({ contact_tag: 'unheard of' })))).toMatch(
      /^Prefer: "Closed one" matches and is won, and none of the [\d,]+ open opportunities that this step looked through does, but there are more than it can read in one run\. Choose "Newest First" to take it, or narrow the search down/,
    );
    expect(await find({ contact_tag: 'unheard of', prefer: 'newest_first' })).toMatchObject([{ id: closed }]);
    connection.sandbox.state.contacts.get(contactId ?? '')?.tags.pop();
    // Narrowed down it is sure.
    expect(await find({ contact_tag: 'unheard of', pipeline_id: 'Onboarding' })).toEqual([]);
    expect(await find({ name: 'Imported opportunity 17' })).toMatchObject([
      { name: 'Imported opportunity 17' },
    ]);
    await connection.close();
  });
});
