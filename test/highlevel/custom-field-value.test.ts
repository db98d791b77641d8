import { describe, expect, it } from '@jest/globals';
import { readCustomFieldValue } from '../../highlevel/custom-field-value.ts';

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
    [{ type: 'string' }, null],
    [{ fieldValue: { url: 'https://example.com/a.pdf', size: 3 } }, 'https://example.com/a.pdf'],
    [
      { fieldValue: [{ url: 'https://example.com/a.pdf' }, { url: 'https://example.com/b.pdf' }] },
      ['https://example.com/a.pdf', 'https://example.com/b.pdf'],
    ],
    [{ fieldValue: { one: 'first', two: 'second' } }, ['first', 'second']],
    [{ fieldValue: false }, false],
  ])('reads %j as %j', (row, expected) => {
    expect(readCustomFieldValue({ id: 'f1', ...row })).toEqual(expected);
  });
});
