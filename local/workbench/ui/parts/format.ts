const money = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });

/** An amount as HighLevel keeps it, which names no currency: `4,800`. */
export function amount(value: number): string {
  return money.format(value);
}

/** The time of day: `14:03:22`. @param at ms since the epoch */
export function timeOfDay(at: number): string {
  return clock.format(at);
}

/** A day: `21 Nov 2026`. @param at ms since the epoch, or ISO 8601 */
export function dayOf(at: number | string): string {
  return day.format(new Date(at));
}

const STEPS: [ms: number, unit: string][] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
];

/** How long something has been so: `3 d`, `20 min`, `now`. @param ms how long */
export function age(ms: number): string {
  for (const [size, unit] of STEPS) if (ms >= size) return `${Math.floor(ms / size)} ${unit}`;
  return 'now';
}

/** `1 request`, `2 requests`. */
export function count(number: number, thing: string, things = `${thing}s`): string {
  return `${amount(number)} ${number === 1 ? thing : things}`;
}

/** How long something took: `84 ms`, `1.2 s`. @param ms how long */
export function took(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** Two letters for a name. */
export function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  return [words[0], words.at(-1)]
    .map((word) => word?.charAt(0) ?? '')
    .join('')
    .toUpperCase();
}
