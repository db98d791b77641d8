import type { ZObject } from 'zapier-platform-core';
import { simplify } from '../../highlevel/account/resolve.ts';
import { shortened } from '../../highlevel/http/shortened.ts';
import { readText } from './read-text.ts';

/**
 * A country, by its two letters or its name, as the two letters that HighLevel keeps. [spec: example]
 *
 * @param label the input field's label, for the error
 * @returns undefined where the field is empty
 * @throws HaltedError for what is no country
 */
export function readCountry(z: ZObject, label: string, value: unknown): string | undefined {
  const text = readText(value);
  if (text === undefined) return undefined;
  const code = plainName(text).toUpperCase();
  const found = isCountry(code) ? code : codeOf(text);
  if (found) return found;
  throw new z.errors.HaltedError(
    `${label}: "${shortened(text)}" is not the two letters of a country, nor its name. Write the letters, for example US or GB.`,
  );
}

/** In whose words a country's name is understood. */
const LANGUAGES = ['en', 'de', 'fr', 'es', 'it', 'pt', 'nl'];
/** What people write that Intl has no name for. */
const COMMON = new Map(
  Object.entries({
    uk: 'GB',
    'great britain': 'GB',
    england: 'GB',
    usa: 'US',
    'united states of america': 'US',
    'czech republic': 'CZ',
    turkey: 'TR',
    'ivory coast': 'CI',
    uae: 'AE',
  }),
);
/** What Intl has a name for, and is no country. */
const NO_COUNTRIES = ['EU', 'EZ', 'QO', 'UN', 'XA', 'XB', 'ZZ'];

function namer(language: string): (code: string) => string | undefined {
  const names = new Intl.DisplayNames(language, { type: 'region', fallback: 'none' });
  return (code) => names.of(code);
}

let english: ReturnType<typeof namer> | undefined;

/** A code that was given up, such as YU, stands for another one, and is none. */
function isCountry(code: string): boolean {
  if (!/^[A-Z]{2}$/.test(code) || NO_COUNTRIES.includes(code)) return false;
  english ??= namer('en');
  return english(code) !== undefined && new Intl.Locale(`und-${code}`).region === code;
}

let byName: Map<string, Set<string>> | undefined;

/** @returns undefined where nothing is called so, or more than one */
function codeOf(name: string): string | undefined {
  byName ??= allNames();
  const plain = plainName(name);
  const [code, second] = byName.get(plain) ?? [];
  return COMMON.get(plain) ?? (second ? undefined : code);
}

function allNames(): Map<string, Set<string>> {
  const letters = Array.from({ length: 26 }, (_, at) => String.fromCharCode(65 + at));
  const codes = letters.flatMap((one) => letters.map((two) => one + two)).filter(isCountry);
  const names = new Map<string, Set<string>>();
  for (const nameOf of LANGUAGES.map(namer)) {
    for (const code of codes) {
      const name = plainName(nameOf(code) ?? code);
      names.set(name, (names.get(name) ?? new Set()).add(code));
    }
  }
  return names;
}

/** Without accents, dots and the article: `U.S.A.` and `USA` are one. */
function plainName(text: string): string {
  const bare = simplify(text).normalize('NFD').replace(/\p{M}/gu, '');
  return bare.replace(/[.’']/g, '').replace(/^the /, '').trim();
}
