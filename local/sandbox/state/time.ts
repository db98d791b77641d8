const DATE = String.raw`\d{4}-\d{2}-\d{2}`;
const CLOCK = String.raw`\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?`;
const ISO = new RegExp(`^(${DATE})(?:T(${CLOCK})(Z|[+-]\\d{2}:?\\d{2})?)?$`);

/**
 * An ISO 8601 date or time as ms since the epoch; null for anything else, and for a day that the calendar lacks. A time
 * without an offset is UTC [assumed]: never the zone of this machine.
 */
export function isoTime(text: string): number | null {
  const [, date, clock = '00:00', offset = 'Z'] = text.match(ISO) ?? [];
  if (date === undefined) return null;
  const day = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== date) return null;
  const at = Date.parse(`${date}T${clock}${offset}`);
  return Number.isNaN(at) ? null : at;
}

/** A date or time in any notation that JavaScript reads, as ms since the epoch, in UTC where no zone is named; null for none. */
export function anyTime(text: string): number | null {
  const iso = isoTime(text);
  if (iso !== null || /^\d{4}-\d{2}-\d{2}/.test(text)) return iso;
  const inUtc = Date.parse(`${text} UTC`);
  const at = Number.isNaN(inUtc) ? Date.parse(text) : inUtc;
  return Number.isNaN(at) ? null : at;
}
