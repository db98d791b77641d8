import { describe, expect, it } from '@jest/globals';
import * as s from 'zod/mini';
import { flag, moment, numeral, textList, UNREADABLE } from '../../../highlevel/http/shapes.ts';

describe('a moment', () => {
  it.each([
    [1_764_000_000_000, '2025-11-24T16:00:00.000Z'],
    [1_764_000_000, '2025-11-24T16:00:00.000Z'],
    ['1764000000', '2025-11-24T16:00:00.000Z'],
    [' 1764000000000 ', '2025-11-24T16:00:00.000Z'],
    // The bounds between what is too small, what is in s, and what is in ms.
    [1e8 - 1, UNREADABLE],
    [1e8, '1973-03-03T09:46:40.000Z'],
    [1e11 - 1, '5138-11-16T09:46:39.000Z'],
    [1e11, '1973-03-03T09:46:40.000Z'],
    [1e17, UNREADABLE],
    ['2026-11-20T14:30:00.000Z', '2026-11-20T14:30:00.000Z'],
    ['soon', UNREADABLE],
    [' ', ''],
  ])('of %j is %s', (value, read) => {
    expect(s.parse(moment, value)).toBe(read);
  });
});

describe('a numeral', () => {
  it.each([
    [12.5, 12.5],
    [' -12.50 ', -12.5],
    ['9,500.00', 9500],
    ['1,234,567', 1_234_567],
    ['-1,234,567.8', -1_234_567.8],
  ])('is read of %j', (value, number) => {
    expect(s.parse(numeral, value)).toBe(number);
  });

  it.each(['', '9,500', '9,50.00', '1.234,56', '12 apples', '1e5', null])('is not guessed of %j', (value) => {
    expect(s.safeParse(numeral, value).success).toBe(false);
  });
});

it.each([
  [
    ['vip', ' lead ', 7, '', null, {}, { id: 'u1' }, { id: 9 }, { id: null }],
    ['vip', 'lead', '7', 'u1', '9'],
  ],
  ['vip, lead', ['vip', 'lead']],
  ['', []],
  [null, null],
])('a list of texts of %j', (value, texts) => {
  expect(s.parse(textList, value)).toEqual(texts);
});

it.each([
  [true, true],
  ['False', false],
  [1, true],
  ['0', false],
  [null, null],
])('a flag of %j', (value, read) => {
  expect(s.parse(flag, value)).toBe(read);
});
