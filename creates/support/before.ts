/**
 * How an opportunity stood before a step changed it. Where the answer to the change is lost, Zapier runs the step again,
 * which would take its own change for what was there before: for the value before, and for whether it may change it.
 */

import type { Bundle, ZObject } from 'zapier-platform-core';
import { connect } from '../../highlevel/connect.ts';
import { CLOCK_DRIFT_MS, wasRefused } from '../../highlevel/http/attempts.ts';
import { digest } from '../../highlevel/http/digest.ts';
import { momentMs } from '../../highlevel/http/time.ts';
import type { OpportunityRecord } from '../../highlevel/opportunities/record.ts';

/** Zapier runs an errored step again up to ten hours later. [docs] */
const KEPT_SECONDS = 12 * 60 * 60;

interface Mark {
  /** When the earlier run ended, in ms since the epoch. */
  at: number;
  stood: Pick<OpportunityRecord, 'id' | (typeof KEPT)[number]>;
}

const KEPT = ['status', 'pipelineId', 'pipelineStageId', 'monetaryValue'] as const;

/**
 * Does what a step does to an opportunity, by how it stood before the first run of the step. It counts as changed by that
 * run only if nobody changed it later, and its status is the one it had or one that the step gives.
 *
 * @param now the opportunity as it stands
 * @param gives the statuses that the step may give it
 * @throws what `act` throws
 */
export async function asItStood<T>(
  z: ZObject,
  bundle: Bundle,
  now: OpportunityRecord,
  gives: unknown[],
  act: (before: OpportunityRecord) => Promise<T>,
): Promise<T> {
  const highlevel = connect(z, bundle);
  const key = `before_${now.id}_${digest(bundle.inputData)}`;
  const mark = await highlevel.recall<Mark>(key);
  const isOwn =
    mark !== null &&
    momentMs(now.updatedAt) <= mark.at + CLOCK_DRIFT_MS &&
    [mark.stood.status, ...gives].includes(now.status);
  const before = isOwn ? { ...now, ...mark.stood } : now;
  try {
    const result = await act(before);
    if (mark) await highlevel.forget(key);
    return result;
  } catch (error) {
    if (!wasRefused(error)) {
      const stood = { id: before.id, ...Object.fromEntries(KEPT.map((name) => [name, before[name]])) };
      await highlevel.remember(key, { at: Date.now(), stood } satisfies Mark, KEPT_SECONDS);
    }
    throw error;
  }
}
