import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AMPLE } from '../../support/ample.ts';
import { type Connection, connect, errorOf, sentenceOf } from '../../support/connection.ts';
import { writes } from '../../support/writes.ts';
import { runAsZap } from '../../support/zapier-reading.ts';

/*
 * What other apps write, put into a Zap's fields. Zapier reads a field of type number, integer, boolean or datetime by
 * itself, silently, so that 12,500 becomes 12; here its own code stands between the text and the app.
 */

const CREATE = 'creates.create_opportunity';
const UPDATE = 'creates.update_opportunity';
const REFUSED = /is not an amount|is negative|could mean/;

describe('values in a Zap', () => {
  let connection: Connection;

  beforeAll(async () => {
    connection = await connect({ opportunities: 20, ...AMPLE });
    await connection.run('triggers.pipeline_list.operation.perform');
    await connection.run('triggers.user_list.operation.perform');
  });
  afterAll(() => connection.close());
  beforeEach(() => {
    connection.sandbox.context.log.clear();
  });

  const fieldOf = (key: string) => `custom_field_${connection.sandbox.seeded.customFields[key]}`;
  const first = () => connection.sandbox.opportunity(connection.sandbox.seeded.opportunityIds[0] ?? '');
  const update = (input: Record<string, string>, timezone?: string) =>
    runAsZap(connection, UPDATE, { opportunity_id: first().id, ...input }, timezone);
  const sent = () => writes(connection).at(-1)?.body as Record<string, unknown> | undefined;
  const sentField = () => (sent()?.customFields as { fieldValue: unknown }[])[0]?.fieldValue;

  const AMOUNTS: [string, number][] = [
    ['1,250.50', 1250.5],
    ['$12,500.00', 12_500],
    ['€1.250,50', 1250.5],
    ['1 250,50 €', 1250.5],
    ['1\u00a0250,50\u00a0€', 1250.5],
    ['1250,50', 1250.5],
    ['1,250', 1250],
    ['12,500', 12_500],
  ];
  const NO_AMOUNTS = ['12.500', 'TBD', 'about 3k', '1000-2000', '1e5', '(500)'];

  it.each(AMOUNTS)('saves the value %j as %d', async (text, value) => {
    await update({ monetary_value: text });
    expect(sent()?.monetaryValue).toBe(value);
    await update({ [fieldOf('opportunity.seats')]: text });
    expect(sentField()).toBe(String(value));
    await update({ [fieldOf('opportunity.setup_fee')]: text });
    expect(sentField()).toBe(String(value));
  });

  it('saves it in a new opportunity too', async () => {
    const { contactIds } = connection.sandbox.seeded;
    const free = contactIds.find(
      (id) => ![...connection.sandbox.state.opportunities.values()].some((one) => one.contactId === id),
    );
    await runAsZap(connection, CREATE, {
      contact_id: free ?? '',
      pipeline_id: 'Sales',
      name: 'Website',
      monetary_value: '$12,500.00',
      probability: '12,5 %',
      expected_close_date: '31.12.2026',
    });
    expect(sent()).toMatchObject({
      monetaryValue: 12_500,
      forecastProbability: 12.5,
      forecastExpectedCloseDate: '2026-12-31',
    });
  });

  it.each(NO_AMOUNTS)('stops at the value %j, quotes it and writes nothing', async (text) => {
    for (const [key, label, words] of [
      ['monetary_value', 'Value', REFUSED],
      [fieldOf('opportunity.seats'), 'Seats', /is not a number|could mean/],
      [fieldOf('opportunity.setup_fee'), 'Setup Fee', /is not a number|could mean/],
    ] as const) {
      const error = await errorOf(update({ [key]: text }));
      expect(error.name).toBe('HaltedError');
      expect(sentenceOf(error)).toContain(`${label}: "${text}" `);
      expect(sentenceOf(error)).toMatch(words);
    }
    expect(writes(connection)).toEqual([]);
  });

  it.each([
    'TBD',
    'about 50',
    '50-60',
    '1e1',
    '(50)',
    '12,500',
  ])('stops at the probability %j', async (text) => {
    const error = await errorOf(update({ probability: text }));
    expect(sentenceOf(error)).toContain(`Probability: "${text}" is not a percentage.`);
    expect(writes(connection)).toEqual([]);
  });

  it.each(NO_AMOUNTS)('stops at %j as a search’s minimum, maximum and limit', async (text) => {
    for (const [key, label] of [
      ['min_value', 'Minimum Value'],
      ['max_value', 'Maximum Value'],
      ['limit', 'Maximum Number to List'],
    ] as const) {
      const error = await errorOf(runAsZap(connection, 'searches.list_opportunities', { [key]: text }));
      expect(sentenceOf(error)).toContain(`${label}: "${text}" `);
    }
    const error = await errorOf(runAsZap(connection, 'triggers.stale_opportunity', { days: text }));
    expect(sentenceOf(error)).toContain(
      `Days Without Movement: "${text}" is not a whole number from 1 to 3650.`,
    );
  });

  it('searches by amounts as they are written', async () => {
    connection.sandbox.context.index.rebuild();
    const values = [...connection.sandbox.state.opportunities.values()]
      .filter(({ locationId }) => locationId === connection.sandbox.locationId)
      .map(({ monetaryValue }) => monetaryValue);
    const [result] = await runAsZap<{ count: number }[]>(connection, 'searches.list_opportunities', {
      min_value: '$1,250.00',
      max_value: '12.000,00 €',
      limit: '50',
    });
    expect(result?.count).toBe(values.filter((value) => value >= 1250 && value <= 12_000).length);
    expect(result?.count).toBeGreaterThan(0);
  });

  const DAYS: [string, string, string][] = [
    ['2026-12-31T00:00:00Z', '2026-12-31', 'America/Chicago'],
    ['2026-12-31T00:00:00Z', '2026-12-31', 'Australia/Sydney'],
    ['2026-12-31T00:00:00+00:00', '2026-12-31', 'America/Chicago'],
    ['2026-12-31T23:30:00-08:00', '2026-12-31', 'UTC'],
    ['2026-12-31T03:30:00Z', '2026-12-30', 'America/Chicago'],
    ['12/31/2026', '2026-12-31', 'America/Chicago'],
    ['31.12.2026', '2026-12-31', 'America/Chicago'],
    ['03/04/2026', '2026-03-04', 'America/Chicago'],
    ['2026-12-31 +1w', '2027-01-07', 'America/Chicago'],
  ];

  it.each(DAYS)('saves the day %j as %s in %s', async (text, day, timezone) => {
    await update({ expected_close_date: text }, timezone);
    expect(sent()?.forecastExpectedCloseDate).toBe(day);
    await update({ [fieldOf('opportunity.contract_date')]: text }, timezone);
    expect(sentField()).toBe(day);
  });

  const NO_DAYS = ['not sure yet', 'Q4 2026', 'end of month', 'whenever', '2026-02-30', '03.04.2026'];

  it.each(NO_DAYS)('stops at the day %j and writes nothing', async (text) => {
    for (const [key, label] of [
      ['expected_close_date', 'Expected Close Date'],
      [fieldOf('opportunity.contract_date'), 'Contract Date'],
    ] as const) {
      expect(sentenceOf(await errorOf(update({ [key]: text })))).toContain(`${label}: "${text}" `);
    }
    const task = { title: 'Call', due_date: text, opportunity_id: first().id };
    const error = await errorOf(runAsZap(connection, 'creates.create_task', task));
    expect(sentenceOf(error)).toContain(`Due Date: "${text}" `);
    expect(writes(connection)).toEqual([]);
  });

  it.each(NO_DAYS)('stops at %j in a search, so that nothing is made of nothing found', async (text) => {
    const labels = {
      created_from: 'Created From',
      created_to: 'Created To',
      updated_from: 'Updated From',
      updated_to: 'Updated To',
      status_changed_from: 'Status Changed From',
      status_changed_to: 'Status Changed To',
      close_date_from: 'Expected Close From',
      close_date_to: 'Expected Close To',
    };
    for (const [key, label] of Object.entries(labels)) {
      for (const search of ['searches.find_opportunity', 'searches.list_opportunities']) {
        const error = await errorOf(runAsZap(connection, search, { [key]: text }));
        expect(sentenceOf(error)).toContain(`${label}: "${text}" `);
      }
    }
    const period = { period: 'custom', period_start: text };
    const error = await errorOf(runAsZap(connection, 'searches.summarize_opportunities', period));
    expect(sentenceOf(error)).toContain(`First Day: "${text}" `);
  });

  it('makes a task’s moment in the Zap’s time zone', async () => {
    const task = { title: 'Call', due_date: '12/31/2026 3pm', opportunity_id: first().id };
    await runAsZap(connection, 'creates.create_task', task, 'Australia/Sydney');
    expect(sent()?.dueDate).toBe('2026-12-31T04:00:00.000Z');
  });

  it.each(['off', 'No', 'false', '0'])('saves for real where Test Mode is %j', async (text) => {
    await update({ name: `Renamed ${text}`, test_mode: text });
    expect(first().name).toBe(`Renamed ${text}`);
  });

  it.each(['N/A', 'nein', 'perhaps'])('stops where Test Mode is %j', async (text) => {
    const error = await errorOf(update({ name: 'Renamed', test_mode: text }));
    expect(sentenceOf(error)).toContain(`Test Mode: "${text}" is neither yes nor no. Choose Yes or No.`);
    expect(writes(connection)).toEqual([]);
  });

  it('saves nothing where Test Mode is chosen', async () => {
    expect(await update({ name: 'Renamed', test_mode: 'yes' })).toMatchObject({ is_test: true });
    expect(writes(connection)).toEqual([]);
  });

  it('removes nobody where Remove All is off', async () => {
    const [user = ''] = Object.values(connection.sandbox.seeded.users);
    const opportunity_id = first().id;
    await runAsZap(connection, 'creates.add_followers', { opportunity_id, follower_ids: user });
    const followers = () => connection.sandbox.opportunity(opportunity_id).followers;
    expect(followers()).toContain(user);
    const input = { opportunity_id, remove_all: 'off' };
    const error = await errorOf(runAsZap(connection, 'creates.remove_followers', input));
    expect(sentenceOf(error)).toMatch(/^Followers: this is empty, so there is nobody to remove/);
    expect(followers()).toContain(user);
    await runAsZap(connection, 'creates.remove_followers', { opportunity_id, remove_all: 'yes' });
    expect(followers()).toEqual([]);
  });

  it('quotes a status as it was written', async () => {
    const error = await errorOf(update({ status: 'Closed Won' }));
    expect(sentenceOf(error)).toMatch(/^Status: "Closed Won" is not a status/);
  });

  it('finds a pipeline whose name is written in other characters that look the same', async () => {
    const pipeline = [...connection.sandbox.state.pipelines.values()].find(({ name }) => name === 'Sales');
    if (!pipeline) throw new Error('The seed has no pipeline "Sales".');
    pipeline.name = 'Café & Co';
    connection.forget();
    for (const text of ['Cafe\u0301 & Co', 'Caf\u00e9\u200b & Co', 'café  &\u00a0CO', '\ufeffCafé & Co']) {
      const [result] = await runAsZap<{ count: number }[]>(connection, 'searches.list_opportunities', {
        pipeline_id: text,
      });
      expect(result?.count).toBeGreaterThan(0);
    }
    pipeline.name = 'Sales';
    connection.forget();
  });
});
