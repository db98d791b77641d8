import { describe, expect, it } from '@jest/globals';
import { previewChange, previewNew, previewStatus } from '../../../highlevel/opportunities/preview.ts';

const before = {
  id: 'o1',
  name: 'Website',
  status: 'lost',
  monetaryValue: 500,
  lostReasonId: 'r1',
  customFields: [
    { id: 'f1', fieldValue: 'kept' },
    { id: 'f2', fieldValue: 'old' },
  ],
};

describe('previewNew', () => {
  it('is what was set, made now, worth 0 where no value was set', () => {
    const contact = { id: 'c1', name: 'Sam Reed' };
    const place = { id: 'test', locationId: 'l1', contact };
    const wanted = { contactId: 'c1', pipelineId: 'p1', name: 'Website', status: 'open' } as const;
    const shown = previewNew({ ...wanted, customFields: [{ id: 'f1', value: 'x' }] }, place);
    const { createdAt } = shown;
    expect(shown).toEqual({
      ...wanted,
      ...place,
      monetaryValue: 0,
      customFields: [{ id: 'f1', fieldValue: 'x' }],
      createdAt,
      updatedAt: createdAt,
      lastStageChangeAt: createdAt,
      lastStatusChangeAt: createdAt,
    });
    expect(Math.abs(Date.parse(createdAt ?? '') - Date.now())).toBeLessThan(5_000);
    expect(previewNew({ ...wanted, monetaryValue: 7 }, place).monetaryValue).toBe(7);
  });
});

describe('previewChange', () => {
  it('has what was set in place of what was there, and each custom field once', () => {
    const change = { name: 'Shop', assignedTo: undefined, customFields: [{ id: 'f2', value: 'new' }] };
    expect(previewChange(before, change)).toEqual({
      ...before,
      name: 'Shop',
      customFields: [
        { id: 'f1', fieldValue: 'kept' },
        { id: 'f2', fieldValue: 'new' },
      ],
    });
  });

  it('is the opportunity as it was, where nothing was set', () => {
    expect(previewChange(before, {})).toEqual(before);
    expect(previewChange({ id: 'o2' }, {})).toEqual({ id: 'o2', customFields: [] });
  });

  it('shows an emptied value as 0, and other emptied fields as empty', () => {
    expect(previewChange(before, { monetaryValue: null, assignedTo: null })).toMatchObject({
      monetaryValue: 0,
      assignedTo: null,
    });
    expect(previewChange(before, { monetaryValue: 3 }).monetaryValue).toBe(3);
  });

  it('takes the reason off an opportunity that is lost no longer', () => {
    expect(previewChange(before, { status: 'won' })).toMatchObject({ status: 'won', lostReasonId: null });
    expect(previewChange(before, { status: 'lost' })).toMatchObject({ status: 'lost', lostReasonId: 'r1' });
  });
});

describe('previewStatus', () => {
  it('has the reason that was chosen with lost, and with nothing else', () => {
    expect(previewStatus(before, 'lost', 'r2')).toMatchObject({ status: 'lost', lostReasonId: 'r2' });
    expect(previewStatus(before, 'abandoned', 'r2')).toMatchObject({
      status: 'abandoned',
      lostReasonId: null,
    });
  });
});
