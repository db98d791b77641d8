import type { Bundle, ZObject } from 'zapier-platform-core';
import { readText } from '../../fields/inputs/read-text.ts';
import { connect } from '../../highlevel/connect.ts';
import { afterAPart, wasRefused } from '../../highlevel/http/attempts.ts';
import { digest } from '../../highlevel/http/digest.ts';
import { LABELS } from '../../highlevel/http/labels.ts';
import { problemOf, withProblem } from '../../highlevel/http/problem.ts';
import { previewChange } from '../../highlevel/opportunities/preview.ts';
import type { OpportunityRecord, Status } from '../../highlevel/opportunities/record.ts';
import type { OpportunityChange } from '../../highlevel/opportunities/writes.ts';

/** A change of an opportunity, with the reason where it is lost: HighLevel takes that with the status alone. [spec] */
export interface WholeChange extends OpportunityChange {
  lostReasonId?: string;
  /** How much of the value was added to the one that it had. */
  added?: number;
}

const REASON_DROPPED = `${LABELS.lostReasonId}: it was left out, because HighLevel keeps one for lost opportunities only.`;

/**
 * The lost reason that a person chose, where the status is to be lost.
 *
 * @returns a notice where there is one with another status
 * @throws HaltedError where no lost reason, or more than one, answers to the text
 */
export async function readLostReason(
  z: ZObject,
  bundle: Bundle,
  value: unknown,
  status: Status | undefined,
): Promise<{ lostReasonId?: string; notice: string | null }> {
  const text = readText(value);
  if (!text) return { notice: null };
  if (status !== 'lost') return { notice: REASON_DROPPED };
  return { lostReasonId: (await connect(z, bundle).account.resolveLostReason(text)).id, notice: null };
}

/** Whether a change changes nothing. */
export function isNothing(change: WholeChange): boolean {
  return Object.values(change).every((value) => value === undefined);
}

/** The opportunity as a change would leave it. */
export function previewWhole(
  before: OpportunityRecord,
  { lostReasonId, added, ...change }: WholeChange,
): OpportunityRecord {
  const after = previewChange(before, change);
  return lostReasonId ? { ...after, lostReasonId } : after;
}

/** Zapier runs an errored step again up to ten hours later. [docs] */
const ADDING_KEPT_SECONDS = 12 * 60 * 60;

/**
 * Changes an opportunity and gives it as it then stands: by one request, or by two and a read where there is a lost
 * reason. What is added to its value is added once, though the step may run again after an answer that was lost.
 *
 * @throws the errors of both; where the second is refused, one that says what was saved; HaltedError where it cannot be told
 *   whether an earlier run added to a value that is another one since
 */
export async function saveChange(
  z: ZObject,
  bundle: Bundle,
  id: string,
  { added, ...change }: WholeChange,
): Promise<OpportunityRecord> {
  if (added === undefined) return write(z, bundle, id, change, true);
  const highlevel = connect(z, bundle);
  const key = `adding_${id}_${added}_${digest(bundle.inputData)}`;
  const earlier = await highlevel.recall<number>(key);
  if (earlier !== null && isChangedSince(earlier, change.monetaryValue, added)) {
    await highlevel.forget(key);
    throw perhapsAdded(z, added, (change.monetaryValue ?? 0) - added);
  }
  const monetaryValue = earlier ?? change.monetaryValue;
  await highlevel.remember(key, monetaryValue, ADDING_KEPT_SECONDS);
  try {
    const record = await write(z, bundle, id, { ...change, monetaryValue }, false);
    await highlevel.forget(key);
    return record;
  } catch (error) {
    if (earlier === null && wasRefused(error)) await highlevel.forget(key);
    throw error;
  }
}

/**
 * Whether the value is neither what it was before an earlier run nor what that run sent.
 *
 * @param sent the sum that the earlier run sent
 * @param sum what this run makes it
 */
function isChangedSince(sent: number, sum: number | null | undefined, added: number): boolean {
  const isNear = (one: number) => Math.abs(one - sent) < 0.005;
  return !isNear(sum ?? 0) && !isNear((sum ?? 0) - added);
}

function perhapsAdded(z: ZObject, added: number, held: number): Error {
  const value = Math.round(held * 100) / 100;
  return new z.errors.HaltedError(
    `${LABELS.monetaryValue}: HighLevel did not answer an earlier run of this step, which was to add ${added}, and the value is another one since: ${value}. ` +
      `It cannot be told whether the ${added} are in it. Nothing was changed this time. Look at the opportunity in HighLevel: if they are not, replay this step, which then adds them.`,
  );
}

async function write(
  z: ZObject,
  bundle: Bundle,
  id: string,
  { lostReasonId, ...change }: WholeChange,
  repeatable: boolean,
): Promise<OpportunityRecord> {
  const { opportunities } = connect(z, bundle);
  if (!lostReasonId) return opportunities.update(id, change, repeatable);
  const { status = 'lost', ...rest } = change;
  const saved = !isNothing(rest);
  const changed = saved ? await opportunities.update(id, rest, repeatable) : { id };
  await opportunities.setStatus(id, { status, lostReasonId }, repeatable).catch((error: unknown) => {
    const problem = problemOf(error);
    // What leaves open whether it was saved is run again by Zapier, and saves the same.
    if (!saved) throw error;
    if (!problem || ['throttled', 'unavailable'].includes(problem.kind)) throw afterAPart(error);
    throw afterAPart(
      withProblem(
        new z.errors.HaltedError(
          `${LABELS.status}: it could not be changed, while the other values of this step were saved: ${problem.messages.join('; ') || 'HighLevel gave no reason'}. Change it in HighLevel, or replay this step.`,
        ),
        problem,
      ),
    );
  });
  const record = await opportunities.getAfterWrite({ ...changed, status, lostReasonId });
  // A read by id may not tell the reason. [conflict]
  return record.lostReasonId === undefined && record.status === status ? { ...record, lostReasonId } : record;
}
