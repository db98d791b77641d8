import { readDatetime } from './read-datetime.ts';

const FALSE_WORDS = new Set(
  ['noo', 'no', 'n', 'false', 'nope', 'f', 'never', 'no thanks', 'no thank you', 'nul', '0', 'none'].concat([
    'nil',
    'nill',
    'null',
    '',
  ]),
);

/** How dates are read: the Zap's IANA zone, and now in milliseconds since the epoch. */
export type Clock = { timezone: string; now: number };

/**
 * Turns what a person typed or mapped into the type of the field, as the CLI's `invoke` does, which calls
 * itself production's likeness [source cli/src/oclif/commands/invoke/input-types.js; run]. So `1,234` becomes 1,
 * text without a digit becomes 0, and an unreadable date becomes now: an app cannot tell these from real input.
 * Numbers and booleans that arrive typed stay as they are, apart from an integer's fraction [assumed].
 */
export function readValue(type: string | undefined, value: unknown, clock: Clock): unknown {
  if (value === null || value === undefined || value === '') return value;
  switch (type) {
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : readInteger(String(value));
    case 'number':
      return typeof value === 'number' ? value : readNumber(String(value));
    case 'boolean':
      return typeof value === 'boolean' ? value : !FALSE_WORDS.has(String(value).toLowerCase());
    case 'datetime':
      return readDatetime(String(value), clock.timezone, clock.now);
    default:
      return value;
  }
}

function readInteger(text: string): number {
  const whole = Number.parseInt(text, 10);
  return Number.isNaN(whole) ? Math.floor(readNumber(text)) : whole;
}

function readNumber(text: string): number {
  const digits = text.replace(/[^0-9.,-]/g, '').replace(/[.,-]$/, '');
  const parsed = Number.parseFloat(digits);
  return Number.isNaN(parsed) ? 0 : parsed;
}
