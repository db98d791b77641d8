/**
 * Days and times as people and other apps write them: `2026-12-31`, `12/31/2026 5pm`, `31.12.2026`, `Dec 31, 2026`,
 * `tomorrow`, `next friday`, `in 30 days`, `+30d`, or any of these with `+1w` after it. Words are read by chrono, as
 * Zapier's own date fields read them [source: zapier-platform-cli, invoke/input-types.js]; what chrono would have to
 * fill up, such as `May 2026`, is no day here.
 */

import type { Component } from 'chrono-node/en';
import { addDays, dayAt, isDay, offsetAt, timeAt } from './days.ts';

/** What was written, before a time zone makes a moment of it. */
export interface WrittenDate {
  /** YYYY-MM-DD */
  day: string;
  /** HH:MM:SS.mmm; null where none was written. */
  time: string | null;
  /** Minutes ahead of UTC; null where none was written. */
  offset: number | null;
}

/** Two days that a text such as `03.04.2026` or `1/2/85` could mean, each YYYY-MM-DD. */
export type TwoDays = [string, string];

export interface Clock {
  /** ms since the epoch */
  now: number;
  /** IANA name */
  zone: string;
  /** What a year of two digits means: one of this century within 20 years of now, or the last one that is past. */
  shortYears: 'near' | 'past';
}

/** @returns null where the text names no day */
export async function readDateText(text: string, clock: Clock): Promise<WrittenDate | TwoDays | null> {
  const plain = text
    .replace(/\p{Cf}/gu, '')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(ZONE_NAME, '');
  const [, base = '', steps = ''] = STEPS.exec(plain) ?? [undefined, plain];
  const start =
    base === ''
      ? startOfSteps(steps, clock)
      : /^(?:\d+[-/.]\d|\d{8}(?:T|$))/i.test(base)
        ? await readNumeric(base, clock)
        : await readWords(base, clock);
  if (!start || !('day' in start)) return start;
  return move(start, steps);
}

const UNIT = 'y|yrs?|years?|mo|months?|w|weeks?|d|days?|h|hrs?|hours?|mins?|minutes?';
const STEP = new RegExp(`([+-]) ?(\\d{1,4}) ?(${UNIT})`, 'gi');
const STEPS = new RegExp(`^(.*?) ?((?:[+-] ?\\d{1,4} ?(?:${UNIT}) ?)+)$`, 'i');

/** Hours count from now, days from today. */
function startOfSteps(steps: string, { now, zone }: Clock): WrittenDate {
  const time = /\d ?(?:h|min)/i.test(steps) ? timeAt(now, zone) : null;
  return { day: dayAt(now, zone), time, offset: time ? offsetAt(now, zone) : null };
}

/** @returns null where hours are added to a day that has none */
function move(start: WrittenDate, steps: string): WrittenDate | null {
  let { day, time } = start;
  for (const [, sign, count, unit = ''] of steps.matchAll(STEP)) {
    const by = Number(`${sign}${count}`);
    if (/^y/i.test(unit)) day = addMonths(day, by * 12);
    else if (/^mo/i.test(unit)) day = addMonths(day, by);
    else if (/^w/i.test(unit)) day = addDays(day, by * 7);
    else if (/^d/i.test(unit)) day = addDays(day, by);
    else if (time === null) return null;
    else {
      const later = Date.parse(`${day}T${time}Z`) + by * (/^h/i.test(unit) ? 3_600_000 : 60_000);
      [day = '', time = ''] = new Date(later).toISOString().slice(0, -1).split('T');
    }
  }
  return { ...start, day, time };
}

/** The last day of the month where that has no such day. */
function addMonths(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const lastOfMonth = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(date, lastOfMonth))).toISOString().slice(0, 10);
}

const YEAR_FIRST = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?![\d./-])/;
const COMPACT = /^(\d{4})(\d\d)(\d\d)(?=$|T)/;
const YEAR_LAST = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d\d)(?![\d./-])/;
const TIME =
  /^(?:,? |T)(?:at )?(\d{1,2})(?::(\d\d))?(?::(\d\d)(?:[.,](\d{1,9}))?)?(?: ?([ap])\.?m\.?)?(?: ?(Z|UTC|GMT)| ?([+-])(\d\d):?(\d\d)?)?$/i;
/** No zone is further from UTC. */
const MOST_AHEAD_MINUTES = 14 * 60;
/** What JavaScript writes behind an offset, such as `(Central European Standard Time)`. Elsewhere it would be passed over. */
const ZONE_NAME = /(?<=[+-]\d\d:?\d\d) \([\p{L} .-]+\)$/u;

/** A day in numbers, with or without a time. */
async function readNumeric(text: string, clock: Clock): Promise<WrittenDate | TwoDays | null> {
  const first = YEAR_FIRST.exec(text);
  const compact = COMPACT.exec(text);
  const last = YEAR_LAST.exec(text);
  const [whole = ''] = first ?? compact ?? last ?? [];
  if (whole === '') return null;
  const days = first
    ? [dayOf(first[1], first[3], first[4])]
    : compact
      ? [dayOf(compact[1], compact[2], compact[3])]
      : daysOf(last as RegExpExecArray, clock);
  const day = oneOf(days);
  if (typeof day !== 'string') return day;
  const rest = text.slice(whole.length);
  if (rest === '') return { day, time: null, offset: null };
  const time = readTime(rest);
  if (!time && TIME.test(rest)) return null;
  // What is left may be a zone by its name, which chrono knows.
  return time ? { day, ...time } : readWords(`${day}${rest}`, clock);
}

