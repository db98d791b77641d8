import { describe, expect, it } from '@jest/globals';
import zapier, { type ZObject } from 'zapier-platform-core';
import { readEmail } from '../../../fields/inputs/read-email.ts';
import { requiredId } from '../../../fields/inputs/read-id.ts';
import { readPhone } from '../../../fields/inputs/read-phone.ts';
import { readStatus } from '../../../fields/inputs/read-status.ts';
import { readText, readTexts, requiredText } from '../../../fields/inputs/read-text.ts';
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
  ])('several texts %j as %j', (value, expected) => {
    expect(readTexts(value)).toEqual(expected);
  });

  it('names the field that is empty', () => {
    expect(requiredText(z, 'Contact', ' a ')).toBe('a');
    expect(() => requiredText(z, 'Contact', ' \u200b')).toThrow(/^Contact: this is empty/);
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
    ['', undefined],
  ])('an email address %j as %j', (value, expected) => {
    expect(readEmail(z, 'Email', value)).toBe(expected);
  });

  it.each([
    'sam',
    'sam@example',
    'a@b.example, c@d.example',
    'Sam <sam@example.com>',
    'Sam<sam@example.com>',
    'mailto:a@b.example?subject=Hello',
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
    ['', undefined],
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
  ])('no single phone number %j', (value) => {
    expect(() => readPhone(z, 'Phone', value)).toThrow(/^Phone: ".*" is not a phone number\./);
  });
});
