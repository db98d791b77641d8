/**
 * Numbers as people and other apps write them: `1250.50`, `1,250.50`, `€1.250,50`, `1 250,50 €`, `CHF 1'250.-`. What
 * can be read in two ways is not guessed.
 */

export interface WrittenNumber {
  value: number;
  hasCurrency: boolean;
  hasPercent: boolean;
}

/** The two numbers that a text such as `12.500` could mean. */
export interface TwoReadings {
  thousands: number;
  decimals: number;
}

interface Options {
  /** Whether thousands are out of the question, so that the point of `33.333` can only be a decimal one. */
  below1000?: boolean;
}

/** @returns null where the text is no number, several on lines or in cells of their own, or one too large to be kept exactly */
export function readNumberText(text: string, options: Options = {}): WrittenNumber | TwoReadings | null {
  if (/[\n\r\t\v\f\u2028\u2029]/.test(text.trim())) return null;
  const [, before = '', digits, after = ''] =
    /^(\D*)(\d(?:[\d.,'’\s]*\d)?)(\D*)$/u.exec(withPlainCharacters(text)) ?? [];
  if (digits === undefined) return null;
  const head = readHead(before);
  const tail = readTail(after);
  if (!head || !tail) return null;
  const size = head.startsWithPoint ? readFraction(digits) : readDigits(digits, options);
  if (size === null) return null;
  if (typeof size !== 'number') return size;
  if (size > Number.MAX_SAFE_INTEGER) return null;
  return {
    value: head.isNegative && size !== 0 ? -size : size,
    hasCurrency: head.hasCurrency || tail.hasCurrency,
    hasPercent: tail.hasPercent,
  };
}

/** Fullwidth characters become ordinary ones, invisible ones go, and each kind of space and minus becomes one. */
function withPlainCharacters(text: string): string {
  return text
    .replace(/[\uFF01-\uFF5E]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(/\p{Cf}/gu, '')
    .replace(/\u2212/g, '-')
    .replace(/\s+/g, ' ')
    .trim();
}

/** A sign and a currency in either order; then perhaps the point of a number such as `.5`. */
function readHead(text: string) {
  const startsWithPoint = /(^|[-+\p{Sc}] ?)\.$/u.test(text);
  const rest = startsWithPoint ? text.slice(0, -1) : text;
  const currency = rest.replace(/[-+]/, '').trim();
  if (currency !== '' && !isCurrency(currency)) return null;
  return { isNegative: rest.includes('-'), hasCurrency: currency !== '', startsWithPoint };
}

/** A currency or a percent sign; before it perhaps the dash that stands for no cents, as in `500,-`. */
function readTail(text: string) {
  const rest = text.replace(/^[.,] ?[-–—]{1,2}/u, '').trim();
  if (rest === '%') return { hasCurrency: false, hasPercent: true };
  if (rest !== '' && !isCurrency(rest)) return null;
  return { hasCurrency: rest !== '', hasPercent: false };
}

function readFraction(digits: string): number | null {
  return /^\d+$/.test(digits) ? Number(`0.${digits}`) : null;
}

function readDigits(text: string, { below1000 = false }: Options): number | TwoReadings | null {
  const separators = text.replace(/\d/g, '').replaceAll('’', "'");
  const last = separators.at(-1);
  if (last === undefined) return Number(text);
  const [fraction = ''] = /\d+$/.exec(text) ?? [];
  const whole = text.slice(0, -fraction.length - 1);
  const asDecimals = () => Number(`${whole.replace(/\D/g, '')}.${fraction}`);
  const others = new Set(separators.slice(0, -1));

  if (others.size > 1) return null;
  if (others.size === 1 && !others.has(last)) {
    const decimal = (last === '.' || last === ',') && areThousands(whole);
    return decimal ? asDecimals() : null;
  }
  if (others.size === 1 || last === ' ' || last === "'") {
    return areThousands(text) ? Number(text.replace(/\D/g, '')) : null;
  }
  if (fraction.length <= 2 || whole === '0') return asDecimals();
  if (last === ',') return areThousands(text) ? Number(text.replace(/\D/g, '')) : null;
  if (below1000 || !areThousands(text)) return asDecimals();
  return { thousands: Number(text.replace(/\D/g, '')), decimals: asDecimals() };
}

/** Groups of three; with commas also those of India, `12,34,567`. */
function areThousands(text: string): boolean {
  return /^[1-9]\d{0,2}(?:[.,'’ ]\d{3})+$/.test(text) || /^[1-9]\d?(?:,\d{2})+,\d{3}$/.test(text);
}

/** What currencies are called beside their signs and ISO codes. */
const CURRENCY_WORDS =
  /^(?:us |canadian |australian )?dollars?$|^euros?$|^pounds?(?: sterling)?$|^(?:swiss )?francs?$|^franken$|^s?fr\.?$|^kr\.?$|^kron(?:a|e|er|or|en)$|^rs\.?$|^rupees?$|^r$|^rand$|^yen$|^pesos?$|^real$|^reais$|^zł$|^kč$|^ft$|^lei$|^лв\.?$|^руб\.?$/iu;

let codes: Set<string> | undefined;

function isCurrency(text: string): boolean {
  codes ??= new Set(Intl.supportedValuesOf('currency'));
  return /^[A-Za-z]{0,3}\p{Sc}$/u.test(text) || codes.has(text.toUpperCase()) || CURRENCY_WORDS.test(text);
}
