import { describe, expect, it } from '@jest/globals';
import { addDays, DAY_MS, dayAt, isTimeZone, startOfDay } from '../../../fields/inputs/days.ts';
import { type NamedPeriod, namedPeriod, periodOf } from '../../../searches/support/period.ts';

const HOUR = 3_600_000;
const iso = (ms: number) => new Date(ms).toISOString();

describe('days in a time zone', () => {
  it.each([
    ['UTC', '2026-11-20', '2026-11-20T00:00:00.000Z'],
    ['America/Chicago', '2026-11-20', '2026-11-20T06:00:00.000Z'],
    ['Asia/Kolkata', '2026-11-20', '2026-11-19T18:30:00.000Z'],
    ['Pacific/Kiritimati', '2026-11-20', '2026-11-19T10:00:00.000Z'],
    ['Pacific/Pago_Pago', '2026-11-20', '2026-11-20T11:00:00.000Z'],
  ])('begins a day in %s', (zone, day, begin) => {
    expect(iso(startOfDay(day, zone))).toBe(begin);
    expect(dayAt(startOfDay(day, zone), zone)).toBe(day);
    expect(dayAt(startOfDay(day, zone) - 1, zone)).toBe(addDays(day, -1));
  });

  it('has 23 hours when clocks go forward and 25 when they go back', () => {
    const hours = (day: string) =>
      (startOfDay(addDays(day, 1), 'America/Chicago') - startOfDay(day, 'America/Chicago')) / HOUR;
    expect(hours('2026-03-08')).toBe(23);
    expect(hours('2026-11-01')).toBe(25);
    expect(hours('2026-11-02')).toBe(24);
  });

  it('begins at one where clocks skip midnight', () => {
    // In Cairo the clocks went from 24:00 to 01:00 on 26 April 2024.
    expect(iso(startOfDay('2024-04-26', 'Africa/Cairo'))).toBe('2024-04-25T22:00:00.000Z');
    expect(startOfDay('2024-04-27', 'Africa/Cairo') - startOfDay('2024-04-26', 'Africa/Cairo')).toBe(
      23 * HOUR,
    );
  });

  it('counts days across months, leap days and years', () => {
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(addDays('2026-03-01', -1)).toBe('2026-02-28');
  });

  it('knows a zone from a word', () => {
    expect([
      isTimeZone('Europe/Berlin'),
      isTimeZone('Berlin time'),
      isTimeZone(null),
      isTimeZone(''),
    ]).toEqual([true, false, false, false]);
  });
});

describe('periods', () => {
  // A Sunday in Chicago, at 23:30, when it is Monday in UTC.
  const now = Date.parse('2026-03-02T05:30:00Z');
  const days = (name: NamedPeriod) => {
    const { firstDay, lastDay } = namedPeriod(name, now, 'America/Chicago');
    return `${firstDay} ${lastDay}`;
  };

  it('means by each name the days of the zone', () => {
    expect(days('today')).toBe('2026-03-01 2026-03-01');
    expect(days('yesterday')).toBe('2026-02-28 2026-02-28');
    expect(days('last_7_days')).toBe('2026-02-23 2026-03-01');
    expect(days('this_week')).toBe('2026-02-23 2026-03-01');
    expect(days('last_week')).toBe('2026-02-16 2026-02-22');
    expect(days('this_month')).toBe('2026-03-01 2026-03-01');
    expect(days('last_month')).toBe('2026-02-01 2026-02-28');
    expect(days('last_30_days')).toBe('2026-01-31 2026-03-01');
  });

  it('begins the week on a Monday', () => {
    const monday = Date.parse('2026-03-02T12:00:00Z');
    expect(namedPeriod('this_week', monday, 'UTC')).toMatchObject({
      firstDay: '2026-03-02',
      lastDay: '2026-03-02',
    });
  });

  it('has whole days, though one of them is shorter', () => {
    const { from, before } = periodOf('2026-03-02', '2026-03-08', 'America/Chicago');
    expect(before - from).toBe(7 * DAY_MS - HOUR);
  });
});
