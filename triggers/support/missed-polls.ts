/**
 * Polls that failed, or yielded to writes, for hours. What changed meanwhile may be more than the one page that a poll
 * reads, and older than what keeps it reading on; so the next poll is told since when there was none.
 *
 * On Zapier the cache is asked by a request, so only a failure is written down, and only a poll that might have to read
 * further looks.
 */

import type { Bundle } from 'zapier-platform-core';
import type { HighLevel } from '../../highlevel/connect.ts';
import { digest } from '../../highlevel/http/digest.ts';

/** As long as what happened can still start a Zap. */
const REMEMBER_SECONDS = 7 * 24 * 60 * 60;

interface Poll {
  key: string;
  /** Since when polls before this one failed, in ms since the epoch; null where none did, absent where nobody looked. */
  since?: number | null;
}

/** One for each run, whose client is one object. */
const polls = new WeakMap<HighLevel, Poll>();

/**
 * Does a poll, and remembers where it fails.
 *
 * @throws what it throws
 */
export async function notingFailure<T>(
  highlevel: HighLevel,
  bundle: Bundle,
  poll: () => Promise<T>,
): Promise<T> {
  const run: Poll = { key: keyOf(bundle) };
  polls.set(highlevel, run);
  try {
    const rows = await poll();
    if (run.since) await highlevel.forget(run.key);
    return rows;
  } catch (error) {
    if ((await highlevel.recall<number>(run.key)) === null) {
      await highlevel.remember(run.key, Date.now(), REMEMBER_SECONDS);
    }
    throw error;
  }
}

/** What happened while a Zap was off starts it no more once it is on again. */
export function forgetFailures(highlevel: HighLevel, bundle: Bundle): Promise<void> {
  return highlevel.forget(keyOf(bundle));
}

function keyOf({ meta, inputData }: Bundle): string {
  // Deprecated; without it Zaps of the same input share what is remembered. [docs]
  return `polls_failed_since:${meta?.zap?.id ?? digest(inputData)}`;
}

/** For how long polls may have been missed before this one, in ms; 0 where none failed. */
export async function msWithoutPoll(highlevel: HighLevel): Promise<number> {
  const run = polls.get(highlevel);
  if (!run) return 0;
  if (run.since === undefined) run.since = await highlevel.recall<number>(run.key);
  return run.since === null ? 0 : Math.max(0, Date.now() - run.since);
}
