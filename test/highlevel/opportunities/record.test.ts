import { describe, expect, it } from '@jest/globals';
import * as s from 'zod/mini';
import { isoTime } from '../../../highlevel/http/time.ts';
import { normalise, opportunityRecord } from '../../../highlevel/opportunities/record.ts';

/** Own values in the shape recorded from POST search on 2026-07-17: nulls, relations, sort, typed custom fields. */
const SEARCH_ROW = {
  id: 'o1',
  name: 'Opportunity',
  monetaryValue: 100,
  pipelineId: 'p1',
  pipelineStageId: 's1',
  pipelineStageUId: 's1',
  assignedTo: null,
  status: 'open',
  source: null,
  lostReasonId: null,
  forecastProbability: null,
  effectiveProbability: 14.29,
  lastStatusChangeAt: '2026-07-01T10:00:00.001Z',
  lastStageChangeAt: '2026-07-01T10:00:00.000Z',
  createdAt: '2026-07-01T10:00:00.000Z',
  updatedAt: '2026-07-01T10:00:00.000Z',
  contactId: 'c1',
  locationId: 'l1',
  customFields: [{ id: 'f1', type: 'string', fieldValueString: 'abc' }],
  followers: [],
  relations: [
    {
      associationId: 'OPPORTUNITIES_CONTACTS_ASSOCIATION',
      relationId: 'r2',
      primary: false,
      objectKey: 'contact',
      recordId: 'c2',
      fullName: 'Other',
    },
    {
      associationId: 'OPPORTUNITIES_CONTACTS_ASSOCIATION',
      relationId: 'r1',
      primary: true,
      objectKey: 'contact',
      recordId: 'c1',
      fullName: 'Sam Reed',
      email: 'sam@example.com',
      phone: null,
      companyName: null,
      tags: ['vip'],
    },
  ],
  contact: {
    id: 'c1',
    name: 'Sam Reed',
    companyName: null,
    email: 'sam@example.com',
    phone: null,
    tags: ['vip'],
    score: [],
  },
  sort: [1_782_900_000_000, 'o1'],
  attributions: [],
};

/** The same opportunity as a single read sends it: empty keys left out, others added. */
const SINGLE_RECORD = {
  id: 'o1',
  name: 'Opportunity',
  monetaryValue: 100,
  pipelineId: 'p1',
  pipelineStageId: 's1',
  status: 'open',
  effectiveProbability: 14.29,
  lastStatusChangeAt: '2026-07-01T10:00:00.001Z',
  lastStageChangeAt: '2026-07-01T10:00:00.000Z',
  lastActionDate: '2026-07-01T10:00:00.000Z',
  createdAt: '2026-07-01T10:00:00.000Z',
  updatedAt: '2026-07-01T10:00:00.000Z',
  contactId: 'c1',
  locationId: 'l1',
  isAttribute: false,
  internalSource: { type: 'api', id: 'x', apiVersion: 'v3', channel: 'API', source: 'x' },
  customFields: [{ id: 'f1', fieldValue: 'abc' }],
  contact: { id: 'c1', name: 'Sam Reed', email: 'sam@example.com', tags: ['vip'], followers: [] },
};

const read = (record: unknown) => normalise(s.parse(opportunityRecord, record));