/**
 * Slashes mean the month first, as Zapier reads them, unless there is no such month; dots and dashes do not tell. With
 * a year of two digits, only what reads well with the month first is understood.
 */
function daysOf([, one, sign, two, year = '']: string[], clock: Clock): (string | null)[] {
  if (year.length === 2) return sign === '/' ? daysOfShortYear(year, one, two, clock) : [];
  const monthFirst = dayOf(year, one, two);
  if (sign === '/' && monthFirst) return [monthFirst];
  return [monthFirst, dayOf(year, two, one)];
}

const MOST_YEARS_AWAY = 20;

/** @returns one day, or that of either century where the clock does not tell which */
function daysOfShortYear(
  year: string,
  month: string | undefined,
  date: string | undefined,
  { now, zone, shortYears }: Clock,
): (string | null)[] {
  const today = dayAt(now, zone);
  const recent = dayOf(`20${year}`, month, date);
  const old = dayOf(`19${year}`, month, date);
  if (shortYears === 'past') return [recent !== null && recent <= today ? recent : old];
  const yearsAway = Math.abs(Number(`20${year}`) - Number(today.slice(0, 4)));
  return yearsAway <= MOST_YEARS_AWAY ? [recent] : [old, recent];
}

/** @returns null where there is none */
function oneOf(days: (string | null)[]): string | TwoDays | null {
  const [day, other] = new Set(days.filter((day) => day !== null));
  if (day === undefined) return null;
  return other === undefined ? day : [day, other];
}

/** Before it are the days that databases and sheets write where there is none: 0001-01-01 and 1899-12-30. */
const FIRST_DAY = '1900-01-01';

function dayOf(year = '', month = '', day = ''): string | null {
  const text = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isDay(text) && text >= FIRST_DAY ? text : null;
}

function readTime(text: string): Pick<WrittenDate, 'time' | 'offset'> | null {
  const found = TIME.exec(text);
  if (!found) return null;
  const [, hours, minutes, seconds = '00', fraction = '', half, utc, sign, ahead, aheadMinutes = '00'] =
    found;
  if (minutes === undefined && half === undefined) return null;
  const written = Number(hours);
  if (half && (written < 1 || written > 12)) return null;
  const hour = half ? (written % 12) + (/p/i.test(half) ? 12 : 0) : written;
  if (hour > 23 || Number(minutes ?? 0) > 59 || Number(seconds) > 59) return null;
  const two = String(hour).padStart(2, '0');
  const offset = Number(`${sign ?? '+'}${Number(ahead ?? 0) * 60 + Number(aheadMinutes)}`);
  if (Math.abs(offset) > MOST_AHEAD_MINUTES || Number(aheadMinutes) > 59) return null;
  return {
    time: `${two}:${minutes ?? '00'}:${seconds}.${fraction.slice(0, 3).padEnd(3, '0')}`,
    offset: utc || ahead ? offset : null,
  };
}

/** By its name, or as the month of a day in numbers. */
const MONTH = /\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|^\d{4}-/i;
const COUNT = '(?:\\d{1,4}|an?|one|two|three|four|five|six|seven|eight|nine|ten)';
const WEEKDAY = '(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?';
const LENGTH = `${COUNT} (?:year|month|week|day|hour|minute)s?`;
/** What names one day: `next week` does not. */
const NAMES_A_DAY = new RegExp(
  `^(?:now|today|tomorrow|yesterday|(?:this|next|last|past) ${WEEKDAY}|in ${LENGTH}|${LENGTH} (?:ago|from (?:now|today)))\\b`,
  'i',
);
/** These leave open what hour they mean. */
const VAGUE_TIME = /\b(?:morning|afternoon|evening|tonight|night)\b/i;

/** The whole text must be one day: chrono would find `tomorrow` in `today or tomorrow` too. */
async function readWords(text: string, clock: Clock): Promise<WrittenDate | TwoDays | null> {
  const { now, zone } = clock;
  if (VAGUE_TIME.test(text)) return null;
  // Loaded when used: a sixth of the app, and most days come in numbers.
  const { casual } = await import('chrono-node/en');
  const reference = { instant: new Date(now), timezone: offsetAt(now, zone) };
  const forwardDate = !/^(?:last|past) /i.test(text);
  const [found, ...more] = casual.parse(text, reference, { forwardDate });
  if (!found || more.length > 0 || found.end || found.text.length !== text.length) return null;
  const { start } = found;
  const isWhole = start.isCertain('year') && start.isCertain('month') && start.isCertain('day');
  const isCounted = NAMES_A_DAY.test(text);
  if (!isCounted && !(isWhole && /\d/.test(text) && MONTH.test(text))) return null;
  const part = (name: Component, digits = 2) => String(start.get(name) ?? 0).padStart(digits, '0');
  const [year, month, date] = [part('year', 4), part('month'), part('day')];
  // Chrono makes four digits of two by a rule of its own.
  const isShort = !isCounted && !text.includes(year);
  const day = oneOf(
    isShort ? daysOfShortYear(year.slice(2), month, date, clock) : [`${year}-${month}-${date}`],
  );
  if (typeof day !== 'string') return day;
  // With a day of the week that is not the date's, either may be wrong.
  const weekday = new Date(day).getUTCDay();
  if (!isCounted && start.isCertain('weekday') && start.get('weekday') !== weekday) return null;
  return {
    day,
    time: start.isCertain('hour')
      ? `${part('hour')}:${part('minute')}:${part('second')}.${part('millisecond', 3)}`
      : null,
    offset: start.isCertain('timezoneOffset') ? start.get('timezoneOffset') : null,
  };
}
