import type { Bundle, ZObject } from 'zapier-platform-core';
import { momentOf } from './days.ts';
import { clockOf, readDate } from './read-day.ts';
import { requiredText } from './read-text.ts';

/** How a moment can be written, and what is taken where it is not all said: for the help texts. */
export const MOMENT_EXAMPLES =
  'for example `2026-12-31 15:00`, `12/31/2026 3pm` (month first) or `tomorrow at 9am`';
export const MOMENT_HELP = 'Times are in the Zap’s time zone, and a day without a time means 9:00 AM.';

/** What a day without a time is taken for, as in Zapier's own fields. [source: zapier-platform-cli, invoke/input-types.js] */
const USUAL_TIME = '09:00:00.000';

/**
 * A moment that must be there. Without an offset it is in the Zap's time zone, without a time at nine in the morning.
 *
 * @param label the input field's label
 * @returns ISO 8601 in UTC
 * @throws HaltedError where it is empty, is no day, or could be two
 */
export async function requiredMoment(
  z: ZObject,
  bundle: Bundle,
  label: string,
  value: unknown,
): Promise<string> {
  const clock = clockOf(bundle);
  const { day, time, offset } = await readDate(z, label, requiredText(z, label, value), clock);
  const at = time ?? USUAL_TIME;
  const ms = offset === null ? momentOf(day, at, clock.zone) : Date.parse(`${day}T${at}Z`) - offset * 60_000;
  return new Date(ms).toISOString();
}
