import { describe, expect, it } from '@jest/globals';
import zapier, { type ZObject } from 'zapier-platform-core';
import {
  readDay,
  readEmail,
  readMoney,
  readNumber,
  readPercent,
  readStatus,
  readText,
  readTexts,
  readYesNo,
  required,
  requiredId,
  requiredMoment,
} from '../../../fields/inputs/values.ts';

const z = { errors: zapier.errors } as unknown as ZObject;

describe('reading what people put into fields', () => {
  it.each([
    [undefined, undefined],
    [null, undefined],
    ['', undefined],
    ['  ', undefined],
    [' a ', 'a'],
    [0, '0'],
    [false, 'false'],
  ])('text %j as %j', (value, expected) => {
    expect(readText(value)).toBe(expected);
  });

  it.each([
    [0, 0],
    ['0', 0],
    ['1250.50', 1250.5],
    ['1,250.50', 1250.5],
    ['1,234,567', 1_234_567],
    ['$1,250', 1250],
    ['€ 99.9', 99.9],
    ['', undefined],
  ])('an amount %j as %j', (value, expected) => {
    expect(readMoney(z, value)).toBe(expected);
  });

  it.each([
    'abc',
    '-5',
    '1.250,50',
    '12,50',
    '1e5',
    'NaN',
    'Infinity',
    '10 apples',
  ])('refuses the amount "%s" and names the field', (value) => {
    expect(() => readMoney(z, value)).toThrow(/^Value: /);
  });

  it.each([
    ['2026-12-31', '2026-12-31'],
    ['2026-12-31T23:30:00-06:00', '2026-12-31'],
    ['2026-12-31T23:30:00Z', '2026-12-31'],
    ['2026/1/5', '2026-01-05'],
    ['', undefined],
  ])('a day %j as %j', (value, expected) => {
    expect(readDay(z, value)).toBe(expected);
  });

  it.each([
    '2026-06-31',
    '2026-13-01',
    'soon',
    '31.12.2026',
    '12/31/2026',
  ])('refuses the day "%s"', (value) => {
    expect(() => readDay(z, value)).toThrow(/^Expected Close Date: /);
  });

  it.each([
    [0, 0],
    ['60', 60],
    ['60 %', 60],
    [100, 100],
    ['', undefined],
  ])('a percentage %j as %j', (value, expected) => {
    expect(readPercent(z, value)).toBe(expected);
  });

  it.each(['101', '-1', 'high'])('refuses the percentage "%s"', (value) => {
    expect(() => readPercent(z, value)).toThrow(/^Probability: /);
  });

  it('reads a status whatever its capitals, and refuses "all", which only a search knows', () => {
    expect(readStatus(z, 'Won')).toBe('won');
    expect(readStatus(z, '')).toBeUndefined();
    expect(() => readStatus(z, 'all')).toThrow(/^Status: "all"/);
  });

  it.each([
    [true, true],
    ['true', true],
    ['Yes', true],
    ['1', true],
    [false, false],
    ['false', false],
    ['No', false],
    [0, false],
    ['', undefined],
    [null, undefined],
  ])('yes or no %j as %j', (value, expected) => {
    expect(readYesNo(z, 'Test Mode', value)).toBe(expected);
  });

  it('refuses what is neither yes nor no, and names the field', () => {
    expect(() => readYesNo(z, 'Test Mode', 'maybe')).toThrow(/^Test Mode: "maybe"/);
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
    expect(required(z, 'Contact', ' a ')).toBe('a');
    expect(() => required(z, 'Contact', ' ')).toThrow(/^Contact: this is empty/);
  });

  it('takes an id, and refuses what would change the address that it goes into', () => {
    expect(requiredId(z, 'Opportunity', ' yWQobCRIhRguQtD2llvk ')).toBe('yWQobCRIhRguQtD2llvk');
    for (const text of ['Harbor Cafe', '..', 'a/b', 'a?b', 'ä']) {
      expect(() => requiredId(z, 'Opportunity', text)).toThrow(/^Opportunity: ".*" is not an ID/);
    }
  });

  it.each([
    [0, 0],
    [-3.5, -3.5],
    ['-1,250.5', -1250.5],
    ['$1,250', 1250],
    ['', undefined],
  ])('a number %j as %j', (value, expected) => {
    expect(readNumber(z, value, 'Seats')).toBe(expected);
  });

  it.each(['many', '1.250,50', '12 34', '--1', '1e3'])('no number %j', (value) => {
    expect(() => readNumber(z, value, 'Seats')).toThrow(`Seats: "${value}" is not a number`);
  });

  it.each([
    [' sam@example.com ', 'sam@example.com'],
    ['', undefined],
  ])('an email address %j as %j', (value, expected) => {
    expect(readEmail(z, 'Email', value)).toBe(expected);
  });

  it.each([
    'sam',
    'sam@example',
    'a@b.example, c@d.example',
    'Sam <sam@example.com>',
  ])('no email address %j', (value) => {
    expect(() => readEmail(z, 'Email', value)).toThrow(/^Email: ".*" is not an email address\.$/);
  });

  it.each([
    ['2026-12-31T09:00:00-05:00', '2026-12-31T14:00:00.000Z'],
    ['2026-12-31T09:00:00.000Z', '2026-12-31T09:00:00.000Z'],
    ['2026-12-31 09:00 +0530', '2026-12-31T03:30:00.000Z'],
  ])('a moment %j as %j', (value, expected) => {
    expect(requiredMoment(z, 'Due Date', value)).toBe(expected);
  });

  it.each([
    ['', /^Due Date: this is empty/],
    ['soon', /^Due Date: "soon" is not a date/],
    ['2026-02-30T09:00:00Z', /^Due Date: "2026-02-30T09:00:00Z" is not a date/],
    ['2026-12-31', /^Due Date: "2026-12-31" is not a date and time .*offset/],
    ['2026-12-31T09:00:00', /offset from UTC/],
    ['2026-12-31T25:00:00Z', /^Due Date: /],
  ])('no moment %j', (value, sentence) => {
    expect(() => requiredMoment(z, 'Due Date', value)).toThrow(sentence);
  });
});
