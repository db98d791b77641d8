import { describe, expect, it } from '@jest/globals';
import {
  asKind,
  everyField,
  kindOf,
  readCustomFieldValue,
} from '../../../highlevel/account/custom-field-value.ts';

describe('readCustomFieldValue', () => {
  it.each([
    [{ fieldValue: 'abc' }, 'abc'],
    [{ field_value: 'abc' }, 'abc'],
    [{ value: 'abc' }, 'abc'],
    [{ type: 'string', fieldValueString: 'abc' }, 'abc'],
    [{ type: 'number', fieldValueNumber: 0 }, 0],
    [{ type: 'array', fieldValueArray: ['a', 'b'] }, ['a', 'b']],
    [{ fieldValue: null, fieldValueString: 'abc' }, 'abc'],
    [{ fieldValue: '' }, null],
    [{ fieldValue: ' ' }, null],
    [{ fieldValue: '', value: 'abc' }, 'abc'],
    [{ fieldValueString: '', fieldValueArray: ['a', ' '] }, ['a']],
    [{ type: 'string' }, null],
    [{ fieldValue: { url: 'https://example.com/a.pdf', size: 3 } }, 'https://example.com/a.pdf'],
    [
      { fieldValue: [{ url: 'https://example.com/a.pdf' }, { url: 'https://example.com/b.pdf' }] },
      ['https://example.com/a.pdf', 'https://example.com/b.pdf'],
    ],
    [{ fieldValue: { one: 'first', two: 'second' } }, ['first', 'second']],
    [{ fieldValue: false }, false],
    [{ field_value: 'by another version', fieldValue: 'abc' }, 'abc'],
    [{ fieldValue: ['a', '', null, 7, true, { size: 3 }] }, ['a', '7', 'true', '{"size":3}']],
    [{ fieldValue: { one: 'first', two: '', three: null } }, ['first']],
    [{ fieldValue: { url: 5 } }, ['5']],
  ])('reads %j as %j', (row, expected) => {
    expect(readCustomFieldValue({ id: 'f1', ...row })).toEqual(expected);
  });
});

describe('asKind', () => {
  it.each([
    ['NUMERICAL', '1250.5', 1250.5],
    ['NUMERICAL', 0, 0],
    ['MONETORY', 'a lot', 'a lot'],
    ['MONETORY', '9,500.00', 9500],
    ['MONETORY', '9,500', '9,500'],
    ['DATE', '2026-12-31', '2026-12-31'],
    ['DATE', '2026-12-31T00:00:00.000Z', '2026-12-31'],
    ['DATE', Date.UTC(2026, 11, 31), '2026-12-31'],
    ['DATE', String(Date.UTC(2026, 11, 31)), '2026-12-31'],
    ['DATE', Date.UTC(2026, 11, 31) / 1000, '2026-12-31'],
    ['DATE', String(Date.UTC(2026, 11, 31) / 1000), '2026-12-31'],
    ['DATE', Date.UTC(1952, 1, 3) / 1000, '1952-02-03'],
    ['DATE', Date.UTC(1970, 2, 1), '1970-03-01'],
    ['DATE', '12/31/2026', '2026-12-31'],
    ['DATE', 'Dec 31, 2026', '2026-12-31'],
    ['DATE', '2026-12-31T23:30:00-08:00', '2026-12-31'],
    ['DATE', '2026-13-31', '2026-13-31'],
    ['DATE', 86_400_000, '1970-01-02'],
    ['DATE', '-86400000000', '1967-04-07'],
    ['DATE', '2026', '2026-01-01'],
    ['DATE', 'next week', 'next week'],
    ['CHECKBOX', ['a', 'b'], ['a', 'b']],
    ['MULTIPLE_OPTIONS', 'a', ['a']],
    ['MULTIPLE_OPTIONS', [], null],
    ['FILE_UPLOAD', 'https://example.com/a.pdf', ['https://example.com/a.pdf']],
    ['TEXTBOX_LIST', ['first'], ['first']],
    ['TEXT', 12, '12'],
    ['PHONE', '+12065550100', '+12065550100'],
    ['SINGLE_OPTIONS', ['a', 'b'], 'a, b'],
    ['SOMETHING_NEW', true, 'true'],
    ['TEXT', null, null],
  ])('shows a %s of %j as %j', (dataType, value, shown) => {
    expect(asKind(value, kindOf(dataType))).toEqual(shown);
  });
});

describe('everyField', () => {
  it('has a key for each field of the account, and keeps values of fields it does not know', () => {
    const fields = [
      { id: 'f1', dataType: 'NUMERICAL' },
      { id: 'f2', dataType: 'TEXT' },
    ];
    expect(everyField({ f1: '4', f3: 'old' }, fields)).toEqual({ f1: 4, f2: null, f3: 'old' });
  });
});
