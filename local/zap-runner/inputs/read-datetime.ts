type Parts = { year: number; month: number; day: number; hour: number; minute: number; second: number };

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i;
const DAY_MS = 86_400_000;
const DAY_WORDS: Record<string, number> = { yesterday: -1, today: 0, tomorrow: 1 };

/**
 * Reads a date and writes it as `yyyy-MM-ddTHH:mm:ss±HH:mm` in the zone, as the CLI's `invoke` does
 * [source cli/src/oclif/commands/invoke/input-types.js; run]: ISO text, Unix seconds or milliseconds, a day
 * without a time at 09:00, and now where nothing is understood. Zapier understands far more natural language
 * than is emulated here (yesterday, today, tomorrow, `in 3 days`, each with a time, and what Date.parse reads).
 * @param zone IANA name. @param now milliseconds since the epoch.
 */
export function readDatetime(text: string, zone: string, now: number): string {
  const stamp = /-?\d{10,14}/.exec(text)?.[0];
  if (stamp) return write(Number(stamp) * (stamp.length <= 12 ? 1000 : 1), zone);

  const iso = ISO.exec(text.trim());
  if (iso) {
    const [, year, month, day, hour = '09', minute = '00', second = '00', offset] = iso;
    if (offset)
      return write(Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${offset}`), zone);
    return write(instantOf(numbers({ year, month, day, hour, minute, second }), zone), zone);
  }

  const spoken = readSpoken(text.toLowerCase(), zone, now);
  if (spoken !== undefined) return write(spoken, zone);

  // Date.parse reads in the machine's zone; its wall-clock parts are then taken to be in the Zap's zone.
  const parsed = new Date(
    text.replace(/(\d)\s*([ap]m)\b/i, '$1:00 $2').replace(/(:\d\d):00 ([ap]m)/i, '$1 $2'),
  );
  if (Number.isNaN(parsed.getTime())) return write(now, zone);
  const timed = /\d:\d|\d\s*[ap]m/i.test(text);
  const wall = {
    year: parsed.getFullYear(),
    month: parsed.getMonth() + 1,
    day: parsed.getDate(),
    hour: timed ? parsed.getHours() : 9,
    minute: timed ? parsed.getMinutes() : 0,
    second: timed ? parsed.getSeconds() : 0,
  };
  return write(instantOf(wall, zone), zone);
}

function readSpoken(text: string, zone: string, now: number): number | undefined {
  const word = /\b(yesterday|today|tomorrow)\b/.exec(text)?.[1];
  const ahead = /\bin (\d+) days?\b/.exec(text)?.[1];
  if (!word && !ahead) return undefined;
  const days = word ? (DAY_WORDS[word] ?? 0) : Number(ahead);
  const day = partsIn(now + days * DAY_MS, zone);
  return instantOf({ ...day, ...timeOf(text), second: 0 }, zone);
}

function timeOf(text: string): { hour: number; minute: number } {
  if (/\bnoon\b/.test(text)) return { hour: 12, minute: 0 };
  if (/\bmidnight\b/.test(text)) return { hour: 0, minute: 0 };
  const time = /\b(\d{1,2})(?::(\d{2}))?\s*([ap]m)\b|\b(\d{1,2}):(\d{2})\b/.exec(text);
  if (!time) return { hour: 9, minute: 0 };
  const hour = Number(time[1] ?? time[4]);
  const half = time[3] === 'pm' ? 12 : 0;
  return { hour: time[3] ? (hour % 12) + half : hour, minute: Number(time[2] ?? time[5] ?? 0) };
}

function numbers(parts: Record<keyof Parts, string | undefined>): Parts {
  return Object.fromEntries(Object.entries(parts).map(([key, value]) => [key, Number(value)])) as Parts;
}

function partsIn(instant: number, zone: string): Parts {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const parts = Object.fromEntries(
    format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]),
  );
  return parts as Parts;
}

function offsetAt(instant: number, zone: string): number {
  const { year, month, day, hour, minute, second } = partsIn(instant, zone);
  const whole = Math.floor(instant / 1000) * 1000;
  return Date.UTC(year, month - 1, day, hour, minute, second) - whole;
}

function instantOf({ year, month, day, hour, minute, second }: Parts, zone: string): number {
  const wall = Date.UTC(year, month - 1, day, hour, minute, second);
  const guess = wall - offsetAt(wall, zone);
  // The offset may differ between the guess and the wall clock read as UTC, near a change of clocks.
  return wall - offsetAt(guess, zone);
}

function write(instant: number, zone: string): string {
  const offset = offsetAt(instant, zone);
  const wall = new Date(instant + offset).toISOString().slice(0, 19);
  const minutes = Math.abs(offset) / 60_000;
  const sign = offset < 0 ? '-' : '+';
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  return `${wall}${sign}${two(minutes / 60)}:${two(minutes % 60)}`;
}
