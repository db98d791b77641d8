import { simplify } from '../../highlevel/account/resolve.ts';
import { LABELS } from '../../highlevel/http/labels.ts';
import { UNREADABLE } from '../../highlevel/http/shapes.ts';
import { isoDay } from '../../highlevel/http/time.ts';
import type { OpportunityRecord } from '../../highlevel/opportunities/record.ts';
import type { WholeChange } from './change.ts';

/** Custom fields are not among them, because each type reads back in its own way. */
const COMPARED = [
  'name',
  'pipelineId',
  'pipelineStageId',
  'status',
  'monetaryValue',
  'assignedTo',
  'source',
  'forecastExpectedCloseDate',
  'forecastProbability',
  'lostReasonId',
] as const;

/**
 * What is told where an opportunity has other values than were sent: HighLevel may drop one without a word, or tell of
 * success and refuse. [assumed] What an answer leaves out is not told, and so is not called lost.
 *
 * @param record the opportunity as it stands after the write
 * @returns null where all was kept
 */
export function notKept(
  { added, ...sent }: WholeChange & { source?: string },
  record: OpportunityRecord,
): string | null {
  const lost = COMPARED.filter(
    (key) =>
      sent[key] !== undefined &&
      record[key] !== undefined &&
      // What was added by an earlier run of the step is not added again.
      !(key === 'monetaryValue' && added !== undefined) &&
      !isSame(key, sent[key], record[key]),
  );
  if (lost.length === 0) return null;
  const labels = lost.map((key) => LABELS[key]).join(', ');
  return `${labels}: HighLevel has something else there than this step sent. It did not keep it, or something else has changed it since.`;
}

type Value = string | number | null | undefined;

function isSame(key: (typeof COMPARED)[number], sent: Value, held: Value): boolean {
  switch (key) {
    case 'monetaryValue':
    case 'forecastProbability':
      return (sent ?? 0) === (held ?? 0);
    case 'forecastExpectedCloseDate':
      return held === UNREADABLE || isoDay(held) === sent;
    default:
      return simplify(String(sent ?? '')) === simplify(String(held ?? ''));
  }
}
