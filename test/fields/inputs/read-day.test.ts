import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import zapier, { type Bundle, type ZObject } from 'zapier-platform-core';
import { readBirthDate, readDay } from '../../../fields/inputs/read-day.ts';
import { requiredMoment } from '../../../fields/inputs/read-moment.ts';

const z = { errors: zapier.errors } as unknown as ZObject;
const inZone = (timezone?: string) => ({ meta: { timezone } }) as unknown as Bundle;
const CHICAGO = inZone('America/Chicago');

// A Thursday evening in Chicago; in UTC it is Friday already.
const NOW = new Date('2026-11-27T02:00:00Z');

beforeEach(() => {
  jest.useFakeTimers({ now: NOW, doNotFake: ['nextTick', 'setImmediate', 'setTimeout'] });
});
afterEach(() => {
  jest.useRealTimers();
});

describe('a day as it is written', () => {
  const read = (value: unknown, bundle = CHICAGO) => readDay(z, bundle, 'Contract Date', value);

  it.each([
    ['', undefined],
    ['2026-12-31', '2026-12-31'],
    ['2026/1/5', '2026-01-05'],
    ['2026.12.31', '2026-12-31'],
    ['20261231', '2026-12-31'],
    ['2026-12-31T23:30:00-08:00', '2026-12-31'],
    ['2026-12-31 00:30 +0530', '2026-12-31'],
    ['2026-12-31T09:00:00', '2026-12-31'],
    ['12/31/2026', '2026-12-31'],
    ['12/31/2026 11:59 PM', '2026-12-31'],
    ['12/31/26', '2026-12-31'],
    ['31/12/2026', '2026-12-31'],
    ['31.12.2026', '2026-12-31'],
    ['31-12-2026', '2026-12-31'],
    ['05.05.2026', '2026-05-05'],
    ['Dec 31, 2026', '2026-12-31'],
    ['31 December 2026', '2026-12-31'],
    ['Friday, December 4, 2026', '2026-12-04'],
    ['31-Dec-2026', '2026-12-31'],
    ['1/Feb/2027 10:00', '2027-02-01'],
    ['2026-Dec-31', '2026-12-31'],
    ['2026-12-31 10:00 EST', '2026-12-31'],
    ['Thu Dec 31 2026 10:00:00 GMT+0100 (CET)', '2026-12-31'],
    ['Thu Dec 31 2026 10:00:00 GMT+0100 (Central European Standard Time)', '2026-12-31'],
    ['\u200b2026-12-31\u00a0', '2026-12-31'],
  ])('reads %j as %j', async (value, expected) => {
    await expect(read(value)).resolves.toBe(expected);
  });

  it('reads month first where both orders are days, as Zapier does', async () => {
    await expect(read('03/04/2026')).resolves.toBe('2026-03-04');
  });

  it.each([
    ['2026-12-31T00:00:00Z', '2026-12-31', '2026-12-31'],
    ['2026-12-31T00:00:00.000+00:00', '2026-12-31', '2026-12-31'],
    ['2026-12-31T03:00:00Z', '2026-12-30', '2026-12-31'],
    ['2026-12-31T03:00:00+00:00', '2026-12-30', '2026-12-31'],
    ['2026-12-31T23:30:00Z', '2026-12-31', '2027-01-01'],
    ['Thu, 31 Dec 2026 23:30:00 GMT', '2026-12-31', '2027-01-01'],
  ])('counts %j on the day of the Zap’s time zone, unless it is midnight', async (value, chicago, sydney) => {
    await expect(read(value)).resolves.toBe(chicago);
    await expect(read(value, inZone(undefined))).resolves.toBe(chicago);
    await expect(read(value, inZone('Australia/Sydney'))).resolves.toBe(sydney);
  });

  it.each([
    ['today', '2026-11-26', '2026-11-27'],
    ['Tomorrow', '2026-11-27', '2026-11-28'],
    ['yesterday', '2026-11-25', '2026-11-26'],
    ['next friday', '2026-12-04', '2026-12-04'],
    ['last friday', '2026-11-20', '2026-11-20'],
    ['in 30 days', '2026-12-26', '2026-12-27'],
    ['30 days from now', '2026-12-26', '2026-12-27'],
    ['in 2 weeks', '2026-12-10', '2026-12-11'],
    ['3 days ago', '2026-11-23', '2026-11-24'],
    ['tomorrow at 9am', '2026-11-27', '2026-11-28'],
    ['+30d', '2026-12-26', '2026-12-27'],
    ['-2 days', '2026-11-24', '2026-11-25'],
    ['today +1w', '2026-12-03', '2026-12-04'],
    ['next friday + 1 week', '2026-12-11', '2026-12-11'],
    ['2026-12-31 +1w', '2027-01-07', '2027-01-07'],
    ['2026-12-31T00:00:00Z +1w', '2027-01-07', '2027-01-07'],
    ['2026-01-31 +1mo', '2026-02-28', '2026-02-28'],
    ['2024-02-29 +1y -1d', '2025-02-27', '2025-02-27'],
  ])('reads %j from the day it is in the Zap’s time zone', async (value, chicago, sydney) => {
    await expect(read(value)).resolves.toBe(chicago);
    await expect(read(value, inZone('Australia/Sydney'))).resolves.toBe(sydney);
  });

  it.each([
    'not sure yet',
    'Q4 2026',
    'end of month',
    'soon',
    'whenever',
    '2026-02-30',
    '2026-02-30T10:00:00Z',
    '0001-01-01T00:00:00',
    '1/1/0001 12:00:00 AM',
    '1899-12-30',
    '0000-00-00',
    'Monday, December 4, 2026',
    'Fri, 31 Dec 2026 23:30:00 GMT',
    '2026-06-31',
    '2026-13-01',
    '2026-12-31T25:00:00Z',
    '2026-12-31 or later',
    '2026-12-31 to 2027-01-31',
    '2026-12-31 (or later)',
    '2026-12-31 (Monday)',
    '30-Feb-2026',
    '31-Dec',
    '3-4 Dec 2026',
    '2-3 weeks',
    '13/13/2026',
    '26/12/31',
    '12-31-26',
    'Feb 30, 2026',
    'December 31',
    'May 2026',
    'may',
    '2026',
    '12/2026',
    'next week',
    'next month',
    'friday',
    '2 weeks',
    'today or tomorrow',
    '10:00',
    '1798675200',
    '1798675200000',
    1_798_675_200_000,
    '+1m',
    '0',
  ])('refuses %j, quoting it as it was written', async (value) => {
    await expect(read(value)).rejects.toThrow(
      `Contract Date: "${value}" is not a date this step can read. Write it as year-month-day, for example 2026-12-31.`,
    );
  });

  it('does not guess which number is the month', async () => {
    await expect(read('03.04.2026')).rejects.toThrow(
      'Contract Date: "03.04.2026" could mean 2026-03-04 or 2026-04-03. Write it as year-month-day, the year with four digits, like these.',
    );
    await expect(read('03-04-2026 10:00 CET')).rejects.toThrow(/could mean 2026-03-04 or 2026-04-03/);
  });
});

