/**
 * An ISO 8601 time with offset, as Zapier asks of every time, or null for what is no time.
 *
 * @param value ISO text, with or without offset (HighLevel's are UTC [recorded]), or ms since the epoch
 */
export function isoTime(value: string | number | null | undefined): string | null {
  if (value === null || value === undefined || value === '') return null;
  const time = new Date(typeof value === 'string' ? inUtc(value) : value);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}

/** A moment, with or without offset, in ms since the epoch; NaN for none, which is neither before nor after any other. */
export function momentMs(moment: string | null | undefined): number {
  return Date.parse(inUtc(String(moment)));
}

/** A time without an offset is one in UTC, whatever the zone of the machine. */
function inUtc(text: string): string {
  return /^\d{4}-\d\d-\d\d[T ][\d:.]+$/.test(text) ? `${text}Z` : text;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** As seconds the year 2286, as ms the spring of 1970. */
const MOST_SECONDS = 1e10;

/**
 * The day that a value names: the one that is written, whatever its offset. A day as a number is midnight in UTC, in ms
 * or in s since the epoch. [measured by others: ms]
 *
 * @returns YYYY-MM-DD, or null for what names no day
 */
export function isoDay(value: string | number | null | undefined): string | null {
  const text = String(value ?? '').trim();
  if (text === '') return null;
  const [written] = /^\d{4}-\d\d-\d\d(?!\d)/.exec(text) ?? [];
  const isCount = typeof value === 'number' || /^-?\d{9,}$/.test(text);
  const time = written ? new Date(written) : isCount ? new Date(msOf(Number(text))) : new Date(`${text} UTC`);
  return Number.isNaN(time.getTime()) ? null : time.toISOString().slice(0, 10);
}

function msOf(count: number): number {
  return Math.abs(count) < MOST_SECONDS && count % DAY_MS !== 0 ? count * 1000 : count;
}
