import { describe, expect, it } from '@jest/globals';
import type { CustomField } from '../../../highlevel/account/custom-fields.ts';
import {
  advancedFilters,
  type Criteria,
  countedBy,
  listFilters,
  meets,
  suitsList,
} from '../../../highlevel/opportunities/criteria.ts';

const field = (dataType: string, options: string[] = []): CustomField => ({
  id: 'f1',
  name: 'Own',
  key: 'own',
  dataType,
  options,
  takesOther: false,
});

const record = {
  id: 'o1',
  name: 'Roof: repair',
  status: 'open',
  monetaryValue: 500,
  pipelineId: 'p1',
  source: 'Webinar',
  lostReasonId: null,
  forecastExpectedCloseDate: '2026-12-24',
  createdAt: '2026-11-20T10:00:00.000Z',
  contact: { id: 'c1', tags: ['VIP', 'new'] },
};

describe('criteria in the words of POST /opportunities/search', () => {
  it('sends nothing that was not asked for', () => {
    expect(advancedFilters({})).toEqual([]);
    expect(advancedFilters({ contactTag: 'vip', expectedClose: { from: '2026-01-01' } })).toEqual([]);
  });

  it('gives each value the one shape that its field takes', () => {
    const criteria: Criteria = {
      id: 'o1',
      name: 'Roof',
      contactId: 'c1',
      pipelineId: 'p1',
      stageId: 's1',
      status: 'open',
      ownerId: 'u1',
      lostReasonId: 'l1',
      source: 'Webinar',
      minValue: 0,
      maxValue: 10.5,
      created: { from: 0, before: 86_400_000 },
      updated: { from: 0 },
      statusChanged: { before: 0 },
    };
    expect(advancedFilters(criteria)).toEqual([
      { field: 'pipeline_id', operator: 'eq', value: 'p1' },
      { field: 'pipeline_stage_id', operator: 'eq', value: 's1' },
      { field: 'contact_id', operator: 'eq', value: 'c1' },
      { field: 'assigned_to', operator: 'eq', value: 'u1' },
      { field: 'status', operator: 'eq', value: 'open' },
      { field: 'id', operator: 'eq', value: 'o1' },
      { field: 'lost_reason_id', operator: 'eq', value: 'l1' },
      { field: 'source', operator: 'eq', value: ['Webinar'] },
      { field: 'name', operator: 'contains', value: 'Roof' },
      { field: 'monetary_value', operator: 'range', value: { gte: 0, lte: 10.5 } },
      {
        field: 'date_added',
        operator: 'range',
        value: { gte: '1970-01-01T00:00:00.000Z', lt: '1970-01-02T00:00:00.000Z' },
      },
      { field: 'date_updated', operator: 'range', value: { gte: '1970-01-01T00:00:00.000Z' } },
      { field: 'last_status_change_date', operator: 'range', value: { lt: '1970-01-01T00:00:00.000Z' } },
    ]);
  });

  it.each([
    ['TEXT', 'EXT-1', { operator: 'eq', value: 'EXT-1' }],
    ['MONETORY', 5, { operator: 'eq', value: 5 }],
    [
      'DATE',
      '2026-12-24',
      {
        operator: 'range',
        value: { gte: '2026-12-24T00:00:00.000Z', lte: '2026-12-24T23:59:59.999Z' },
      },
    ],
    ['MULTIPLE_OPTIONS', 'Ads', { operator: 'eq', value: 'Ads' }],
  ])('asks for a custom field of %s', (dataType, value, filter) => {
    expect(advancedFilters({ customField: { field: field(dataType), value } })).toEqual([
      { field: 'custom_fields.f1', ...filter },
    ]);
  });

  it('keeps the range of a date beside the one of the value', () => {
    const customField = { field: field('DATE'), value: '2026-12-24' };
    expect(advancedFilters({ minValue: 1, maxValue: 5, customField })).toEqual([
      { field: 'monetary_value', operator: 'range', value: { gte: 1, lte: 5 } },
      ...advancedFilters({ customField }),
    ]);
  });

  it.each([
    'TEXTBOX_LIST',
    'FILE_UPLOAD',
  ])('asks for no custom field of %s, which has no operator', (dataType) => {
    const customField = { field: field(dataType), value: 'x' };
    expect(advancedFilters({ customField })).toEqual([]);
    expect(countedBy('advanced', { customField })).toBe(false);
  });

  it.each<[Criteria, boolean]>([
    [{}, true],
    [
      { status: 'won', minValue: 5, source: 'Webinar', customField: { field: field('TEXT'), value: 'x' } },
      true,
    ],
    [{ name: 'Roof' }, false],
    [{ contactTag: 'vip' }, false],
    [{ expectedClose: {} }, false],
  ])('finds exactly what meets %j: %j', (criteria, exactly) => {
    expect(countedBy('advanced', criteria)).toBe(exactly);
  });

  it('leaves the text search out for the opportunities of one contact, as what it looks into is a setting', () => {
    expect(listFilters({ name: 'Roof & Co.' })).toMatchObject({ q: 'Roof & Co.' });
    expect(listFilters({ name: 'Roof & Co.', contactId: 'c1' })).toEqual({ contactId: 'c1' });
  });

  it.each([
    ['Cafe\u0301', 'Café'],
    ['Har\u00adbor  Cafe', 'Harbor Cafe'],
    ['Ｈａｒｂｏｒ', 'Harbor'],
    ['Harbor\u00a0Cafe\u200b', 'Harbor Cafe'],
  ])('asks for the name %j as HighLevel most likely has it', (name, asked) => {
    expect(advancedFilters({ name })).toEqual([{ field: 'name', operator: 'contains', value: asked }]);
    expect(listFilters({ name })).toEqual({ q: asked });
  });

  it('asks for the longest part of a name without special characters, 75 of them at most', () => {
    const part = (name: string) => advancedFilters({ name })[0];
    expect(part('R&D: Café über alles (2)')).toMatchObject({ value: 'Café über alles' });
    expect(part('***')).toBeUndefined();
    expect(part('x'.repeat(90))).toMatchObject({ value: 'x'.repeat(75) });
    expect(part(`${'x'.repeat(74)} y`)).toMatchObject({ value: 'x'.repeat(74) });
    expect(part('Roof (repair )')).toMatchObject({ value: 'repair' });
    // By its letters, not by the spaces around them.
    expect(part('ab:   cd   :efg')).toMatchObject({ value: 'efg' });
    expect(part('ab:cd')).toMatchObject({ value: 'ab' });
  });
});

