import { setImmediate as nextTurn } from 'node:timers/promises';
import type { HighLevelEvent } from '../../wire/webhooks.ts';
import type { DeliveryJob } from '../delivery/job.ts';
import type { Queryable } from '../store/db.ts';
import { type Running, runningFor } from '../subscriptions/subscriptions.ts';
import { applyEvent, type Change, doubted, noteChange, taskChange } from './changes.ts';
import { deliveryJob, type Origin } from './delivery-job.ts';
import { matches } from './match.ts';
import { type KnownOpportunities, opportunityKey } from './opportunities.ts';
import { applyReading, type ReadingEvent } from './readings.ts';
import { touchFound, touchOf } from './touches.ts';

/** An event that waited in the inbox. */
export interface InboxEvent {
  seq: number;
  webhookId: string;
  event: HighLevelEvent | ReadingEvent;
  receivedAt: Date;
}

/** A change, and the event that made it known. */
export interface KnownChange {
  change: Change;
  origin: Origin;
  /** Whether the app said before that it would write this. */
  isOwn?: boolean;
}

/**
 * The changes that an event makes known.
 *
 * @param opportunities what is remembered of them; that of the event's own is brought up to date
 */
export function changesOf(
  { seq, webhookId, event, receivedAt }: InboxEvent,
  opportunities: KnownOpportunities,
): KnownChange[] {
  if (event.kind === 'uninstall' || event.kind === 'other') return [];
  const { locationId } = event;
  const known = (recordId: string, changes: Change[]) =>
    changes.map((change, index) => ({
      change,
      origin: { locationId, recordId, seq, index, webhookId, receivedAt: +receivedAt },
    }));
  if (event.kind === 'note') return known(event.noteId, [noteChange(event, event.at ?? +receivedAt)]);
  if (event.kind === 'task') return known(event.taskId, [taskChange(event, event.at ?? +receivedAt)]);
  const key = opportunityKey(event);
  const remembered = opportunities.get(key);
  const { gapEndedAt = null, seenAt = 0 } = remembered ?? {};
  const isDoubtful = gapEndedAt !== null && seenAt < gapEndedAt && +receivedAt >= gapEndedAt;
  const before = remembered?.state && isDoubtful ? doubted(remembered.state) : (remembered?.state ?? null);
  const { state, changes } =
    event.kind === 'reading'
      ? applyReading(before, event)
      : applyEvent(before, event, event.at ?? +receivedAt);
  const touched =
    event.kind === 'reading'
      ? touchFound(before, state, event)
      : touchOf(state, event, event.at ?? +receivedAt);
  opportunities.set(key, {
    locationId: event.locationId,
    opportunityId: event.opportunityId,
    state,
    seenAt: Math.max(seenAt, +receivedAt),
    gapEndedAt,
  });
  return known(event.opportunityId, touched ? [...changes, touched] : changes);
}

/** So many deliveries are made at once. */
const MOST_JOBS = 1_000;
/** So many subscriptions are compared with changes before others get their turn: well under 50 ms of work. */
const MOST_COMPARED = 5_000;
/** The subscriptions of so many kinds of events are read at once: a location may have 500. */
const MOST_KINDS = 20;

/** A delivery of each change for every subscription that wants it, some at a time. */
export async function* deliveriesOf(
  q: Queryable,
  changes: readonly KnownChange[],
): AsyncGenerator<DeliveryJob[]> {
  let jobs: DeliveryJob[] = [];
  let compared = 0;
  for await (const { known, running } of withSubscriptions(q, changes)) {
    for (const { change, origin, isOwn } of known) {
      for (const subscription of running.get(kindKey(change, origin)) ?? []) {
        const isUnwanted = isOwn && subscription.filters.ignoreOwn;
        if (!isUnwanted && wants(subscription, change, origin))
          jobs.push(deliveryJob(change, origin, subscription.queueId));
        if (jobs.length >= MOST_JOBS) {
          yield jobs;
          jobs = [];
          compared = 0;
        }
        compared += 1;
        if (compared < MOST_COMPARED) continue;
        await nextTurn();
        compared = 0;
      }
    }
  }
  if (jobs.length > 0) yield jobs;
}

/**
 * Whether a subscription is to get a change. What came before it is none of its business: neither what was taken in
 * then, nor what a reading found that had happened by then.
 */
export function wants(
  { createdAt, filters }: Pick<Running, 'createdAt' | 'filters'>,
  change: Change,
  { receivedAt }: Pick<Origin, 'receivedAt'>,
): boolean {
  if (+createdAt > receivedAt) return false;
  if ('recovered' in change && change.recovered && +createdAt > change.at) return false;
  return matches(change, filters);
}

/** The changes in groups, each with the subscriptions that want their kinds. The order within a location is kept. */
async function* withSubscriptions(
  q: Queryable,
  changes: readonly KnownChange[],
): AsyncGenerator<{ known: KnownChange[]; running: Map<string, Running[]> }> {
  const byKind = Map.groupBy(changes, ({ change, origin }) => kindKey(change, origin));
  const kinds = [...byKind.values()];
  for (let from = 0; from < kinds.length; from += MOST_KINDS) {
    const some = kinds.slice(from, from + MOST_KINDS);
    const rows = await runningFor(
      q,
      some.flatMap(([first]) =>
        first ? [{ locationId: first.origin.locationId, event: first.change.event }] : [],
      ),
    );
    yield {
      known: some.flat(),
      running: Map.groupBy(rows, ({ locationId, event }) => `${locationId}/${event}`),
    };
  }
}

function kindKey({ event }: Pick<Change, 'event'>, { locationId }: Pick<Origin, 'locationId'>): string {
  return `${locationId}/${event}`;
}
