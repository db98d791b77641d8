import { describe, expect, it } from '@jest/globals';
import zapier, { type ZObject } from 'zapier-platform-core';
import { readAmount } from '../../../fields/inputs/read-amount.ts';
import { readNumber } from '../../../fields/inputs/read-number.ts';
import { readPercent } from '../../../fields/inputs/read-percent.ts';
import { readWholeNumber } from '../../../fields/inputs/read-whole-number.ts';

const z = { errors: zapier.errors } as unknown as ZObject;

describe('numbers as they are written', () => {
  it.each([
    ['', undefined],
    [null, undefined],
    [' \u200b', undefined],
    [0, 0],
    [12.345, 12.345],
    ['0', 0],
    ['0012', 12],
    ['1250.50', 1250.5],
    ['1,250.50', 1250.5],
    ['$12,500.00', 12_500],
    ['1,250', 1250],
    ['12,500', 12_500],
    ['1,234,567', 1_234_567],
    ['12,34,567', 1_234_567],
    ['€1.250,50', 1250.5],
    ['1.250.500', 1_250_500],
    ['1250,50', 1250.5],
    ['12,5', 12.5],
    ['1 250,50 €', 1250.5],
    ['1\u00a0250,50\u00a0€', 1250.5],
    ['1\u202f250\u202f000,50', 1_250_000.5],
    ["CHF 1'250.50", 1250.5],
    ['1’250.-', 1250],
    ['500,-', 500],
    ['USD 1,250', 1250],
    ['1250 EUR', 1250],
    ['1250.00 dollars', 1250],
    ['$1,250.00 USD', 1250],
    ['R$ 1.250,00', 1250],
    ['US$5', 5],
    ['Rs.500', 500],
    ['500 kr.', 500],
    ['.5', 0.5],
    ['$.50', 0.5],
    ['0.500', 0.5],
    ['0,125', 0.125],
    ['1250.500', 1250.5],
    ['1.1250', 1.125],
    ['１２５０．５', 1250.5],
    ['\u200e1,250\ufeff', 1250],
    ['+5', 5],
    [['1,250'], 1250],
  ])('reads %j as %j', (value, expected) => {
    expect(readAmount(z, 'Value', value)).toBe(expected);
    expect(readNumber(z, 'Seats', value)).toBe(expected);
  });

  it.each([
    'TBD',
    'about 3k',
    '3k',
    '1e5',
    '(500)',
    '1000-2000',
    '2 burritos',
    '10 apples',
    'NaN',
    'Infinity',
    '12 34',
    '1,2,3',
    '1.250 500',
    '12.500.00',
    '1,250,5.0.0',
    '1250,500',
    '1,250 2,500',
    '1.',
    '1,',
    '5-',
    '--5',
    '500\n600',
    '500\t600',
    '٥٠٠',
    '5²',
    '½',
    '12:30',
    '2026-12-31',
    '€',
    'two',
    '99999999999999999999',
    [1, 250],
    true,
  ])('refuses %j, quoting it as it was written', (value) => {
    const text = Array.isArray(value) ? value.join(', ') : String(value);
    expect(() => readAmount(z, 'Value', value)).toThrow(
      `Value: "${text}" is not an amount. Write a number, for example 1250.50 or 1,250.50.`,
    );
    expect(() => readNumber(z, 'Seats', value)).toThrow(`Seats: "${text}" is not a number.`);
  });

  it.each([
    ['12.500', 'Value: "12.500" could mean 12500 or 12.5. Write 12500, or 12.5.'],
    ['€ 1.250', 'Value: "€ 1.250" could mean 1250 or 1.25. Write 1250, or 1.25.'],
    ['1.125', 'Value: "1.125" could mean 1125 or 1.125. Write 1125, or 1.1250.'],
  ])('does not guess what %s means', (value, sentence) => {
    expect(() => readAmount(z, 'Value', value)).toThrow(sentence);
    expect(() => readNumber(z, 'Value', value)).toThrow(sentence);
  });

  it.each([
    ['-1,250.5', -1250.5],
    ['$-5', -5],
    ['-$5', -5],
    ['\u22125', -5],
    [-3.5, -3.5],
    ['-0', 0],
  ])('reads %j as %j where a number may be negative', (value, expected) => {
    expect(readNumber(z, 'Seats', value)).toBe(expected);
  });

  it.each(['-5', '$-5', -0.01])('refuses the amount %j', (value) => {
    expect(() => readAmount(z, 'Value', value)).toThrow(`Value: "${value}" is negative.`);
  });

  it('passes over a percent sign of a number, and not of an amount', () => {
    expect(readNumber(z, 'Discount', '15 %')).toBe(15);
    expect(() => readAmount(z, 'Value', '15%')).toThrow(/is not an amount/);
  });
});

describe('percentages', () => {
  it.each([
    ['', undefined],
    [0, 0],
    ['60', 60],
    ['60 %', 60],
    ['12,5 %', 12.5],
    ['33.333', 33.333],
    [33.333, 33.333],
    ['100', 100],
  ])('reads %j as %j', (value, expected) => {
    expect(readPercent(z, 'Probability', value)).toBe(expected);
  });

  it.each([
    ['0.5', '50 or 0.5'],
    ['.075', '7.5 or 0.075'],
    [0.3, '30 or 0.3'],
    ['1', '100 or 1'],
    [1, '100 or 1'],
  ])('does not guess whether %j is a share of one', (value, both) => {
    expect(() => readPercent(z, 'Probability', value)).toThrow(
      `Probability: "${value}" could mean ${both} percent. Write `,
    );
    expect(readPercent(z, 'Probability', `${value}%`)).toBe(Number(value));
  });

  it.each(['101', '-1', 'high', '$60', '12,500', '60-70', '1e1'])('refuses %j', (value) => {
    expect(() => readPercent(z, 'Probability', value)).toThrow(
      `Probability: "${value}" is not a percentage. Write a number from 0 to 100`,
    );
  });
});

describe('whole numbers', () => {
  const read = (value: unknown) => readWholeNumber(z, 'Limit', value, { least: 1, most: 3000 });

  it.each([
    ['', undefined],
    ['14', 14],
    [14, 14],
    ['1,000', 1000],
    ['3000', 3000],
  ])('reads %j as %j', (value, expected) => {
    expect(read(value)).toBe(expected);
  });

  it.each(['0', '-3', '1.5', '3001', 'all', '$5', '5%', '1.000', '14 days'])('refuses %j', (value) => {
    expect(() => read(value)).toThrow(
      `Limit: "${value}" is not a whole number from 1 to 3000. Write one in digits, for example 14.`,
    );
  });
});
