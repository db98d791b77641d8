/**
 * Days in a time zone, as ms since the epoch. A day begins at the first moment that bears its date there, also where
 * clocks change at midnight, and may have 23 or 25 hours.
 */

import type { Bundle } from 'zapier-platform-core';

export const DAY_MS = 24 * 60 * 60 * 1000;

/** Whether this machine knows the zone, by its IANA name. */
export function isTimeZone(zone: string | null | undefined): zone is string {
  if (!zone) return false;
  try {
    return Boolean(new Intl.DateTimeFormat('en-US', { timeZone: zone }));
  } catch {
    return false;
  }
}

/** The zone that a person set for the Zap or their account; Zapier runs a Zap without one in Chicago's. [docs; source] */
export function zapTimeZone(bundle: Bundle): string {
  const zone = bundle.meta?.timezone;
  return isTimeZone(zone) ? zone : 'America/Chicago';
}

/** Whether a text is a day, YYYY-MM-DD, that the calendar has. */
export function isDay(text: string): boolean {
  const ms = Date.parse(`${text}T00:00:00Z`);
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}

/**
 * The day that it is in a zone at a moment.
 *
 * @returns YYYY-MM-DD
 */
export function dayAt(ms: number, zone: string): string {
  return dayReader(zone)(ms);
}

/** The first moment of a day, in ms. */
export function startOfDay(day: string, zone: string): number {
  const dayOf = dayReader(zone);
  // No zone is further than 14 hours from UTC. Dates never run backwards, so halving the stretch finds the moment.
  let before = Date.parse(`${day}T00:00:00Z`) - DAY_MS;
  let from = before + 2 * DAY_MS;
  while (from - before > 1) {
    const middle = Math.floor((before + from) / 2);
    if (dayOf(middle) >= day) from = middle;
    else before = middle;
  }
  return from;
}

/** The day some days later; earlier for a negative number. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/**
 * How far a zone is ahead of UTC at a moment.
 *
 * @returns minutes, negative west of Greenwich
 */
export function offsetAt(ms: number, zone: string): number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  const name = format.formatToParts(ms).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  return hours === undefined ? 0 : Number(`${sign}${Number(hours) * 60 + Number(minutes)}`);
}

/**
 * The time of day in a zone at a moment.
 *
 * @returns HH:MM:SS.mmm
 */
export function timeAt(ms: number, zone: string): string {
  return new Date(ms + offsetAt(ms, zone) * 60_000).toISOString().slice(11, -1);
}

/**
 * The moment that a clock in a zone shows a day and a time; a time that clocks skip counts from before they did.
 *
 * @param time HH:MM:SS.mmm
 * @returns ms since the epoch
 */
export function momentOf(day: string, time: string, zone: string): number {
  const asUtc = Date.parse(`${day}T${time}Z`);
  const near = asUtc - offsetAt(asUtc, zone) * 60_000;
  const exact = asUtc - offsetAt(near, zone) * 60_000;
  return timeAt(exact, zone) === time ? exact : near;
}

function dayReader(zone: string): (ms: number) => string {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  return (ms) => {
    const parts = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, value]));
    return `${parts.year}-${parts.month}-${parts.day}`;
  };
}