describe('criteria in the words of GET /opportunities/search', () => {
  it('fits them when they name nothing else', () => {
    const criteria: Criteria = { name: 'Roof', pipelineId: 'p1', status: 'won' };
    expect(suitsList(criteria)).toBe(true);
    expect(listFilters(criteria)).toMatchObject({ q: 'Roof', pipelineId: 'p1', status: 'won' });
    expect(suitsList({ ...criteria, minValue: 0 })).toBe(false);
    expect(suitsList({ customField: { field: field('TEXT'), value: 'x' } })).toBe(false);
    expect(suitsList({ minValue: undefined })).toBe(true);
    expect(listFilters({ created: { from: 1 } })).toEqual({});
  });
});

describe('meeting criteria', () => {
  it.each<[string, Criteria, boolean]>([
    ['nothing asked', {}, true],
    ['a part of the name', { name: 'ROOF:  rep' }, true],
    ['another name', { name: 'Floor' }, false],
    ['a part where the whole is asked', { name: 'Roof', wholeName: true }, false],
    ['the whole name in capitals', { name: 'ROOF: REPAIR', wholeName: true }, true],
    ['a tag whatever its capitals', { contactTag: 'vip' }, true],
    ['a part of a tag', { contactTag: 'vi' }, false],
    ['the source', { source: 'webinar' }, true],
    ['a part of the source', { source: 'Web' }, false],
    ['the least value', { minValue: 500, maxValue: 500 }, true],
    ['too little', { minValue: 500.01 }, false],
    ['too much', { maxValue: 499.99 }, false],
    ['a lost reason', { lostReasonId: 'l1' }, false],
    ['the first moment', { created: { from: Date.parse('2026-11-20T10:00:00Z') } }, true],
    ['the moment after', { created: { before: Date.parse('2026-11-20T10:00:00Z') } }, false],
    ['a time that the record has not', { updated: { from: 0 } }, false],
    ['a closing day', { expectedClose: { from: '2026-12-24', to: '2026-12-24' } }, true],
    ['a later closing day', { expectedClose: { from: '2026-12-25' } }, false],
    ['an earlier closing day', { expectedClose: { to: '2026-12-23' } }, false],
    ['the last closing day', { expectedClose: { to: '2026-12-24' } }, true],
  ])('%s', (_, criteria, met) => {
    expect(meets(record, criteria)).toBe(met);
  });

  it.each<[string, Criteria]>([
    ['name', { name: 'x' }],
    ['source', { source: 'x' }],
    ['closing day', { expectedClose: {} }],
    ['time', { created: {} }],
  ])('needs the %s that is asked for', (_, criteria) => {
    expect(meets({ id: 'o2', name: null, source: null }, criteria)).toBe(false);
  });

  it.each<[string, CustomField, unknown, string | number, boolean]>([
    ['an id', field('TEXT'), 'aB1', 'aB1', true],
    ['an id in other capitals', field('TEXT'), 'aB1', 'ab1', false],
    ['a longer id', field('TEXT'), 'aB12', 'aB1', false],
    ['a number', field('NUMERICAL'), 1000, 1000, true],
    ['a number kept as text', field('NUMERICAL'), '1000', 1000, true],
    ['a day in ms', field('DATE'), Date.parse('2026-12-24T00:00:00Z'), '2026-12-24', true],
    ['an option', field('RADIO', ['Low', 'High']), 'High', 'high', true],
    ['another option', field('RADIO', ['Low', 'High']), 'Low', 'high', false],
    ['no option', field('RADIO', ['Low', 'null']), null, 'null', false],
    ['another number', field('NUMERICAL'), 1000, 1001, false],
    ['an id with space around it', field('TEXT'), ' aB1 ', 'aB1', true],
    ['one of several', field('CHECKBOX', ['A', 'B']), ['A', 'B'], 'B', true],
    ['none of several', field('CHECKBOX', ['A', 'B']), ['A'], 'B', false],
    ['one of several boxes', field('TEXTBOX_LIST'), { Buyer: 'Dana', Signer: 'Lee' }, 'Lee', true],
    ['an empty field', field('TEXT'), null, '', false],
  ])('custom field: %s', (_, own, held, value, met) => {
    const customFields = [{ id: 'f1', fieldValue: held }];
    expect(meets({ ...record, customFields }, { customField: { field: own, value } })).toBe(met);
  });
});
