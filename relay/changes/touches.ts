/**
 * That an opportunity was touched, whatever changed of it: HighLevel sends one Update beside every other event. What
 * changed is for those to find out who can read it.
 */

import type { OpportunityEvent } from '../../wire/webhooks.ts';
import { isGone, lifeChange, type OpportunityChange, type OpportunityState } from './changes.ts';
import type { ReadingEvent } from './readings.ts';

/** By HighLevel's clock an event may be so much later than the change that it tells of, in ms. [assumed] */
const LATER_MS = 10_000;

/** What an event says. One that is created is touched too, so that it is known from then on. */
export function touchOf(
  state: OpportunityState,
  { claim, snapshot }: OpportunityEvent,
  at: number,
): OpportunityChange | null {
  const isTouch = claim === 'updated' || claim === 'created';
  return isTouch && !isGone(state) ? lifeChange('updated', state, snapshot, at) : null;
}

/** What a reading says of changes that no event told: that it changed after all that is known of it. */
export function touchFound(
  before: OpportunityState | null,
  state: OpportunityState,
  { snapshot, since, updatedAt }: ReadingEvent,
): OpportunityChange | null {
  if (since === null || updatedAt < since || isGone(state)) return null;
  return updatedAt > lastHeard(before) + LATER_MS
    ? lifeChange('updated', state, snapshot, updatedAt, true)
    : null;
}

/** Every event shows all fields but those that are empty. */
function lastHeard(state: OpportunityState | null): number {
  if (!state) return Number.NEGATIVE_INFINITY;
  const last = [state.stage, state.status, state.value, state.owner].map((timeline) => timeline.at(-1)?.at);
  return Math.max(...last.map((at) => at ?? Number.NEGATIVE_INFINITY));
}
