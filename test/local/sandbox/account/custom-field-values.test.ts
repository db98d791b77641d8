import {
  checkCustomFieldValue,
  contactCustomField,
  recordCustomField,
  searchRowCustomField,
} from '../../../../local/sandbox/account/custom-field-values.ts';
import type { CustomField } from '../../../../local/sandbox/state/records.ts';

function field(dataType: string, picklistOptions: string[] = []): CustomField {
  return {
    id: 'f1',
    locationId: 'l1',
    model: 'opportunity',
    name: 'Field',
    fieldKey: 'opportunity.field',
    dataType,
    placeholder: '',
    position: 0,
    picklistOptions,
  };
}

const options = ['Red', 'Green'];

describe('a written value', () => {
  test.each([
    ['TEXT', 'hello'],
    ['TEXT', 12],
    ['LARGE_TEXT', 'a\nb'],
    ['PHONE', '+15550100'],
    ['EMAIL', 'a@example.com'],
    ['NUMERICAL', 4.5],
    ['NUMERICAL', '4.5'],
    ['MONETORY', '1200'],
    ['DATE', '2026-11-20'],
    ['DATE', 1763596800000],
    ['SINGLE_OPTIONS', 'Red'],
    ['RADIO', 'Green'],
    ['CHECKBOX', ['Red']],
    ['MULTIPLE_OPTIONS', ['Red', 'Green']],
    ['TEXTBOX_LIST', { Red: 'one' }],
    ['FILE_UPLOAD', { url: 'https://example.com/a.pdf', size: 10 }],
    ['FILE_UPLOAD', [{ url: 'https://example.com/a.pdf' }]],
    ['SOMETHING_NEW', 'text'],
  ])('%s takes %j', (dataType, value) => {
    expect(checkCustomFieldValue(field(dataType, options), value)).toBeNull();
  });

  test.each([
    ['TEXT', ['a']],
    ['NUMERICAL', 'four'],
    ['MONETORY', true],
    ['DATE', 'soon'],
    ['SINGLE_OPTIONS', 'Blue'],
    ['RADIO', ['Red']],
    ['CHECKBOX', 'Red'],
    ['MULTIPLE_OPTIONS', ['Red', 'Blue']],
    ['TEXTBOX_LIST', { Blue: 'one' }],
    ['TEXTBOX_LIST', ['one']],
    ['FILE_UPLOAD', 'https://example.com/a.pdf'],
  ])('%s refuses %j with a sentence that names the field', (dataType, value) => {
    expect(checkCustomFieldValue(field(dataType, options), value)).toContain('opportunity.field');
  });

  test.each([
    ['DATE', null],
    ['NUMERICAL', ''],
    ['CHECKBOX', []],
    ['TEXTBOX_LIST', {}],
  ])('%s is cleared by %j, and an empty value is left out everywhere', (dataType, value) => {
    const it = field(dataType, options);
    expect(checkCustomFieldValue(it, value)).toBeNull();
    expect(searchRowCustomField(it, value)).toBeNull();
    expect(recordCustomField(it, value)).toBeNull();
    expect(contactCustomField(it, value)).toBeNull();
  });
});

describe('a value read back', () => {
  test('is typed in a search row', () => {
    const row = (dataType: string, value: unknown) => searchRowCustomField(field(dataType, options), value);
    expect(row('TEXT', 'x')).toEqual({ id: 'f1', type: 'string', fieldValueString: 'x' });
    expect(row('RADIO', 'Red')).toEqual({ id: 'f1', type: 'string', fieldValueString: 'Red' });
    expect(row('MONETORY', '12.5')).toEqual({ id: 'f1', type: 'number', fieldValueNumber: 12.5 });
    expect(row('TIME', '1410')).toEqual({ id: 'f1', type: 'number', fieldValueNumber: 1410 });
    expect(row('CHECKBOX', ['Red'])).toEqual({ id: 'f1', type: 'array', fieldValueArray: ['Red'] });
    expect(row('DATE', '2026-11-20')).toEqual({
      id: 'f1',
      type: 'date',
      fieldValueDate: Date.parse('2026-11-20T00:00:00.000Z'),
    });
    expect(row('TEXTBOX_LIST', { Red: '1' })).toEqual({
      id: 'f1',
      type: 'object',
      fieldValueObject: { Red: '1' },
    });
    expect(row('FILE_UPLOAD', { url: 'https://example.com/a.pdf', size: 10 })).toEqual({
      id: 'f1',
      type: 'file',
      fieldValueFiles: [{ url: 'https://example.com/a.pdf', meta: { size: 10 } }],
    });
  });

  test('is plain in a record and in a contact', () => {
    expect(recordCustomField(field('NUMERICAL'), 7)).toEqual({ id: 'f1', fieldValue: '7' });
    expect(recordCustomField(field('DATE'), '2026-11-20')).toEqual({ id: 'f1', fieldValue: '2026-11-20' });
    expect(contactCustomField(field('CHECKBOX', options), ['Red'])).toEqual({ id: 'f1', value: ['Red'] });
  });
});
