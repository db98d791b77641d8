import type { Bundle, ZObject } from 'zapier-platform-core';
import { shortened } from '../../highlevel/http/shortened.ts';
import { type Clock, readDateText, type WrittenDate } from './date-text.ts';
import { dayAt, zapTimeZone } from './days.ts';
import { readText } from './read-text.ts';

/** How a day can be written, for the help text of every field that takes one, except a date of birth. */
export const DAY_EXAMPLES = 'for example `2026-12-31`, `12/31/2026` (month first), `next friday` or `+30d`';

export const BIRTH_DATE_HELP =
  'For example `1985-12-31` or `12/31/1985` (month first). A time of day is ignored.';

/**
 * A day, the one that was written: an offset does not move it. A moment in UTC is no day of anybody's, so it counts on
 * the day that it falls on in the Zap's time zone; midnight in UTC is how databases write a day, and stays.
 *
 * @param label the input field's label, for the error
 * @returns YYYY-MM-DD; undefined where the field is empty
 * @throws HaltedError for what is no day, or could be two
 */
export async function readDay(
  z: ZObject,
  bundle: Bundle,
  label: string,
  value: unknown,
): Promise<string | undefined> {
  const text = readText(value);
  return text === undefined ? undefined : readWritten(z, label, text, clockOf(bundle));
}

/**
 * A date of birth, read as any day, but never one to come: `1/2/85` is of 1985.
 *
 * @param label the input field's label, for the error
 * @returns YYYY-MM-DD; undefined where the field is empty
 * @throws HaltedError for what is no day, could be two, or is still to come
 */
export async function readBirthDate(
  z: ZObject,
  bundle: Bundle,
  label: string,
  value: unknown,
): Promise<string | undefined> {
  const text = readText(value);
  if (text === undefined) return undefined;
  const clock: Clock = { ...clockOf(bundle), shortYears: 'past' };
  const day = await readWritten(z, label, text, clock);
  if (day <= dayAt(clock.now, clock.zone)) return day;
  throw new z.errors.HaltedError(
    `${label}: "${shortened(text)}" is still to come. Write a day that is past as year-month-day, for example 1985-12-31.`,
  );
}

async function readWritten(z: ZObject, label: string, text: string, clock: Clock): Promise<string> {
  const { day, time, offset } = await readDate(z, label, text, clock);
  const isMomentInUtc = offset === 0 && time !== '00:00:00.000';
  return isMomentInUtc ? dayAt(Date.parse(`${day}T${time}Z`), clock.zone) : day;
}

/** Now, in the Zap's time zone. */
export function clockOf(bundle: Bundle): Clock {
  return { now: Date.now(), zone: zapTimeZone(bundle), shortYears: 'near' };
}

/** @throws HaltedError for what is no day, or could be two */
export async function readDate(z: ZObject, label: string, text: string, clock: Clock): Promise<WrittenDate> {
  const date = await readDateText(text, clock);
  if (date && 'day' in date) return date;
  throw new z.errors.HaltedError(
    date
      ? `${label}: "${shortened(text)}" could mean ${date[0]} or ${date[1]}. Write it as year-month-day, the year with four digits, like these.`
      : `${label}: "${shortened(text)}" is not a date this step can read. Write it as year-month-day, for example ${clock.shortYears === 'past' ? '1985' : '2026'}-12-31.`,
  );
}
