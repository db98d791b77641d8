/**
 * Days in a time zone, as ms since the epoch. A day begins at the first moment that bears its date there, also where
 * clocks change at midnight, and may have 23 or 25 hours.
 */

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
