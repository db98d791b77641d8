import { describe, expect, test } from '@jest/globals';
import { applyEvent, type OpportunityChange, type OpportunityState } from '../../../relay/changes/changes.ts';
import { wants } from '../../../relay/changes/deliveries.ts';
import { applyReading, type ReadingEvent } from '../../../relay/changes/readings.ts';
import type { OpportunityClaim, OpportunityEvent } from '../../../wire/webhooks.ts';

const T = Date.parse('2026-11-21T12:00:00.000Z');
const MINUTE = 60_000;
const CREATED = T - 30 * 24 * 60 * MINUTE;

const shown = (stageId: string, value = 0) => ({
  contactId: 'c1',
  stage: { pipelineId: 'p1', stageId },
  status: 'open',
  value,
  owner: null,
});

function event(claim: OpportunityClaim, at: number, stageId: string, value = 0): OpportunityEvent {
  const snapshot = shown(stageId, value);
  const ids = { webhookId: null, locationId: 'l1', opportunityId: 'o1' };
  return { kind: 'opportunity', type: claim, ...ids, at, claim, snapshot };
}

function reading(
  stageId: string,
  movedAt: number,
  over: Partial<ReadingEvent> = {},
  value = 0,
): ReadingEvent {
  return {
    kind: 'reading',
    locationId: 'l1',
    opportunityId: 'o1',
    snapshot: shown(stageId, value),
    createdAt: CREATED,
    updatedAt: movedAt,
    stageChangedAt: movedAt,
    statusChangedAt: CREATED,
    since: null,
    ...over,
  };
}

function play(what: (OpportunityEvent | ReadingEvent)[]): OpportunityChange[] {
  let state: OpportunityState | null = null;
  return what.flatMap((one) => {
    const result = one.kind === 'reading' ? applyReading(state, one) : applyEvent(state, one, one.at ?? 0);
    // Through JSON, as the database keeps it.
    state = JSON.parse(JSON.stringify(result.state));
    return result.changes;
  });
}

const brief = (changes: OpportunityChange[]) =>
  changes.map(({ field, from, fromKnown, to, at, recovered }) => [
    field,
    fromKnown ? from : '?',
    to,
    at - T,
    ...(recovered ? ['recovered'] : []),
  ]);

describe('what was read before anything happened', () => {
  test('is no change, and gives the first one its "from"', () => {
    const known = reading('A', T - MINUTE, {}, 100);
    expect(brief(play([known]))).toEqual([]);
    expect(brief(play([known, event('updated', T, 'A', 250)]))).toEqual([['value', 100, 250, 0]]);
    expect(brief(play([known, event('stage', T, 'B', 100)]))).toEqual([['stage', 'A', 'B', 0]]);
  });

  test('swallows no change whose event is still on its way, nor the creation', () => {
    expect(brief(play([reading('B', T), event('stage', T + 200, 'B')]))).toEqual([['stage', '?', 'B', 200]]);
    expect(
      brief(play([reading('A', T, { createdAt: T, statusChangedAt: T }), event('created', T + 200, 'A')])),
    ).toEqual([['created', '?', null, 200]]);
  });

  test('does not override what an event told of a later moment', () => {
    const moved = [event('stage', T, 'B'), event('stage', T + MINUTE, 'C')];
    const [first] = play(moved);
    expect(first).toMatchObject({ to: 'B' });
    // The search is behind: it still shows what was before either.
    expect(brief(play([...moved, reading('A', T - MINUTE), event('stage', T + 2 * MINUTE, 'D')]))).toEqual([
      ['stage', '?', 'B', 0],
      ['stage', 'B', 'C', MINUTE],
      ['stage', 'C', 'D', 2 * MINUTE],
    ]);
  });

  test('revives nothing that was deleted', () => {
    const gone = [event('created', T, 'A'), event('deleted', T + MINUTE, 'A')];
    expect(play([...gone, reading('B', T + 2 * MINUTE)])).toHaveLength(2);
  });
});

