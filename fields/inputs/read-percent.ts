import type { ZObject } from 'zapier-platform-core';
import { shortened } from '../../highlevel/http/shortened.ts';
import { readNumberText } from './number-text.ts';
import { readText } from './read-text.ts';

/**
 * A percentage from 0 to 100; a percent sign may follow. A sheet shows 50 % and hands over 0.5, and 1 for 100 %, which is not guessed.
 *
 * @param label the input field's label, for the error
 * @returns undefined where the field is empty
 * @throws HaltedError for what is none, or could be two
 */
export function readPercent(z: ZObject, label: string, value: unknown): number | undefined {
  const text = readText(value);
  if (text === undefined) return undefined;
  const number = readNumberText(text, { below1000: true });
  if (number && 'value' in number && !number.hasPercent && number.value > 0 && number.value <= 1) {
    const percent = Number((number.value * 100).toPrecision(12));
    throw new z.errors.HaltedError(
      `${label}: "${shortened(text)}" could mean ${percent} or ${number.value} percent. Write ${percent}, or ${number.value}%.`,
    );
  }
  if (number && 'value' in number && !number.hasCurrency && number.value >= 0 && number.value <= 100) {
    return number.value;
  }
  throw new z.errors.HaltedError(
    `${label}: "${shortened(text)}" is not a percentage. Write a number from 0 to 100, for example 60 or 12.5.`,
  );
}
