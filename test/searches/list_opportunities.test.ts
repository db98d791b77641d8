import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { opportunityRowSample } from '../../fields/outputs/opportunity.ts';
import type { Opportunity } from '../../highlevel/opportunities/record.ts';
import { AMPLE } from '../support/ample.ts';
import { type Connection, connect, errorOf, sentenceOf } from '../support/connection.ts';
import { searchRuns } from '../support/inputs.ts';
import { describeOf, type Inputs } from '../support/operation.ts';

const describe = describeOf(import.meta.filename);

export const inputs: Inputs = {
  list_opportunities: {
    live: ['List those of one owner', 'the count is that of the board'],
    runs: (sandbox) => {
      const { all } = searchRuns(sandbox);
      return {
        all: [...all.map((run) => ({ ...run, inputData: { ...run.inputData, limit: '500' } }))],
        least: [{}, { inputData: { limit: '500' } }],
      };
    },
  },
};

const PERFORM = 'searches.list_opportunities.operation.perform';

interface Listed {
  count: number;
  total_value: number;
  matching_count: number | null;
  is_complete: boolean;
  opportunities: Opportunity[];
}

describe('list_opportunities', () => {
  let connection: Connection;
  const list = async (input: Record<string, unknown> = {}) => {
    const results = await connection.run<Listed[]>(PERFORM, input);
    expect(results).toHaveLength(1);
    return results[0] as Listed;
  };
  const opportunities = () =>
    [...connection.sandbox.state.opportunities.values()].filter(
      ({ locationId }) => locationId === connection.sandbox.locationId,
    );
  const searches = () => connection.sandbox.requests().filter(({ path }) => path === '/opportunities/search');

  beforeAll(async () => {
    connection = await connect(AMPLE);
    connection.sandbox.importOpportunities({
      count: 730,
      monetaryValue: 0.1,
      events: false,
      status: 'won',
      pipelineId: connection.sandbox.seeded.pipelines.Onboarding?.id,
    });
  });
  afterAll(() => connection.close());
  beforeEach(() => {
    connection.sandbox.clearFaults();
    connection.sandbox.clearRequests();
  });

  it('lists those of the contact with an email or a phone, and none where there is no such contact', async () => {
    const [one] = opportunities();
    const contact = connection.sandbox.state.contacts.get(one?.contactId ?? '');
    const listed = await list({ contact_email: contact?.email });
    expect(listed.count).toBe(opportunities().filter(({ contactId }) => contactId === contact?.id).length);
    expect(new Set(listed.opportunities.map(({ contact_id }) => contact_id))).toEqual(new Set([contact?.id]));
    connection.sandbox.clearRequests();
    expect(await list({ contact_phone: '+12025550999' })).toEqual({
      count: 0,
      total_value: 0,
      matching_count: 0,
      is_complete: true,
      opportunities: [],
    });
    expect(searches()).toEqual([]);
  });

  it.each([
    'Sam Reed',
    'a/b',
    '%',
  ])('does not take the name %s for a contact without any', async (contact_id) => {
    const error = await errorOf(list({ contact_id }));
    expect(error.name).toBe('HaltedError');
    expect(sentenceOf(error)).toMatch(`Contact: "${contact_id}" is not an ID.`);
    expect(searches()).toEqual([]);
  });

  it('lists those that nobody owns, and those of somebody who left', async () => {
    const [first, second] = opportunities().filter(
      ({ status, assignedTo }) => status === 'open' && assignedTo,
    );
    const without = opportunities().filter(({ assignedTo }) => !assignedTo).length;
    connection.sandbox.changeOpportunity(first?.id ?? '', { assignedTo: null });
    if (second) second.assignedTo = 'goneUser000000000000';
    connection.sandbox.context.index.rebuild();
    expect(await list({ without_owner: 'yes', status: 'open' })).toMatchObject({
      is_complete: true,
      opportunities: expect.arrayContaining([expect.objectContaining({ id: first?.id, owner_id: null })]),
    });
    expect(await list({ without_owner: 'yes', limit: 500 })).toMatchObject({
      matching_count: without + 1,
    });
    expect(await list({ owner_id: 'goneUser000000000000' })).toMatchObject({
      opportunities: [{ id: second?.id, owner_name: null }],
    });
    const error = await errorOf(list({ without_owner: 'yes', owner_id: 'Dana Whitfield' }));
    expect(sentenceOf(error)).toMatch(/^Without Owner: this asks for .* while Owner asks for those of "Dana/);
  });

  it('lists the newest first, in one object with count and sum', async () => {
    const result = await list({ status: 'open', pipeline_id: 'Sales' });
    const expected = opportunities().filter(
      ({ status, pipelineId }) =>
        status === 'open' && pipelineId === connection.sandbox.seeded.pipelines.Sales?.id,
    );
    expect(expected.length).toBeGreaterThan(1);
    expect(result).toMatchObject({
      count: expected.length,
      matching_count: expected.length,
      is_complete: true,
      total_value: expected.reduce((sum, { monetaryValue }) => sum + monetaryValue, 0),
    });
    const created = result.opportunities.map(({ created_at }) => created_at ?? '');
    expect(created).toEqual([...created].sort().reverse());
    expect(result.opportunities.every(({ stage_name }) => stage_name)).toBe(true);
    expect(Object.keys(result.opportunities[0] ?? {}).sort()).toEqual(
      Object.keys(opportunityRowSample).sort(),
    );
    expect(searches()).toHaveLength(1);
  });

  it('says whether these are all: as many as it lists, one more, and one that cannot be told', async () => {
    const all = opportunities().filter(
      ({ status, pipelineId }) =>
        status === 'open' && pipelineId === connection.sandbox.seeded.pipelines.Sales?.id,
    );
    const ask = (limit: number) => list({ status: 'open', pipeline_id: 'Sales', limit: String(limit) });
    expect(await ask(all.length)).toMatchObject({ count: all.length, is_complete: true });
    expect(await ask(all.length - 1)).toMatchObject({ count: all.length - 1, is_complete: false });
    connection.sandbox.fault({
      method: 'GET',
      path: '/opportunities/search',
      status: 200,
      body: {
        opportunities: [{ ...all[0] }, { name: 'Without an ID' }],
        meta: { total: 2 },
      },
    });
    expect(await ask(10)).toMatchObject({ count: 1, is_complete: false });
  });

  it('gives 100 where no limit is set, says how many match, and sums cents up', async () => {
    const result = await list({ pipeline_id: 'Onboarding', status: 'won' });
    expect(result.opportunities).toHaveLength(100);
    expect(result).toMatchObject({ count: 100, is_complete: false, total_value: 10 });
    expect(result.matching_count).toBeGreaterThanOrEqual(730);
  });

  it('gives up to 500 in one request', async () => {
    const result = await list({ status: 'won', limit: '500' });
    expect(result).toMatchObject({ count: 500, is_complete: false });
    expect(new Set(result.opportunities.map(({ id }) => id)).size).toBe(500);
    expect(searches().map(({ method }) => method)).toEqual(['POST']);
  });

  it('keeps its filters on every page where HighLevel refuses the advanced search', async () => {
    connection.sandbox.fault({
      method: 'POST',
      path: '/opportunities/search',
      status: 422,
      times: 9,
      body: { message: ['no'] },
    });
    const result = await list({ pipeline_id: 'Onboarding', status: 'won', limit: 350 });
    expect(result.count).toBe(350);
    expect(result.opportunities.every(({ pipeline_name }) => pipeline_name === 'Onboarding')).toBe(true);
    const pages = searches().filter(({ method }) => method === 'GET');
    expect(pages).toHaveLength(4);
    for (const { query } of pages) {
      expect(query).toMatchObject({
        status: 'won',
        pipelineId: connection.sandbox.seeded.pipelines.Onboarding?.id,
      });
    }
  });

  it('counts what HighLevel cannot filter by only once all of it was looked through', async () => {
    const contact_tag = 'imported';
    expect(await list({ contact_tag, limit: 20 })).toMatchObject({
      count: 20,
      matching_count: null,
      is_complete: false,
    });
    expect(await list({ contact_tag: 'nobody has it' })).toMatchObject({
      matching_count: 0,
      is_complete: true,
    });
  });

  it('goes on with a count of 0 where nothing matches', async () => {
    expect(await list({ min_value: 99_999_999 })).toEqual({
      count: 0,
      total_value: 0,
      matching_count: 0,
      is_complete: true,
      opportunities: [],
    });
  });

  it('lists the newest of all when nothing is asked', async () => {
    expect(await list({ limit: 5 })).toMatchObject({ count: 5, is_complete: false });
  });

  it.each([0, 501, 2.5, 'many'])('stops at a limit of %s', async (limit) => {
    const error = await errorOf(list({ limit }));
    expect(error.name).toBe('HaltedError');
    expect(sentenceOf(error)).toMatch(/^Maximum Number to List: /);
    expect(searches()).toEqual([]);
  });

  it('describes its line items, the person’s own fields among them', async () => {
    const fields = await connection.run<{ key: string; label: string }[]>(
      'searches.list_opportunities.operation.outputFields',
    );
    const own = fields.find(({ label }) => label === 'External ID');
    expect(own?.key).toMatch(/^opportunities\[\]custom_fields__\w{20}$/);
  });
});