describe('what a reading finds that no event told', () => {
  const before = event('created', T, 'A', 100);

  test('is one change from what was last known, at the moment that HighLevel keeps', () => {
    const found = reading('C', T + 5 * MINUTE, { updatedAt: T + 9 * MINUTE, since: T + MINUTE }, 300);
    expect(brief(play([before, found])).slice(1)).toEqual([
      ['stage', 'A', 'C', 5 * MINUTE, 'recovered'],
      ['value', 100, 300, 9 * MINUTE, 'recovered'],
    ]);
  });

  test('is not told again by events that come late, nor is what lies before it', () => {
    const found = reading('C', T + 5 * MINUTE, { since: T + MINUTE }, 100);
    const late = [
      event('stage', T + 5 * MINUTE + 300, 'C', 100),
      event('updated', T + 5 * MINUTE + 350, 'C', 100),
      event('stage', T + 3 * MINUTE, 'B', 100),
      event('updated', T + 3 * MINUTE + 20, 'B', 100),
    ];
    expect(brief(play([before, found, found, ...late]))).toEqual([
      ['created', '?', null, 0],
      ['stage', 'A', 'C', 5 * MINUTE, 'recovered'],
    ]);
    expect(brief(play([before, found, ...late, event('stage', T + 20 * MINUTE, 'B', 100)])).at(-1)).toEqual([
      'stage',
      'C',
      'B',
      20 * MINUTE,
    ]);
  });

  test('is nothing where the events came after all', () => {
    const told = [
      before,
      event('stage', T + 3 * MINUTE + 900, 'B', 100),
      event('stage', T + 5 * MINUTE + 900, 'C', 100),
    ];
    expect(play([...told, reading('C', T + 5 * MINUTE, { since: T + MINUTE }, 100)])).toHaveLength(3);
  });

  test('is the creation of one that was never seen, and the move of one that is older', () => {
    const since = T;
    const made = { createdAt: T + MINUTE, statusChangedAt: T + MINUTE, since };
    expect(brief(play([reading('B', T + 2 * MINUTE, made), event('created', T + MINUTE + 50, 'A')]))).toEqual(
      [['created', '?', null, MINUTE, 'recovered']],
    );
    expect(brief(play([reading('B', T + MINUTE, { since }), event('stage', T + MINUTE + 300, 'B')]))).toEqual(
      [['stage', '?', 'B', MINUTE, 'recovered']],
    );
    expect(play([reading('B', T - MINUTE, { since, updatedAt: T + MINUTE })])).toEqual([]);
  });

  test('has each field from its own moment on, and none of it is told again', () => {
    const made = { createdAt: T, statusChangedAt: T, since: T };
    const { state, changes } = applyReading(null, reading('B', T + 2 * MINUTE, made, 7));
    expect(brief(changes)).toEqual([['created', '?', null, 0, 'recovered']]);
    expect(state).toMatchObject({
      createdAt: T,
      stage: [{ at: T + 2 * MINUTE, mark: 'reported' }],
      status: [{ at: T, mark: 'reported' }],
      value: [{ at: T + 2 * MINUTE, value: 7, mark: 'reported' }],
    });
    expect(
      play([reading('B', T + 2 * MINUTE, made, 7), event('stage', T + 2 * MINUTE + 300, 'B', 7)]),
    ).toHaveLength(1);
  });

  test.each([
    ['stage', 'status'],
    ['status', 'value'],
    ['value', 'owner'],
  ])('is no creation where %s and %s alone were known', (...told) => {
    const heard = event('updated', T + MINUTE + 10, 'A');
    const snapshot = Object.fromEntries(
      Object.entries(heard.snapshot).filter(([key]) => key === 'contactId' || told.includes(key)),
    ) as typeof heard.snapshot;
    const made = { createdAt: T + MINUTE, statusChangedAt: T + MINUTE, since: T };
    const fields = play([{ ...heard, snapshot }, reading('A', T + MINUTE, made)]).map(({ field }) => field);
    expect(fields).not.toContain('created');
  });

  test('is no second creation of one whose event told nothing of it', () => {
    const heard = event('created', T + MINUTE, 'A');
    const made = { createdAt: T + MINUTE, statusChangedAt: T + MINUTE, since: T };
    const silent = { ...heard, snapshot: { contactId: 'c1' } as typeof heard.snapshot };
    expect(play([silent, reading('A', T + MINUTE, made)]).map(({ field }) => field)).toEqual(['created']);
  });

  test('is no move to the stage that it was created in, nor back to the one that was known', () => {
    const heard = event('updated', T + MINUTE + 10, 'A');
    const valueAlone = { ...heard, snapshot: { contactId: 'c1', value: 0 } as typeof heard.snapshot };
    const made = { createdAt: T + MINUTE, statusChangedAt: T + MINUTE, since: T };
    expect(play([valueAlone, reading('A', T + MINUTE, made)])).toEqual([]);
    expect(
      brief(play([valueAlone, reading('B', T + 2 * MINUTE, { ...made, since: T + 2 * MINUTE })])),
    ).toEqual([['stage', '?', 'B', 2 * MINUTE, 'recovered']]);
    const back = [event('created', T, 'A'), event('stage', T + 3 * MINUTE, 'B')];
    expect(play([...back, reading('B', T + 20 * MINUTE, { since: T + MINUTE })])).toHaveLength(2);
  });

  test('is no creation of one that something was known of', () => {
    const made = { createdAt: T + MINUTE, statusChangedAt: T + MINUTE, since: T };
    const heard = event('updated', T + MINUTE + 10, 'A');
    expect(brief(play([heard, reading('B', T + 2 * MINUTE, made)]))).toEqual([
      ['stage', 'A', 'B', 2 * MINUTE, 'recovered'],
    ]);
  });

  test('is a change of status by its own moment, and of value and owner by none', () => {
    const times = { since: T, updatedAt: T + 3 * MINUTE, statusChangedAt: T + 2 * MINUTE };
    expect(brief(play([reading('B', CREATED, times)]))).toEqual([
      ['status', '?', 'open', 2 * MINUTE, 'recovered'],
    ]);
    expect(play([reading('B', CREATED, { ...times, statusChangedAt: T - 1 })])).toEqual([]);
  });

  test('gives what was set at the creation as the "from" of the next change', () => {
    const made = { createdAt: T + MINUTE, statusChangedAt: T + MINUTE, since: T };
    const [, moved] = play([reading('A', T + MINUTE, made, 7), event('value', T + 9 * MINUTE, 'A', 8)]);
    expect(moved).toMatchObject({ field: 'value', from: 7, fromKnown: true, to: 8 });
  });

  test('is no business of a Zap that subscribed after it happened', () => {
    const [, change] = play([before, reading('C', T + 5 * MINUTE, {}, 100)]);
    const asked = (createdAt: number) =>
      wants({ createdAt: new Date(createdAt), filters: {} }, change as OpportunityChange, {
        receivedAt: T + 60 * MINUTE,
      });
    expect([T, T + 6 * MINUTE].map(asked)).toEqual([true, false]);
  });
});