describe('a year of two digits', () => {
  const born = (value: unknown) => readBirthDate(z, CHICAGO, 'Date of Birth', value);

  it.each([
    ['12/31/46', '2046-12-31'],
    ['12/31/06', '2006-12-31'],
    ['2/29/00', '2000-02-29'],
  ])('is read where it is near: %j as %j', async (value, expected) => {
    await expect(readDay(z, CHICAGO, 'Expected Close Date', value)).resolves.toBe(expected);
  });

  it.each([
    ['12/31/85', '1985-12-31 or 2085-12-31'],
    ['3/15/98', '1998-03-15 or 2098-03-15'],
    ['3/15/98 5pm', '1998-03-15 or 2098-03-15'],
    ['1/2/47', '1947-01-02 or 2047-01-02'],
    ['Mar 15, 98', '1998-03-15 or 2098-03-15'],
  ])('is refused where it is not: %j', async (value, either) => {
    await expect(readDay(z, CHICAGO, 'Created From', value)).rejects.toThrow(
      `Created From: "${value}" could mean ${either}. Write it as year-month-day, the year with four digits, like these.`,
    );
  });

  it.each([
    ['1/2/85', '1985-01-02'],
    ['11/26/26', '2026-11-26'],
    ['11/27/26', '1926-11-27'],
    ['Jan 2, 85', '1985-01-02'],
    ['1/2/1985', '1985-01-02'],
    ['', undefined],
  ])('is past in a date of birth: %j as %j', async (value, expected) => {
    await expect(born(value)).resolves.toBe(expected);
  });

  it('shows a date of birth as it is to be written', async () => {
    await expect(born('June 1985')).rejects.toThrow(/Write it as year-month-day, for example 1985-12-31\.$/);
  });

  it.each(['next friday', '+30d', '1/2/2085'])('gives nobody a date of birth to come: %j', async (value) => {
    await expect(born(value)).rejects.toThrow(
      `Date of Birth: "${value}" is still to come. Write a day that is past as year-month-day, for example 1985-12-31.`,
    );
  });
});

