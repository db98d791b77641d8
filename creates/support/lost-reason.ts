import type { ZObject } from 'zapier-platform-core';
import { LABELS } from '../../highlevel/http/labels.ts';
import { type Problem, withProblem } from '../../highlevel/http/problem.ts';

/**
 * A better sentence for an account that wants a reason for every lost opportunity; null where HighLevel refused for another
 * reason. Its own words for this are not known; that they name the lost reason is [assumed].
 *
 * @param advice how to give the reason
 * @param given the reason that was sent: what HighLevel says is about that one then
 */
export function explainLostReason(
  z: ZObject,
  problem: Problem | null,
  advice: string,
  given?: string,
): Error | null {
  if (given || !problem?.messages.some((message) => /lost\s*_?reason/i.test(message))) return null;
  return withProblem(
    new z.errors.HaltedError(
      `${LABELS.lostReasonId}: HighLevel wants to know why the opportunity was lost. Nothing was changed. ${advice}`,
    ),
    problem,
  );
}
