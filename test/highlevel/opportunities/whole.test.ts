import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ContraryName } from '../../../local/sandbox/index.ts';
import { AMPLE } from '../../support/ample.ts';
import { type Connection, connect } from '../../support/connection.ts';
import { idsOf } from '../../support/inputs.ts';
import { scripted } from '../../support/scripted.ts';

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
    const values = async () => new Set(Object.values((await read(bare))[0]?.custom_fields ?? {}));
    // Neither the read nor the search tells of any.
    expect(await values()).toEqual(new Set([null]));
    expect(searches()).toHaveLength(1);
    await read(id);
    expect(await values()).toEqual(new Set([null]));
    expect(searches()).toEqual([]);
  });
});

describe('the whole of an opportunity that is lost', () => {
  const updatedAt = '2026-11-20T10:00:00.000Z';
  const record = { id: 'o1', contactId: 'c1', pipelineId: 'p1', status: 'lost', customFields: [], updatedAt };
  const row = { ...record, lostReasonId: 'r1', createdAt: updatedAt };

  /** Read by its id without a reason, beside these rows of the search. */
  const whole = async (single: object, search: unknown) => {
    const { highlevel, asked } = scripted(({ path }) =>
      path === '/opportunities/search' ? search : { opportunity: single },
    );
    return { record: await highlevel.opportunities.getWhole('o1'), asked };
  };
  const rows = (...opportunities: object[]) => ({ opportunities, total: opportunities.length });

  it('has the reason of its row, which is searched by all that is known of it', async () => {
    const { record: held, asked } = await whole(record, rows(row));
    expect(held).toEqual({ ...record, lostReasonId: 'r1' });
    expect(asked[1]?.body.filters).toEqual([
      { field: 'pipeline_id', operator: 'eq', value: 'p1' },
      { field: 'contact_id', operator: 'eq', value: 'c1' },
      { field: 'id', operator: 'eq', value: 'o1' },
    ]);
  });

  it.each([
    ['there is none', rows()],
    ['it is of another one', rows({ ...row, id: 'o2' })],
    ['it is of another state', rows({ ...row, updatedAt: '2026-11-20T10:00:01.000Z' })],
    ['it does not say of which state', rows({ ...row, updatedAt: null })],
    ['the search is down', { status: 500, data: {} }],
  ])('is as it was read where %s', async (_, search) => {
    expect((await whole(record, search)).record).toEqual(record);
  });

  it('is not guessed where neither says of which state it is', async () => {
    const { updatedAt: _, ...undated } = record;
    expect((await whole(undated, rows({ ...row, updatedAt: null }))).record).toEqual(undated);
  });

  it.each([
    [{ lostReasonId: null }],
    [{ lostReasonId: 'r2' }],
    [{ status: 'won' }],
  ])('is not searched where it was read with %j', async (told) => {
    const { record: held, asked } = await whole({ ...record, ...told }, rows(row));
    expect(held).toEqual({ ...record, ...told });
    expect(asked).toHaveLength(1);
  });

  it('keeps what was read of it before what the row has', async () => {
    const fields = [{ id: 'f1', fieldValue: 'read' }];
    const searched = rows({ ...row, customFields: [{ id: 'f1', fieldValue: 'row' }] });
    const { record: held } = await whole({ ...record, customFields: fields }, searched);
    expect(held).toEqual({ ...record, customFields: fields, lostReasonId: 'r1' });
  });
});

describe('an opportunity that is read without custom fields', () => {
  it.each([
    [[], 0],
    [[{ id: 'f1', name: 'Size', dataType: 'TEXT' }], 1],
  ])('is searched for them only where the account has some: %j', async (customFields, searches) => {
    const { highlevel, asked } = scripted(({ path }) =>
      path.endsWith('/customFields') ? { customFields } : { opportunity: { id: 'o1' }, opportunities: [] },
    );
    expect(await highlevel.opportunities.getWhole('o1')).toEqual({ id: 'o1' });
    expect(asked.filter(({ method }) => method === 'POST')).toHaveLength(searches);
  });

  it('has none where a read has told some before', async () => {
    const fields = [{ id: 'f1', fieldValue: 'x' }];
    const { highlevel } = scripted(({ path }) => ({
      opportunity: path.endsWith('/o1') ? { id: 'o1', customFields: fields } : { id: 'o2' },
    }));
    expect(await highlevel.opportunities.getWhole('o1')).toEqual({ id: 'o1', customFields: fields });
    expect(await highlevel.opportunities.getWhole('o2')).toEqual({ id: 'o2', customFields: [] });
  });
});

describe('the whole of an opportunity after a write', () => {
  const known = { id: 'o1', name: 'Shop' };
  const afterWrite = async (answer: unknown) => {
    const { highlevel, said } = scripted(() => answer);
    return { record: await highlevel.opportunities.getAfterWrite(known), said };
  };

  it('is what is known of it where it cannot be read, which the log says', async () => {
    expect(await afterWrite({ status: 500, data: {} })).toEqual({
      record: known,
      said: ['the opportunity was changed, and could not be read again'],
    });
  });

  it('is an error where it is gone, or the token has expired', async () => {
    await expect(afterWrite({ status: 404, data: {} })).rejects.toMatchObject({ name: 'HaltedError' });
    await expect(afterWrite({ status: 401, data: {} })).rejects.toMatchObject({ name: 'RefreshAuthError' });
  });
});
