import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import nock from 'nock';
import { normalise, type OpportunityRecord } from '../../highlevel/opportunities/record.ts';
import { type Sandbox, startSandbox } from '../../local/sandbox/index.ts';
import { caller } from '../local/sandbox/support/call.ts';
import { type Connection, connect } from '../support/connection.ts';

/**
 * Answers in the shapes that were recorded of HighLevel (2026-07-17, Version 2021-07-28), with values of our own: what
 * is null, what is left out, what stands there against the specification.
 */
const FIXTURES = join(import.meta.dirname, 'fixtures');

interface Answers {
  opportunities: OpportunityRecord[];
  opportunity: OpportunityRecord;
  pipelines: object[];
}

function fixture(name: string): Answers {
  return JSON.parse(readFileSync(join(FIXTURES, `${name}.json`), 'utf8')) as Answers;
}

const row = (name: string) => fixture(name).opportunities[0] ?? { id: '' };

const EMPTY = {
  id: 'Zt4kWq8XbN2mVc6LpR1s',
  name: 'Greenhouse for Alder Farm',
  status: 'open',
  monetary_value: 0,
  pipeline_id: 'Hy5gTf3RdE9wQa7KjM0n',
  pipeline_name: null,
  stage_id: '0f1e2d3c-4b5a-4978-8697-a5b4c3d2e1f0',
  stage_name: null,
  owner_id: null,
  owner_name: null,
  owner_email: null,
  contact_id: 'Bn6vCx2Zs8Lk4Jh1Gf9d',
  contact_name: 'Robin Alder',
  contact_email: null,
  contact_phone: null,
  contact_company_name: null,
  contact_tags: [],
  source: null,
  lost_reason_id: null,
  lost_reason_name: null,
  expected_close_date: null,
  probability: null,
  effective_probability: null,
  follower_ids: [],
  created_at: '2026-07-10T08:00:00.000Z',
  updated_at: '2026-07-10T08:00:00.000Z',
  last_stage_change_at: '2026-07-10T08:00:00.001Z',
  last_status_change_at: '2026-07-10T08:00:00.001Z',
  location_id: 'Po3iUy7TrE5wQ1aSdF0g',
  url: null,
  custom_fields: {},
};

/** A read by id leaves empty keys out, and by one report the custom fields always: then they are not told. */
const { custom_fields: _, ...NOT_TOLD } = EMPTY;

const FULL = {
  ...EMPTY,
  status: 'lost',
  monetary_value: 4800,
  owner_id: 'Mn5bVc9Xz1Lk7Jh3Gf0d',
  contact_email: 'robin@alder.example',
  contact_phone: '+12025550144',
  contact_company_name: 'Alder Farm',
  contact_tags: ['farm'],
  source: 'Trade fair',
  lost_reason_id: '6a5b4c3d2e1f0a9b8c7d6e5f',
  probability: 40,
  follower_ids: ['Mn5bVc9Xz1Lk7Jh3Gf0d'],
  updated_at: '2026-07-12T09:30:00.000Z',
  last_stage_change_at: '2026-07-11T16:45:00.000Z',
  last_status_change_at: '2026-07-12T09:30:00.000Z',
  custom_fields: { Rt6yUi0Op4As8Df2Gh1j: 'GH-77' },
};

/** What rows of the search alone have. */
const IN_ROW = {
  effective_probability: 14.29,
  first_attribution: {},
  last_attribution: {},
  further_contacts: [
    { id: 'Hj7kLz3Xc9Vb5Nm1Qw2e', name: 'Jo Birch', email: 'jo@birch.example', phone: '+12025550111' },
  ],
};
const IN_FULL_ROW = { ...IN_ROW, effective_probability: 40, further_contacts: [] };

describe('an answer of HighLevel, as recorded', () => {
  it.each([
    ['search-row', row('search-row'), { ...EMPTY, ...IN_ROW }],
    ['search-row-full', row('search-row-full'), { ...FULL, ...IN_FULL_ROW }],
    ['record', fixture('record').opportunity, NOT_TOLD],
    ['record-full', fixture('record-full').opportunity, FULL],
  ])('%s becomes the one opportunity', (_name, record, opportunity) => {
    expect(normalise(record)).toEqual(opportunity);
  });

  it('finds the contact among the relations where it stands only there', () => {
    const { contact, contactId, ...record } = row('search-row-full');
    expect(normalise(record)).toEqual({ ...FULL, ...IN_FULL_ROW });
  });

  describe('through the whole app', () => {
    let connection: Connection;
    beforeAll(async () => {
      connection = await connect();
    });
    afterAll(() => connection.close());

    it('shows stages in their order, whatever order they came in', async () => {
      nock(connection.sandbox.url, { allowUnmocked: true })
        .get('/opportunities/pipelines')
        .query(true)
        .reply(200, fixture('pipelines'));
      const inputData = { pipeline_id: 'Hy5gTf3RdE9wQa7KjM0n' };
      expect(await connection.run('triggers.stage_list.operation.perform', inputData)).toEqual([
        { id: '0f1e2d3c-4b5a-4978-8697-a5b4c3d2e1f0', name: 'New' },
        { id: '1f2e3d4c-5b6a-4789-9876-a5b4c3d2e1f0', name: 'Offer Sent' },
      ]);
    });

    it('makes one shape of a row and of a record', async () => {
      const { url } = connection.sandbox;
      nock(url, { allowUnmocked: true })
        .get('/opportunities/search')
        .query(true)
        .reply(200, fixture('search-row'));
      const [polled] = await connection.run(
        'triggers.new_opportunity.operation.perform',
        {},
        { meta: { isLoadingSample: true } },
      );
      nock(url, { allowUnmocked: true })
        .get('/opportunities/Zt4kWq8XbN2mVc6LpR1s')
        .reply(200, fixture('record'));
      const inputData = { opportunity_id: 'Zt4kWq8XbN2mVc6LpR1s' };
      const [{ was_created, ...found } = {}] = await connection.run(
        'searches.find_opportunity.operation.perform',
        inputData,
      );
      const all = { ...found, ...IN_ROW };
      expect(Object.keys(all).sort()).toEqual(Object.keys(polled ?? {}).sort());
      expect(all).toEqual(polled);
    });
  });
});

