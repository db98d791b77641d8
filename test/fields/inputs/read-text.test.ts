import { describe, expect, it } from '@jest/globals';
import zapier, { type ZObject } from 'zapier-platform-core';
import { readEmail } from '../../../fields/inputs/read-email.ts';
import { requiredId } from '../../../fields/inputs/read-id.ts';
import { readPhone } from '../../../fields/inputs/read-phone.ts';
import { readStatus } from '../../../fields/inputs/read-status.ts';
import { optionalText, readText, readTexts, requiredText } from '../../../fields/inputs/read-text.ts';
import { readYesNo } from '../../../fields/inputs/read-yes-no.ts';

const z = { errors: zapier.errors } as unknown as ZObject;

describe('reading what people put into fields', () => {
  it.each([
    [undefined, undefined],
    [null, undefined],
    ['', undefined],
    ['  ', undefined],
    ['\u200b \ufeff', undefined],
    [' a ', 'a'],
    [0, '0'],
    [false, 'false'],
    [['a', null, 'b'], 'a, , b'],
    [[], undefined],
    ['\u200bHP-1\u200b\ufeff ', 'HP-1'],
    ['\u202aHP-1\u202c', 'HP-1'],
    ['👩\u200d💻', '👩\u200d💻'],
  ])('text %j as %j', (value, expected) => {
    expect(readText(value)).toBe(expected);
  });

  it('reads a status whatever its capitals, and refuses "all", which only a search knows', () => {
    expect(readStatus(z, 'Status', 'Won')).toBe('won');
    expect(readStatus(z, 'Status', ' LOST\u00a0')).toBe('lost');
    expect(readStatus(z, 'Status', '')).toBeUndefined();
    expect(() => readStatus(z, 'Status', 'all')).toThrow(/^Status: "all"/);
    expect(() => readStatus(z, 'Status', 'Closed Won')).toThrow(
      'Status: "Closed Won" is not a status. Choose Open, Won, Lost or Abandoned.',
    );
  });

  it.each([
    [true, true],
    ['true', true],
    ['Yes', true],
    ['1', true],
    ['ON', true],
    [false, false],
    ['false', false],
    ['No', false],
    ['off', false],
    [0, false],
    ['', undefined],
    [null, undefined],
  ])('yes or no %j as %j', (value, expected) => {
    expect(readYesNo(z, 'Test Mode', value)).toBe(expected);
  });

  it.each(['maybe', 'N/A', 'nein', 'yes please', '2'])('refuses %j for yes or no', (value) => {
    expect(() => readYesNo(z, 'Test Mode', value)).toThrow(
      `Test Mode: "${value}" is neither yes nor no. Choose Yes or No.`,
    );
  });

  it.each([
    [undefined, []],
    ['', []],
    ['a', ['a']],
    ['a, b,,a ', ['a', 'b']],
    [
      ['a', null, 'b,c'],
      ['a', 'b', 'c'],
    ],
    ['a\nb\r\n c', ['a', 'b', 'c']],
    ['"a, b",c', ['a, b', 'c']],
    ['c, "a ""b"", d"', ['c', 'a "b", d']],
    ['5" pipe, "x" y', ['5" pipe', '"x" y']],
    ['["a","b, c"]', ['a', 'b, c']],
    ['["a", 7, null]', ['a', '7']],
    ["['a', 'b']", ['a', 'b']],
    ['[a, b]', ['a', 'b']],
    ['[]', []],
    ['[vip]', ['[vip]']],
    [
      ['["a"]', 'b'],
      ['a', 'b'],
    ],
    ['\u200ba\u200b,👩\u200d💻', ['a', '👩\u200d💻']],
    ['a;b', ['a;b']],
  ])('several texts %j as %j', (value, expected) => {
    expect(readTexts(value)).toEqual(expected);
  });

  it('names the field that is empty', () => {
    expect(requiredText(z, 'Contact', ' a ')).toBe('a');
    expect(() => requiredText(z, 'Contact', ' \u200b')).toThrow(/^Contact: this is empty/);
  });

  it.each([
    'undefined',
    'null',
    '[object Object]',
    '[object Object],[object Object]',
    'NaN',
    'Invalid Date',
    '#N/A',
    '#REF!',
    '#DIV/0!',
  ])('does not take %s for a value that must be there', (text) => {
    expect(() => requiredText(z, 'Title', text)).toThrow(
      `Title: "${text}" is what code or a sheet writes in the place of a value`,
    );
    expect(requiredText(z, 'Title', `${text}!!`)).toBe(`${text}!!`);
  });

  it.each(['undefined', 'null', '', [null]])('takes %j for no value where there may be none', (value) => {
    expect(optionalText(z, 'Source', value)).toBeUndefined();
  });

  it.each(['None', 'N/A', 'Null', '-', '0'])('keeps %s, which people write', (text) => {
    expect(optionalText(z, 'Source', text)).toBe(text);
    expect(requiredText(z, 'Source', text)).toBe(text);
  });

  it.each([
    { first: 'Ann' },
    [{ first: 'Ann' }, { first: 'Ben' }],
    Number.NaN,
    '#VALUE!',
  ])('does not save what stands where a value was lost: %j', (value) => {
    expect(() => optionalText(z, 'First Name', value)).toThrow(
      /^First Name: ".+" is what code or a sheet writes in the place of a value\./,
    );
  });

  it('quotes no more of a long text than a person reads', () => {
    const long = '5k '.repeat(3000);
    expect(() => readStatus(z, 'Status', long)).toThrow(/^Status: "(5k ){66}5k…" is not a status\. Choose/);
    expect(() => requiredId(z, 'Contact', 'x'.repeat(5000))).toThrow(/^Contact: "x{200}…" is not an ID/);
  });

  it('takes an id, and refuses what would change the address that it goes into', () => {
    expect(requiredId(z, 'Opportunity', ' yWQobCRIhRguQtD2llvk\u200b ')).toBe('yWQobCRIhRguQtD2llvk');
    for (const text of ['Harbor Cafe', '..', 'a/b', 'a?b', 'ä']) {
      expect(() => requiredId(z, 'Opportunity', text)).toThrow(/^Opportunity: ".*" is not an ID/);
    }
  });

  it.each([
    [' sam@example.com ', 'sam@example.com'],
    ['\ufeffsam@example.com\u200b', 'sam@example.com'],
    ['<a@b.example>', 'a@b.example'],
    ['mailto:a@b.example', 'a@b.example'],
    ['<MAILTO:a@b.example>', 'a@b.example'],
    ['"a@b.example"', 'a@b.example'],
    ['a@b.example.', 'a@b.example'],
    ["o'brien@b.example", "o'brien@b.example"],
    ["'a@b.example'", 'a@b.example'],
    ['a@b.example;', 'a@b.example'],
    ['a@b.example,', 'a@b.example'],
    ['(a@b.example)', 'a@b.example'],
    ['a＠b.example', 'a@b.example'],
    ['jürgen@bücher.example', 'jürgen@bücher.example'],
    ['a+b@xn--bcher-kva.example', 'a+b@xn--bcher-kva.example'],
    ['Sam Reed <sam@example.com>', 'sam@example.com'],
    ['Sam<sam@example.com>', 'sam@example.com'],
    ['"Reed, Sam" < sam@example.com >', 'sam@example.com'],
    ['"sam@example.com" <sam@example.com>', 'sam@example.com'],
    ['Sam <mailto:sam@example.com>', 'sam@example.com'],
    ['first.last@sub.b.example', 'first.last@sub.b.example'],
    ['', undefined],
  ])('an email address %j as %j', (value, expected) => {
    expect(readEmail(z, 'Email', value)).toBe(expected);
  });

  it.each([
    'sam',
    'sam@example',
    'a@b.example, c@d.example',
    'Sam <sam>',
    'a@b.example <c@d.example>',
    'Sam <a@b.example>, Ben <c@d.example>',
    'a@b.example, Ben <c@d.example>',
    'Sam <a@b.example',
    'mailto:a@b.example?subject=Hello',
    'a@b..example',
    '.a@b.example',
    'a.@b.example',
    'a..b@b.example',
    'a@-b.example',
    'a@b-.example',
    'a@b_c.example',
    'a@1.2.3.4',
    'a@b.c',
    'a@b.example/',
    'https://a@b.example',
    'a@b.example;c@d.example',
    'a@b.example|c@d.example',
    `${'a'.repeat(65)}@b.example`,
    `a@${'b.'.repeat(125)}example`,
    '\u202ea@b.example gro',
  ])('no email address %j', (value) => {
    expect(() => readEmail(z, 'Email', value)).toThrow(/^Email: ".*" is not an email address\. Write one, /);
  });

  it.each([
    ['4155550132.0', '4155550132'],
    ['4155550132', '4155550132'],
    ['+44 (0)20 7946 0958', '+442079460958'],
    ['0044 (0) 20 7946 0958', '00442079460958'],
    ['(415) 555-0132', '(415) 555-0132'],
    ['030/1234567', '030/1234567'],
    ['415.555.0100', '415.555.0100'],
    ['tel:+14155550132', '+14155550132'],
    ["'+14155550132", '+14155550132'],
    ['(+1) 415 555 0132', '+1 415 555 0132'],
    ['+1\u2011415\u2013555\u22120132', '+1-415-555-0132'],
    ['+１４１５５５５０１３２', '+14155550132'],
    ['\u202a+1 415\u00a0555 0132\u202c', '+1 415 555 0132'],
    ['', undefined],
    ['31-12-2126', '31-12-2126'],
    ['2026-1231', '2026-1231'],
    ['20.26.12.31', '20.26.12.31'],
  ])('a phone number %j as %j', (value, expected) => {
    expect(readPhone(z, 'Phone', value)).toBe(expected);
  });

  it.each([
    '(415) 555-0132 / 0133',
    '555-0132/33',
    'TBD',
    '12345',
    '+44 (0)20',
    '+44 (0)20 7946 0958 / 59',
    '+44 (0)20 7946 0958 ext 5',
    '+14155550132;ext=5',
    '1-800-FLOWERS',
    '000-000-0000',
    '+1 111 111 1111',
    '0000000',
    '9999999999',
    '1.415555E10',
    '4155550132\n4155550133',
    '++14155550132',
    '2026-12-31',
    '12/31/2026',
    '31.12.2026',
    '1-2-1999',
  ])('no single phone number %j', (value) => {
    expect(() => readPhone(z, 'Phone', value)).toThrow(/^Phone: ".*" is not a phone number\./s);
  });
});
