import { describe, expect, it } from '@jest/globals';
import * as s from 'zod/mini';
import { type OpportunityRecord, opportunityRecord } from '../../../highlevel/opportunities/record.ts';
import {
  digestOf,
  fieldsStillThere,
  readWatchedFields,
  watchableFields,
  watchedValues,
} from '../../../triggers/support/watched-fields.ts';
import { errorOf } from '../../support/connection.ts';
import { scripted } from '../../support/scripted.ts';

const field = (id: string, name: string, dataType: string) => ({
  id,
  name,
  key: name.toLowerCase(),
  dataType,
  options: [],
  takesOther: false,
});
const FIELDS = [
  field('f1', 'Renewal', 'DATE'),
  field('f2', 'Seats', 'NUMERICAL'),
  field('f3', 'Services', 'CHECKBOX'),
  field('f4', 'Status', 'TEXT'),
];
const watch = (...ids: string[]) => watchableFields(FIELDS).filter(({ id }) => ids.includes(id));
const digest = (record: Record<string, unknown>, ...ids: string[]) =>
  digestOf(watchedValues({ id: 'o1', ...record } as never, watch(...ids)) ?? {});

describe('the fields that can be watched', () => {
  it('are those of every opportunity and the person’s own, under the keys of the output', () => {
    expect(watchableFields(FIELDS).map(({ id, name }) => [id, name])).toEqual([
      ['name', 'Opportunity Name'],
      ['monetary_value', 'Value'],
      ['owner_id', 'Owner'],
      ['expected_close_date', 'Expected Close Date'],
      ['probability', 'Probability'],
      ['source', 'Source'],
      ['stage_id', 'Stage'],
      ['status', 'Status'],
      ['contact_id', 'Contact'],
      ['custom_fields__f1', 'Renewal'],
      ['custom_fields__f2', 'Seats'],
      ['custom_fields__f3', 'Services'],
      ['custom_fields__f4', 'Status'],
    ]);
  });

  it('of another Zap are those that are still there, and no list is read for none of one’s own', async () => {
    const { highlevel, asked } = scripted(() => ({ customFields: FIELDS }));
    const there = async (...ids: string[]) => (await fieldsStillThere(highlevel, ids)).map(({ id }) => id);
    expect(await there('name', 'stage_id')).toEqual(['name', 'stage_id']);
    expect(asked).toEqual([]);
    const gone = ['custom_fields__gone', 'custom_fields__f2', 'name', 'no_such'];
    expect(await there(...gone)).toEqual(['name', 'custom_fields__f2']);
    expect(await there(...gone)).toEqual(['name', 'custom_fields__f2']);
    expect(asked).toHaveLength(1);
  });

  describe('as chosen', () => {
    const customFields = FIELDS.map(({ id, name, dataType }) => ({
      id,
      name,
      dataType,
      model: 'opportunity',
    }));
    const account = () => scripted(() => ({ customFields }));
    const z = (highlevel: ReturnType<typeof account>['highlevel']) => ({ errors: highlevel.errors }) as never;
    const choose = async (value: unknown, { highlevel } = account()) =>
      (await readWatchedFields(z(highlevel), highlevel, 'Fields to Watch', value)).map(({ id }) => id);

    it('by key, by name and by a custom field’s id, several in one text as well', async () => {
      expect(await choose(['owner_id', 'renewal', 'f2'])).toEqual([
        'owner_id',
        'custom_fields__f1',
        'custom_fields__f2',
      ]);
      expect(await choose('name, Value, name')).toEqual(['name', 'monetary_value']);
    });

    it('cost no request where none is a custom one', async () => {
      const { asked, highlevel } = account();
      await choose(['owner_id', 'name'], { asked, highlevel } as never);
      expect(asked).toEqual([]);
    });

    it.each([
      ['', /^Fields to Watch: this is empty/],
      [[], /^Fields to Watch: this is empty/],
      ['Colour', /no field called "Colour", or not any more/],
      ['custom_fields__gone', /no field called "custom_fields__gone"/],
      ['Status', /more than one field is called "Status"/],
    ])('are refused where %j tells none', async (value, sentence) => {
      expect((await errorOf(choose(value))).message).toMatch(sentence);
    });
  });
});

