import type { ZObject } from 'zapier-platform-core';
import { LABELS } from '../../highlevel/http/labels.ts';
import { STATUSES, type Status } from '../../highlevel/opportunities/record.ts';

/**
 * What people and other apps put into fields, read strictly: a value that cannot be read stops the step with a
 * sentence, before anything is written. Empty input is undefined, and undefined is never sent.
 */

/** Trimmed text, or undefined where there is none. */
export function readText(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  const text = String(value).trim();
  return text === '' ? undefined : text;
}

/**
 * An amount of money: a number, or text such as `1250.5`, `1,250.50` or `$1,250.50`.
 *
 * @throws HaltedError for what is no amount, or a negative one
 */
export function readMoney(z: ZObject, value: unknown): number | undefined {
  const text = readText(value);
  if (text === undefined) return undefined;
  const amount = numberIn(text);
  if (!(amount >= 0)) {
    throw new z.errors.HaltedError(
      `${LABELS.monetaryValue}: "${text}" is not an amount. Write a number with a point before the cents, for example 1250.50.`,
    );
  }
  return amount;
}

/**
 * Any number, negative ones too; thousands may be grouped by commas, and a currency sign may stand before it.
 *
 * @param label the input field's label, for the error
 * @throws HaltedError for what is no number
 */
export function readNumber(z: ZObject, value: unknown, label: string): number | undefined {
  const text = readText(value);
  if (text === undefined) return undefined;
  const number = numberIn(text);
  if (Number.isNaN(number)) {
    throw new z.errors.HaltedError(
      `${label}: "${text}" is not a number. Write it with a point before the decimals, for example 1250.50.`,
    );
  }
  return number;
}

/** NaN where the text is no number. */
function numberIn(text: string): number {
  return /^-?[^\d\s,.-]{0,3}\s?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?$/.test(text)
    ? Number(text.replace(/[^\d.-]/g, ''))
    : Number.NaN;
}

/**
 * A day, as HighLevel wants it. The day is the one that was written: an offset does not move it.
 *
 * @param label the input field's label, for the error
 * @returns YYYY-MM-DD
 * @throws HaltedError for what is no date
 */
export function readDay(
  z: ZObject,
  value: unknown,
  label: string = LABELS.forecastExpectedCloseDate,
): string | undefined {
  const text = readText(value);
  if (text === undefined) return undefined;
  const day = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?$/.exec(text);
  const written = day ? [day[1], day[2], day[3]].map(Number) : null;
  const date = written ? new Date(Date.UTC(written[0] ?? 0, (written[1] ?? 0) - 1, written[2])) : null;
  // A day that does not exist, such as the 31st of June, would silently become another one.
  if (!date || date.getUTCMonth() + 1 !== written?.[1] || date.getUTCDate() !== written[2]) {
    throw new z.errors.HaltedError(
      `${label}: "${text}" is not a date this step can read. Write it as year-month-day, for example 2026-12-31.`,
    );
  }
  return date.toISOString().slice(0, 10);
}

/**
 * A percentage from 0 to 100; a percent sign may follow.
 *
 * @throws HaltedError for what is none
 */
export function readPercent(z: ZObject, value: unknown): number | undefined {
  const text = readText(value);
  if (text === undefined) return undefined;
  const percent = Number(text.replace(/\s*%$/, ''));
  if (!(percent >= 0 && percent <= 100)) {
    throw new z.errors.HaltedError(
      `${LABELS.forecastProbability}: "${text}" is not a percentage. Write a number from 0 to 100.`,
    );
  }
  return percent;
}

/**
 * A status, whatever its capitals.
 *
 * @throws HaltedError for any other word
 */
export function readStatus(z: ZObject, value: unknown): Status | undefined {
  const text = readText(value)?.toLowerCase();
  if (text === undefined) return undefined;
  const status = STATUSES.find((known) => known === text);
  if (!status) {
    throw new z.errors.HaltedError(
      `${LABELS.status}: "${text}" is not a status. HighLevel knows ${STATUSES.join(', ')}.`,
    );
  }
  return status;
}

/**
 * Text that must be there.
 *
 * @param label the input field's label
 * @throws HaltedError where it is empty: what an earlier step gives can be, in one run out of many
 */
export function required(z: ZObject, label: string, value: unknown): string {
  const text = readText(value);
  if (text) return text;
  throw new z.errors.HaltedError(
    `${label}: this is empty. If it comes from an earlier step, that step had no value for it this time.`,
  );
}

/**
 * Whether a text can be one of HighLevel's ids, which are letters and digits [recorded]: other text, a name most likely,
 * is told apart before it becomes part of an address.
 */
export function isId(text: string): boolean {
  return /^[\w-]+$/.test(text);
}

/**
 * The id of a record that must be named.
 *
 * @param label the input field's label
 * @throws HaltedError where it is empty, or no id
 */
export function requiredId(z: ZObject, label: string, value: unknown): string {
  const text = required(z, label, value);
  if (isId(text)) return text;
  throw new z.errors.HaltedError(
    `${label}: "${text}" is not an ID. Choose from the dropdown, or map the ID of an earlier step that finds it.`,
  );
}

/**
 * An e-mail address, by its outline.
 *
 * @param label the input field's label
 * @throws HaltedError for what is none
 */
export function readEmail(z: ZObject, label: string, value: unknown): string | undefined {
  const text = readText(value);
  if (text === undefined || /^[^\s@,]+@[^\s@,]+\.[^\s@,]+$/.test(text)) return text;
  throw new z.errors.HaltedError(`${label}: "${text}" is not an email address.`);
}

/**
 * A moment that must be there, such as Zapier makes of what a person writes into a date and time field.
 *
 * @param label the input field's label
 * @returns ISO 8601 in UTC
 * @throws HaltedError where it is empty, is no date and time, or names no time zone: a guess could be hours off
 */
export function requiredMoment(z: ZObject, label: string, value: unknown): string {
  const text = required(z, label, value);
  readDay(z, text, label);
  const parts = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?) ?(Z|[+-]\d\d:?\d\d)$/i.exec(text);
  const moment = parts ? new Date(`${parts[1]}T${parts[2]}${parts[3]}`) : null;
  if (moment && !Number.isNaN(moment.getTime())) return moment.toISOString();
  throw new z.errors.HaltedError(
    `${label}: "${text}" is not a date and time this step can read. Write it with its offset from UTC, for example 2026-12-31T09:00:00-05:00.`,
  );
}

const YES = ['true', 'yes', 'y', '1', 'on'];
const NO = ['false', 'no', 'n', '0', 'off'];

/**
 * Yes or no, from a yes/no field or from what another app calls it.
 *
 * @param label the input field's label
 * @throws HaltedError for any other word
 */
export function readYesNo(z: ZObject, label: string, value: unknown): boolean | undefined {
  const text = readText(value)?.toLowerCase();
  if (text === undefined) return undefined;
  if (YES.includes(text)) return true;
  if (NO.includes(text)) return false;
  throw new z.errors.HaltedError(`${label}: "${text}" is neither yes nor no. Choose Yes or No.`);
}

/**
 * Several texts: a list, or one text with commas between them, as a list from another app arrives. Each is taken once,
 * in the order written.
 */
export function readTexts(value: unknown): string[] {
  const parts = (Array.isArray(value) ? value : [value]).flatMap((item) => (readText(item) ?? '').split(','));
  return [...new Set(parts.map((part) => part.trim()).filter((part) => part !== ''))];
}