describe('the sandbox, in 2021-07-28, answers in the recorded shape', () => {
  let sandbox: Sandbox;
  let people = 0;
  beforeAll(async () => {
    sandbox = await startSandbox({ acceptSource: true });
  });
  afterAll(() => sandbox.close());

  /** An opportunity with nothing set, of a contact with a name alone; or one with everything set. */
  async function opportunity(full: boolean): Promise<string> {
    const call = caller(sandbox, { version: '2021-07-28' });
    const { locationId, seeded } = sandbox;
    people += 1;
    const reach = {
      email: `robin.${people}@alder.example`,
      phone: `+1202555015${people}`,
      companyName: 'Alder Farm',
      tags: ['farm'],
    };
    const person = { locationId, firstName: 'Robin', lastName: 'Alder', ...(full ? reach : {}) };
    const contact = (await call('POST', '/contacts/', person)).body.contact as { id: string };
    const userId = Object.values(seeded.users)[0];
    const fieldId = seeded.customFields['opportunity.external_id'];
    const more = {
      monetaryValue: 4800,
      assignedTo: userId,
      source: 'Trade fair',
      customFields: [{ id: fieldId, field_value: 'GH-77' }],
    };
    const body = {
      locationId,
      pipelineId: seeded.pipelines.Sales?.id,
      contactId: contact.id,
      name: 'Greenhouse for Alder Farm',
      status: 'open',
      ...(full ? more : {}),
    };
    const { id } = (await call('POST', '/opportunities/', body)).body.opportunity as { id: string };
    if (!full) return id;
    const lostReasonId = Object.values(seeded.lostReasons)[0];
    await call('PUT', `/opportunities/${id}/status`, { status: 'lost', lostReasonId });
    await call('POST', `/opportunities/${id}/followers`, { followers: [userId] });
    sandbox.editOpportunity(id, { forecastProbability: 40 });
    const [further] = seeded.contactIds;
    const association = { associationId: 'OPPORTUNITIES_CONTACTS_ASSOCIATION', firstRecordId: id };
    await call('POST', '/associations/relations', { locationId, ...association, secondRecordId: further });
    return id;
  }

  const ask = async (method: string, path: string, body?: unknown) =>
    (await caller(sandbox, { version: '2021-07-28' })(method, path, body)).body;

  it.each([false, true])('in a search row (all set: %s)', async (full) => {
    const id = await opportunity(full);
    const { locationId } = sandbox;
    const got = await ask('GET', `/opportunities/search?location_id=${locationId}&id=${id}`);
    const recorded = fixture(full ? 'search-row-full' : 'search-row');
    expect(skeleton(rowIn(got, 1))).toEqual(skeleton(rowIn(recorded, 1)));
    const filters = [{ field: 'id', operator: 'eq', value: id }];
    const posted = await ask('POST', '/opportunities/search', { locationId, limit: 10, page: 1, filters });
    expect(skeleton(rowIn(posted, 1))).toEqual(skeleton(rowIn(recorded, 1)));
    expect(Object.keys(full ? posted : got)).toEqual(expect.arrayContaining(Object.keys(recorded)));
  });

  it.each([false, true])('in a single record (all set: %s)', async (full) => {
    const recorded = skeleton(fixture(full ? 'record-full' : 'record'));
    expect(skeleton(await ask('GET', `/opportunities/${await opportunity(full)}`))).toEqual(recorded);
  });

  it('in pipelines and their stages', async () => {
    const { pipelines, traceId } = await ask(
      'GET',
      `/opportunities/pipelines?locationId=${sandbox.locationId}`,
    );
    const [first] = pipelines as object[];
    const { stages, ...pipeline } = first as { stages: object[] };
    expect(traceId).toEqual(expect.any(String));
    const [recorded] = fixture('pipelines').pipelines as { stages: object[] }[];
    const { stages: recordedStages, ...recordedPipeline } = recorded ?? { stages: [] };
    expect(skeleton(pipeline)).toEqual(skeleton(recordedPipeline));
    expect(skeleton(stages[0])).toEqual(skeleton(recordedStages[0]));
  });

  it('in a deletion', async () => {
    const recorded = JSON.parse(readFileSync(join(FIXTURES, 'deleted.json'), 'utf8'));
    expect(skeleton(await ask('DELETE', `/opportunities/${await opportunity(false)}`))).toEqual(
      skeleton(recorded),
    );
  });
});

/** A search answer's first row with as many relations as are to be compared. */
function rowIn(answer: object, relations: number): object {
  const [first] = (answer as { opportunities: { relations: object[] }[] }).opportunities;
  return { ...first, relations: first?.relations.slice(0, relations) };
}

/** Keys with the kind of value each has, so that null, an empty list and an absent key are told apart. */
function skeleton(value: unknown): unknown {
  if (value === null) return 'null';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(skeleton);
  if (typeof value !== 'object') return typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, skeleton(item)]));
}