describe('a moment as it is written', () => {
  const read = (value: unknown, bundle = CHICAGO) => requiredMoment(z, bundle, 'Due Date', value);

  it.each([
    ['2026-12-31T09:00:00-05:00', '2026-12-31T14:00:00.000Z'],
    ['2026-12-31T09:00:00.1234567Z', '2026-12-31T09:00:00.123Z'],
    ['2026-12-31 09:00 +0530', '2026-12-31T03:30:00.000Z'],
    ['2026-12-31T09:00', '2026-12-31T15:00:00.000Z'],
    ['2026-07-01 9:00 pm', '2026-07-02T02:00:00.000Z'],
    ['12/31/2026 12am', '2026-12-31T06:00:00.000Z'],
    ['2026-12-31', '2026-12-31T15:00:00.000Z'],
    ['2026-12-31 10:00 EST', '2026-12-31T15:00:00.000Z'],
    ['tomorrow', '2026-11-27T15:00:00.000Z'],
    ['tomorrow at 3pm', '2026-11-27T21:00:00.000Z'],
    ['next friday 15:30', '2026-12-04T21:30:00.000Z'],
    ['in an hour', '2026-11-27T03:00:00.000Z'],
    ['+2h', '2026-11-27T04:00:00.000Z'],
    ['now +90min', '2026-11-27T03:30:00.000Z'],
    ['2026-12-31T09:00:00Z +1d', '2027-01-01T09:00:00.000Z'],
    ['2026-12-31T09:00:00+14:00', '2026-12-30T19:00:00.000Z'],
    ['2026-12-31T09:00:00+05:45', '2026-12-31T03:15:00.000Z'],
    ['Thu Dec 31 2026 10:00:00 GMT-0600 (Central Standard Time)', '2026-12-31T16:00:00.000Z'],
    ['2026-12-31T10:00:00-05:00 (EST)', '2026-12-31T15:00:00.000Z'],
    ['2026-12-31 10:00 (EST)', '2026-12-31T15:00:00.000Z'],
    ['2026-12-31 10:00 (UTC)', '2026-12-31T10:00:00.000Z'],
    ['31-Dec-2026 3pm', '2026-12-31T21:00:00.000Z'],
  ])('reads %j as %j', async (value, expected) => {
    await expect(read(value)).resolves.toBe(expected);
  });

  it('is one of the Zap’s time zone where no offset is written', async () => {
    await expect(read('2026-12-31 09:00', inZone('Australia/Sydney'))).resolves.toBe(
      '2026-12-30T22:00:00.000Z',
    );
    await expect(read('2026-12-31 09:00', inZone(undefined))).resolves.toBe('2026-12-31T15:00:00.000Z');
  });

  it('goes past the hour that clocks skip', async () => {
    await expect(read('2026-03-08 02:30')).resolves.toBe('2026-03-08T08:30:00.000Z');
    await expect(read('2026-03-08 03:30')).resolves.toBe('2026-03-08T08:30:00.000Z');
    await expect(read('2026-03-08 01:30')).resolves.toBe('2026-03-08T07:30:00.000Z');
  });

  it.each([
    ['', /^Due Date: this is empty/],
    ['whenever', /^Due Date: "whenever" is not a date/],
    ['tonight', /^Due Date: "tonight" is not a date/],
    ['2026-12-31 10:00 (London)', /^Due Date: "2026-12-31 10:00 \(London\)" is not a date/],
    ['tomorrow morning', /^Due Date: "tomorrow morning" is not a date/],
    ['tomorrow +1h', /^Due Date: /],
    ['2026-02-30T09:00:00Z', /^Due Date: "2026-02-30T09:00:00Z" is not a date/],
    ['2026-12-31T25:00:00Z', /^Due Date: /],
    ['2026-12-31 13pm', /^Due Date: /],
    ['2026-12-31T10:00:00+25:00', /^Due Date: "2026-12-31T10:00:00\+25:00" is not a date/],
    ['2026-12-31T10:00:00-15:00', /^Due Date: /],
    ['2026-12-31T10:00:00+05:75', /^Due Date: /],
    ['2026-12-31 09:75', /^Due Date: /],
    ['05.06.2026 10:00', /could mean 2026-05-06 or 2026-06-05/],
  ])('refuses %j', async (value, sentence) => {
    await expect(read(value)).rejects.toThrow(sentence);
  });
});