describe('normalise', () => {
  it('shows an opportunity without what is odd about it, and does not guess at what it is told apart by', () => {
    const odd = {
      ...SEARCH_ROW,
      source: { type: 'web' },
      followers: 'u1',
      forecastProbability: 'likely',
      contact: { ...SEARCH_ROW.contact, phone: 12025550107, tags: 'vip' },
    };
    const read = s.safeParse(opportunityRecord, odd);
    expect(read.success && normalise(read.data)).toMatchObject({
      id: 'o1',
      source: null,
      follower_ids: ['u1'],
      probability: null,
      contact_name: 'Sam Reed',
      contact_phone: '12025550107',
      contact_tags: ['vip'],
    });
    for (const wrong of [
      { status: 1 },
      { monetaryValue: 'much' },
      { monetaryValue: '9,500' },
      { createdAt: {} },
      { contactId: {} },
    ]) {
      expect(s.safeParse(opportunityRecord, { ...SEARCH_ROW, ...wrong }).success).toBe(false);
    }
  });

  it.each([
    ['2025-11-26T15:13:20.000Z', '2025-11-26T15:13:20.000Z'],
    [1_764_170_000_000, '2025-11-26T15:13:20.000Z'],
    ['1764170000000', '2025-11-26T15:13:20.000Z'],
    [1_764_170_000, '2025-11-26T15:13:20.000Z'],
    ['1764170000', '2025-11-26T15:13:20.000Z'],
    ['', null],
    [0, null],
    ['5', null],
    ['soon', null],
  ])('reads the moment %j as %j', (createdAt, expected) => {
    expect(read({ ...SEARCH_ROW, createdAt }).created_at).toBe(expected);
  });

  it('takes a number for a name, an empty text for no value, and null for no relations', () => {
    const odd = { ...SEARCH_ROW, name: 123, monetaryValue: '', relations: null, sort: '1' };
    expect(read(odd)).toMatchObject({ name: '123', monetary_value: null, further_contacts: [] });
    expect(read({ ...SEARCH_ROW, relations: {} })).not.toHaveProperty('further_contacts');
  });

  it('reads an advertisement’s id in digits, and marks as text', () => {
    const first = { adId: 120210987654, isFirst: 'true', isLast: 'false' };
    const last = { gclid: 'b', isFirst: 'false', isLast: 'true' };
    expect(read({ ...SEARCH_ROW, attributions: [last, first] })).toMatchObject({
      first_attribution: { ad_id: '120210987654' },
      last_attribution: { gclid: 'b', ad_id: null },
    });
  });

  it('shows no close date that is none', () => {
    for (const day of ['soon', {}, 7])
      expect(read({ ...SEARCH_ROW, forecastExpectedCloseDate: day }).expected_close_date).toBeNull();
  });

  it.each([
    '2026-12-31T00:00:00.000Z',
    '2026-12-31T23:30:00-08:00',
    '12/31/2026',
    'Dec 31, 2026',
    Date.UTC(2026, 11, 31),
    Date.UTC(2026, 11, 31) / 1000,
  ])('shows the close date %j as 2026-12-31', (day) => {
    expect(read({ ...SEARCH_ROW, forecastExpectedCloseDate: day }).expected_close_date).toBe('2026-12-31');
  });

  it('makes one shape of a search row and a single record', () => {
    const { further_contacts, first_attribution, last_attribution, ...row } = read(SEARCH_ROW);
    expect(read(SINGLE_RECORD)).toEqual(row);
    expect({ further_contacts, first_attribution, last_attribution }).toEqual({
      further_contacts: [{ id: 'c2', name: 'Other', email: null, phone: null }],
      first_attribution: {},
      last_attribution: {},
    });
  });

  it('has every key, whatever was left out', () => {
    const bare = read({ id: 'o1', customFields: [] });
    expect(Object.keys(bare)).toEqual(Object.keys(read(SINGLE_RECORD)));
    expect(bare).toMatchObject({
      name: null,
      monetary_value: null,
      contact_tags: [],
      follower_ids: [],
      custom_fields: {},
    });
  });

  it('tells the first and the last attribution, by their marks or by their order, and what is odd as nothing', () => {
    const first = { utmSource: 'google', gclid: 'Cj0', campaign: 'Summer', adId: 'a1', isFirst: true };
    const last = { utmSource: 'newsletter', url: 'https://example.com', gclid: '', isLast: true };
    const told = read({ ...SEARCH_ROW, attributions: [last, null, first] });
    expect(told.first_attribution).toMatchObject({
      gclid: 'Cj0',
      utm_source: 'google',
      utm_campaign: 'Summer',
      ad_id: 'a1',
      landing_page: null,
    });
    expect(told.last_attribution).toMatchObject({
      utm_source: 'newsletter',
      gclid: null,
      landing_page: 'https://example.com',
    });
    const unmarked = read({ ...SEARCH_ROW, attributions: [{ gclid: 'a' }, { gclid: {} }] });
    expect([unmarked.first_attribution, unmarked.last_attribution]).toMatchObject([
      { gclid: 'a' },
      { gclid: null },
    ]);
    expect(read({ ...SEARCH_ROW, attributions: 'none', relations: {} })).not.toHaveProperty(
      'first_attribution',
    );
  });

  it('leaves out of the further contacts what is no contact or has no id', () => {
    const relations = [
      null,
      { primary: false, objectKey: 'contact' },
      { primary: false, objectKey: 'business', recordId: 'b1' },
      {
        primary: false,
        objectKey: 'Contact',
        recordId: 'c3',
        contactName: 'Kim',
        email: 'kim@example.com',
        phone: '',
      },
    ];
    expect(read({ ...SEARCH_ROW, relations }).further_contacts).toEqual([
      { id: 'c3', name: 'Kim', email: 'kim@example.com', phone: null },
    ]);
  });

  it('takes the contact from the primary relation where the row has no contact', () => {
    const { contact: _, ...row } = SEARCH_ROW;
    expect(read(row)).toMatchObject({
      contact_name: 'Sam Reed',
      contact_email: 'sam@example.com',
      contact_tags: ['vip'],
    });
  });

  it.each([
    [
      { primary: true, recordId: 'c1', contactName: 'Sam' },
      { contact_id: 'c1', contact_name: 'Sam' },
    ],
    [
      { primary: true, recordId: 'c1', fullName: 'Sam Reed', contactName: 'Sam' },
      { contact_name: 'Sam Reed' },
    ],
    [
      { primary: 1, recordId: 7, phone: 12025550107 },
      { contact_id: '7', contact_phone: '12025550107', further_contacts: [] },
    ],
    [
      { primary: true, recordId: 'c1', email: 'sam@example.com', companyName: 'Reed' },
      { contact_email: 'sam@example.com', contact_company_name: 'Reed' },
    ],
    [
      { primary: true, recordId: 'c1', tags: 'vip' },
      { contact_id: 'c1', contact_name: null, contact_tags: ['vip'] },
    ],
    [{ primary: true, recordId: 'c1', tags: ['vip', 7, null] }, { contact_tags: ['vip', '7'] }],
    [{ primary: true, recordId: 'c1', tags: 1 }, { contact_tags: [] }],
    [
      { primary: 'true', recordId: 'c1' },
      { contact_id: 'c1', further_contacts: [] },
    ],
    [
      { primary: 'yes', recordId: 'c1' },
      { contact_id: null, further_contacts: [{ id: 'c1', name: null, email: null, phone: null }] },
    ],
    [null, { contact_id: null }],
    ['c1', { contact_id: null }],
  ])('reads the relation %j, and passes over what is none', (relation, contact) => {
    expect(read({ id: 'o1', relations: [relation] })).toMatchObject(contact);
  });

  it('takes texts and numbers for tags and followers, and the ids of what stands in their place', () => {
    expect(read({ id: 'o1', followers: [{ id: 'u1' }, { name: 'x' }] })).toMatchObject({
      follower_ids: ['u1'],
    });
    const row = { id: 'o1', followers: ['u1', 7, null], contact: { id: 'c1', tags: ['vip', 7] } };
    expect(read(row)).toMatchObject({ follower_ids: ['u1', '7'], contact_tags: ['vip', '7'] });
  });

  it.each([
    ['9500.00', 9500],
    ['9,500.00', 9500],
    ['-1,250.5', -1250.5],
    ['1,234,567', 1_234_567],
  ])('reads the value %j as %d', (monetaryValue, value) => {
    expect(read({ id: 'o1', monetaryValue }).monetary_value).toBe(value);
  });

  it('keeps a value of 0', () => {
    expect(read({ id: 'o1', monetaryValue: 0, forecastProbability: 0 })).toMatchObject({
      monetary_value: 0,
      probability: 0,
    });
  });

  it('shows a close date as a day, however it was sent', () => {
    expect(
      read({ id: 'o1', forecastExpectedCloseDate: '2026-12-31T00:00:00.000Z' }).expected_close_date,
    ).toBe('2026-12-31');
  });

  it('refuses a record without an id', () => {
    expect(() => read({ name: 'Opportunity' })).toThrow();
  });
});

describe('isoTime', () => {
  it.each([
    ['2026-07-01T10:00:00.000Z', '2026-07-01T10:00:00.000Z'],
    ['2026-07-01T10:00:00', '2026-07-01T10:00:00.000Z'],
    ['2026-07-01T10:00:00-05:00', '2026-07-01T15:00:00.000Z'],
    [1_782_900_000_000, '2026-07-01T10:00:00.000Z'],
    ['2026-07-01', '2026-07-01T00:00:00.000Z'],
    [0, '1970-01-01T00:00:00.000Z'],
    ['', null],
    [null, null],
    [undefined, null],
    ['soon', null],
  ])('reads %s as %s', (value, expected) => {
    expect(isoTime(value)).toBe(expected);
  });
});
