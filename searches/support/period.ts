import { addDays, dayAt, startOfDay } from '../../fields/inputs/days.ts';

/** A stretch of whole days in a time zone. */
export interface Period {
  /** YYYY-MM-DD */
  firstDay: string;
  /** YYYY-MM-DD, included. */
  lastDay: string;
  /** The first moment of the first day, in ms since the epoch. */
  from: number;
  /** The first moment after the last day, in ms since the epoch. */
  before: number;
}

export const PERIOD_CHOICES = {
  today: 'Today',
  yesterday: 'Yesterday',
  last_7_days: 'Last 7 Days',
  this_week: 'This Week',
  last_week: 'Last Week',
  this_month: 'This Month',
  last_month: 'Last Month',
  last_30_days: 'Last 30 Days',
  custom: 'Custom',
};

export type NamedPeriod = Exclude<keyof typeof PERIOD_CHOICES, 'custom'>;

/**
 * The days that a period's name means at a moment. Weeks begin on Monday; the last 7 and 30 days end with today.
 *
 * @param now ms since the epoch
 * @param zone IANA name
 */
export function namedPeriod(name: NamedPeriod, now: number, zone: string): Period {
  const today = dayAt(now, zone);
  const monday = addDays(today, -((new Date(`${today}T00:00:00Z`).getUTCDay() + 6) % 7));
  const first = `${today.slice(0, 8)}01`;
  const days: Record<NamedPeriod, [string, string]> = {
    today: [today, today],
    yesterday: [addDays(today, -1), addDays(today, -1)],
    last_7_days: [addDays(today, -6), today],
    this_week: [monday, today],
    last_week: [addDays(monday, -7), addDays(monday, -1)],
    this_month: [first, today],
    last_month: [`${addDays(first, -1).slice(0, 8)}01`, addDays(first, -1)],
    last_30_days: [addDays(today, -29), today],
  };
  return periodOf(...days[name], zone);
}

/** The stretch from the first day to the last, both whole. */
export function periodOf(firstDay: string, lastDay: string, zone: string): Period {
  const from = startOfDay(firstDay, zone);
  return { firstDay, lastDay, from, before: startOfDay(addDays(lastDay, 1), zone) };
}
