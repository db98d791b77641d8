import { expect, test } from '@jest/globals';
import { applyEvent, type OpportunityState } from '../../../relay/changes/changes.ts';
import type { ReadingEvent } from '../../../relay/changes/readings.ts';
import { touchFound, touchOf } from '../../../relay/changes/touches.ts';
import type { OpportunityClaim, OpportunityEvent } from '../../../wire/webhooks.ts';

const T = Date.parse('2026-11-21T12:00:00.000Z');
const MINUTE = 60_000;
const snapshot = {
  contactId: 'c1',
  stage: { pipelineId: 'p1', stageId: 'A' },
  status: 'open',
  value: 5,
  owner: null,
};

function event(claim: OpportunityClaim, at: number): OpportunityEvent {
  const ids = { webhookId: null, locationId: 'l1', opportunityId: 'o1' };
  return { kind: 'opportunity', type: claim, ...ids, at, claim, snapshot };
}

const { state } = applyEvent(null, event('created', T), T);
const { state: gone } = applyEvent(state, event('deleted', T + MINUTE), T + MINUTE);

function found(updatedAt: number, since: number | null): ReadingEvent {
  const times = { createdAt: T, updatedAt, stageChangedAt: T, statusChangedAt: T };
  return { kind: 'reading', locationId: 'l1', opportunityId: 'o1', snapshot, ...times, since };
}

test('the Update and the Create of an opportunity touch it, and no other event does', () => {
  const touching = (['updated', 'created', 'stage', 'status', 'value', 'owner', 'deleted'] as const).filter(
    (claim) => touchOf(state, event(claim, T + 1), T + 1) !== null,
  );
  expect(touching).toEqual(['updated', 'created']);
  expect(touchOf(state, event('updated', T + 1), T + 1)).toMatchObject({
    event: 'opportunity_changed',
    field: 'updated',
    at: T + 1,
    recovered: false,
    snapshot: { stageId: 'A', value: 5 },
  });
});

test('what is gone is touched by nothing', () => {
  expect(touchOf(gone, event('updated', T + 2 * MINUTE), T + 2 * MINUTE)).toBeNull();
  expect(touchFound(state, gone, found(T + 2 * MINUTE, T))).toBeNull();
});

test('a reading finds a touch where the opportunity changed after all that is known of it', () => {
  const touch = (before: OpportunityState | null, updatedAt: number, since: number | null) =>
    touchFound(before, state, found(updatedAt, since));
  expect(touch(state, T + MINUTE, T)).toMatchObject({ field: 'updated', at: T + MINUTE, recovered: true });
  expect(touch(null, T + MINUTE, T)).toMatchObject({ field: 'updated', at: T + MINUTE, recovered: true });
  // An event may bear a time that is somewhat later than HighLevel's own for the same change.
  expect(touch(state, T + 10_000, T)).toBeNull();
  expect(touch(state, T + 10_001, T)).not.toBeNull();
});

test('what is known last of any field counts, and a field that was never told does not', () => {
  const { owner: _, ...told } = snapshot;
  const partly = { ...event('created', T), snapshot: told } as OpportunityEvent;
  const { state: before } = applyEvent(null, partly, T);
  const { state: moved } = applyEvent(
    before,
    {
      ...event('stage', T + MINUTE),
      snapshot: { contactId: 'c1', stage: { pipelineId: 'p1', stageId: 'B' } } as typeof snapshot,
    },
    T + MINUTE,
  );
  expect(touchFound(moved, state, found(T + MINUTE + 5000, T))).toBeNull();
  expect(touchFound(moved, state, found(T + 2 * MINUTE, T))).not.toBeNull();
});

test('no touch is found where none is looked for, or from before the time that is looked at', () => {
  expect(touchFound(state, state, found(T + MINUTE, null))).toBeNull();
  expect(touchFound(state, state, found(T + MINUTE, T + MINUTE + 1))).toBeNull();
  expect(touchFound(state, state, found(T + MINUTE, T + MINUTE))).not.toBeNull();
});
