import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ContraryName } from '../../../local/sandbox/index.ts';
import { AMPLE } from '../../support/ample.ts';
import { type Connection, connect } from '../../support/connection.ts';
import { idsOf } from '../../support/inputs.ts';

/** An opportunity read by its id, where that read leaves out what the search has. */
describe('the whole of an opportunity', () => {
  let connection: Connection;
  let id: string;
  beforeAll(async () => {
    connection = await connect({ opportunities: 12, ...AMPLE });
    const { opportunityId, customFields, lostReason } = idsOf(connection.sandbox);
    id = opportunityId;
    connection.sandbox.editOpportunity(id, {
      status: 'lost',
      lostReasonId: lostReason,
      customFields: [{ id: customFields['opportunity.external_id'] ?? '', value: 'HP-1' }],
    });
  });
  afterAll(() => connection.close());
  beforeEach(() => {
    connection.forget();
    connection.requests();
  });

  const found = async (...contraries: ContraryName[]) => {
    connection.sandbox.setContraries(contraries);
    const [row] = await connection.run('searches.find_opportunity.operation.perform', { opportunity_id: id });
    connection.sandbox.setContraries([]);
    return row as { lost_reason_id?: string; custom_fields: Record<string, unknown> };
  };
  const searches = () => connection.requests().filter((request) => request.endsWith('/opportunities/search'));
  const told = () => {
    const { customFields, lostReason } = idsOf(connection.sandbox);
    return {
      lost_reason_id: lostReason,
      custom_fields: { [customFields['opportunity.external_id'] ?? '']: 'HP-1' },
    };
  };

  it('is what the read tells, and nothing else is asked', async () => {
    expect(await found()).toMatchObject(told());
    expect(searches()).toEqual([]);
  });

  it('has from the search what the read leaves out, by one request', async () => {
    expect(await found('record-without-fields')).toMatchObject(told());
    expect(searches()).toEqual(['POST /opportunities/search']);
  });

  it('takes nothing of an earlier state, and then leaves out what is not told', async () => {
    connection.sandbox.setContraries(['search-index-late']);
    connection.sandbox.changeOpportunity(id, { name: 'Renamed a moment ago' });
    const row = await found('record-without-fields');
    expect(row).not.toHaveProperty('lost_reason_id');
    expect(row.custom_fields).toEqual({});
  });

  it('is searched for once where it has no custom fields, until a read has told some', async () => {
    const [bare = ''] = connection.sandbox.importOpportunities({ count: 1 });
    const read = (opportunity_id: string) =>
      connection.run<{ custom_fields: Record<string, unknown> }[]>(
        'searches.find_opportunity.operation.perform',
        { opportunity_id },
      );
    // Nobody tells of any yet.
    expect(await read(bare)).toMatchObject([{ custom_fields: {} }]);
    expect(searches()).toHaveLength(1);
    await read(id);
    const [row] = await read(bare);
    expect(searches()).toEqual([]);
    expect(new Set(Object.values(row?.custom_fields ?? {}))).toEqual(new Set([null]));
  });
});