describe('the digest of watched values', () => {
  it('is that of the watched fields alone', () => {
    const record = { name: 'A', monetaryValue: 5, assignedTo: 'u1' };
    expect(digest(record, 'name')).toMatch(/^[\w-]{16}$/);
    expect(digest({ ...record, monetaryValue: 6 }, 'name')).toBe(digest(record, 'name'));
    expect(digest({ ...record, name: 'B' }, 'name')).not.toBe(digest(record, 'name'));
    expect(digest({ name: 'u1' }, 'name')).not.toBe(digest({ assignedTo: 'u1' }, 'owner_id'));
  });

  it('comes again when a plain value goes back, and never for a stage or a status', () => {
    const at = (lastStageChangeAt: string, pipelineStageId = 's1') =>
      digest({ pipelineStageId, lastStageChangeAt }, 'stage_id');
    expect(at('2026-11-20T10:00:00.000Z')).not.toBe(at('2026-11-20T12:00:00.000Z'));
    expect(digest({ status: 'won', lastStatusChangeAt: '2026-11-20T10:00:00.000Z' }, 'status')).not.toBe(
      digest({ status: 'won', lastStatusChangeAt: '2026-11-21T10:00:00.000Z' }, 'status'),
    );
    expect(digest({ lastStageChangeAt: '2026-11-20T10:00:00.000Z' }, 'name')).toBe(digest({}, 'name'));
  });

  it.each([
    ['no value and 0', {}, { monetaryValue: 0 }, 'monetary_value'],
    ['null and no key', { source: null }, {}, 'source'],
    [
      'a day with its hour and alone',
      { forecastExpectedCloseDate: '2026-12-31T00:00:00Z' },
      { forecastExpectedCloseDate: '2026-12-31' },
      'expected_close_date',
    ],
    [
      'a day in ms and as text',
      { customFields: [{ id: 'f1', fieldValueDate: Date.UTC(2026, 11, 31) }] },
      { customFields: [{ id: 'f1', fieldValue: '2026-12-31' }] },
      'custom_fields__f1',
    ],
    [
      'a number and its text',
      { customFields: [{ id: 'f2', fieldValueNumber: 12 }] },
      { customFields: [{ id: 'f2', fieldValue: '12' }] },
      'custom_fields__f2',
    ],
    [
      'a list in another order',
      { customFields: [{ id: 'f3', fieldValueArray: ['a', 'b'] }] },
      { customFields: [{ id: 'f3', fieldValue: ['b', 'a'] }] },
      'custom_fields__f3',
    ],
    [
      'an empty custom field and none',
      { customFields: [{ id: 'f4', fieldValue: '' }] },
      { customFields: [] },
      'custom_fields__f4',
    ],
  ])('is the same for %s', (_, one, other, id) => {
    expect(digest(one, id)).toBe(digest(other, id));
  });

  it('is not made where a record does not tell its custom fields', () => {
    expect(watchedValues({ id: 'o1', name: 'A' }, watch('name', 'custom_fields__f1'))).toBeNull();
    expect(watchedValues({ id: 'o1', name: 'A' }, watch('name'))).toEqual({ name: 'A' });
  });

  it('is not made where a record does not tell when its stage changed, or its close date is no day', () => {
    expect(watchedValues({ id: 'o1', pipelineStageId: 's1' }, watch('stage_id'))).toBeNull();
    expect(watchedValues({ id: 'o1', status: 'won', lastStatusChangeAt: '' }, watch('status'))).toBeNull();
    const read = (day: unknown) =>
      s.parse(opportunityRecord, { id: 'o1', forecastExpectedCloseDate: day }) as OpportunityRecord;
    for (const day of ['soon', {}]) expect(watchedValues(read(day), watch('expected_close_date'))).toBeNull();
    expect(watchedValues(read(null), watch('expected_close_date'))).toEqual({ expected_close_date: null });
  });
});
