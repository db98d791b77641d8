import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import createOpportunity from '../../creates/create_opportunity.ts';
import { type Connection, connect, errorOf, sentenceOf } from '../support/connection.ts';

const PERFORM = 'creates.create_opportunity.operation.perform';

describe('create_opportunity', () => {
  let connection: Connection;

  beforeAll(async () => {
    connection = await connect({
      opportunities: 0,
      rateLimit: { max: 10_000, intervalMs: 10_000, daily: 200_000 },
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

  it('takes every field, by name or id, and answers with the deal as it now stands', async () => {
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

  it('stops at a duplicate with the name and the link of the deal that is there', async () => {
    const first = await create();
    const error = await errorOf(create({ name: 'Again' }));
    expect(error.name).toBe('HaltedError');
    expect(sentenceOf(error)).toContain(`"Website for Harbor Cafe" (${first.url})`);
    expect(written()).toHaveLength(1);
  });

  it('makes a second deal of the contact in another pipeline', async () => {
    await create();
    await create({ pipeline_id: 'Onboarding' });
    expect(written()).toHaveLength(2);
  });

  it('says plainly when the account does not let integrations set the source', async () => {
    const error = await errorOf(create({ source: 'Webinar' }));
    expect(error.name).toBe('HaltedError');
    expect(sentenceOf(error)).toMatch(/^Source: .*Leave Source empty/);
    expect(written()).toEqual([]);
  });

  it('sets the source where the account allows it', async () => {
    connection.sandbox.context.settings.acceptSource = true;
    expect(await create({ source: 'Webinar' })).toMatchObject({ source: 'Webinar' });
    connection.sandbox.context.settings.acceptSource = false;
  });
});
