import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { notKept } from '../../../creates/support/not-kept.ts';
import { AMPLE } from '../../support/ample.ts';
import { type Connection, connect } from '../../support/connection.ts';

const SAYS = 'HighLevel has something else there than this step sent. It did not keep it, or something else';

describe('what was sent of an opportunity, and is not there', () => {
  let connection: Connection;
  let id = '';
  beforeAll(async () => {
    connection = await connect({ opportunities: 2, ...AMPLE });
    [id = ''] = connection.sandbox.seeded.opportunityIds;
  });
  afterAll(() => connection.close());

  const run = (key: string, input: Record<string, unknown>) =>
    connection.run<Record<string, unknown>>(`creates.${key}.operation.perform`, input);
  /** HighLevel tells of success, and does nothing. */
  const pretend = (method: string, path: string, body: object) =>
    connection.sandbox.fault({ method, path, status: 200, body });

  it('is told of an update', async () => {
    pretend('PUT', `/opportunities/${id}`, { message: 'The opportunity is locked.' });
    const { name } = connection.sandbox.opportunity(id);
    expect(
      await run('update_opportunity', { opportunity_id: id, name: 'Annex', monetary_value: '1250.50' }),
    ).toMatchObject({ name, notice: expect.stringContaining(`Opportunity Name, Value: ${SAYS}`) });
  });

  it('is told of a status', async () => {
    pretend('PUT', `/opportunities/${id}/status`, { message: 'The opportunity is locked.' });
    const { status } = connection.sandbox.opportunity(id);
    const other = status === 'won' ? 'abandoned' : 'won';
    expect(await run('update_opportunity_status', { opportunity_id: id, status: other })).toMatchObject({
      status,
      notice: expect.stringContaining(`Status: ${SAYS}`),
    });
  });

  it('is told of a creation', async () => {
    const record = { ...connection.sandbox.opportunity(id), monetaryValue: 0, forecastProbability: null };
    pretend('POST', '/opportunities/', { opportunity: { ...record, name: 'New' } });
    const made = await run('create_opportunity', {
      contact_id: record.contactId,
      pipeline_id: record.pipelineId,
      name: 'New',
      if_exists: 'create',
      monetary_value: '700',
      probability: '40',
    });
    expect(made.notice).toMatch(new RegExp(`^Value, Probability: ${SAYS}`));
  });

  it('is nothing where all was kept', async () => {
    const kept = {
      name: 'Annex',
      monetary_value: '1,250.50',
      expected_close_date: '2026-12-31',
      probability: '40',
      status: 'lost',
    };
    expect(await run('update_opportunity', { opportunity_id: id, ...kept })).toMatchObject({ notice: null });
    const cleared = { fields_to_clear: ['monetary_value', 'expected_close_date', 'probability', 'owner_id'] };
    expect(await run('update_opportunity', { opportunity_id: id, ...cleared })).toMatchObject({
      notice: null,
    });
  });

  it.each([
    [{ monetaryValue: null }, { monetaryValue: 0 }],
    [{ monetaryValue: 7 }, {}],
    [{ monetaryValue: 12, added: 5 }, { monetaryValue: 17 }],
    [{ forecastExpectedCloseDate: '2026-12-31' }, { forecastExpectedCloseDate: '2026-12-31T00:00:00.000Z' }],
    [{ forecastExpectedCloseDate: '2026-12-31' }, { forecastExpectedCloseDate: 'unreadable' }],
    [{ forecastExpectedCloseDate: null }, { forecastExpectedCloseDate: '' }],
    [{ forecastProbability: null }, { forecastProbability: 0 }],
    [{ assignedTo: null }, { assignedTo: '' }],
    [{ name: 'Harbor  Cafe' }, { name: 'Harbor Cafe' }],
  ])('is nothing of %j where it is %j', (sent, held) => {
    expect(notKept(sent, { id: 'o1', ...held })).toBeNull();
  });

  it.each([
    [{ forecastProbability: 40 }, { forecastProbability: 0 }, 'Probability'],
    [{ forecastExpectedCloseDate: '2026-12-31' }, { forecastExpectedCloseDate: null }, 'Expected Close Date'],
    [{ forecastExpectedCloseDate: null }, { forecastExpectedCloseDate: '2026-12-31' }, 'Expected Close Date'],
    [{ source: 'Webinar' }, { source: null }, 'Source'],
    [{ lostReasonId: 'r1', status: 'lost' as const }, { lostReasonId: null, status: 'lost' }, 'Lost Reason'],
  ])('is named of %j where it is %j', (sent, held, label) => {
    expect(notKept(sent, { id: 'o1', ...held })).toMatch(new RegExp(`^${label}: `));
  });
});
