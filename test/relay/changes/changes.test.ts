import { describe, expect, test } from '@jest/globals';
import {
  applyEvent,
  doubted,
  type OpportunityChange,
  type OpportunityState,
} from '../../../relay/changes/changes.ts';
import { randomFrom, shuffled } from '../../../tools/relay/random.ts';
import type { OpportunityClaim, OpportunityEvent } from '../../../wire/webhooks.ts';
import { type BriefChange, type Edit, eventsOf, expectedOf, randomHistory } from '../support/history.ts';

const T = Date.parse('2026-11-21T12:00:00.000Z');
const MINUTE = 60_000;

function event(
  claim: OpportunityClaim,
  at: number,
  over: Partial<OpportunityEvent['snapshot']> = {},
): OpportunityEvent {
  return {
    kind: 'opportunity',
    type: claim,
    webhookId: null,
    at,
    claim,
    locationId: 'l1',
    opportunityId: 'o1',
    snapshot: {
      contactId: 'c1',
      stage: { pipelineId: 'p1', stageId: 'A' },
      status: 'open',
      value: 0,
      owner: null,
      ...over,
    },
  };
}

const stage = (stageId: string, pipelineId = 'p1') => ({ stage: { pipelineId, stageId } });

function play(events: OpportunityEvent[]): OpportunityChange[] {
  let state: OpportunityState | null = null;
  return events.flatMap((one) => {
    const result = applyEvent(state, one, one.at ?? 0);
    // Through JSON, as the database keeps it.
    state = JSON.parse(JSON.stringify(result.state));
    return result.changes;
  });
}

const brief = (changes: OpportunityChange[]): BriefChange[] =>
  changes.map(({ field, from, fromKnown, to, at }) => ({ field, from: fromKnown ? from : '?', to, at }));

test.each([
  ['stage', stage('B')],
  ['status', { status: 'won' }],
  ['value', { value: 500 }],
  ['owner', { owner: 'u1' }],
] as const)('what was known of the %s before events may have been lost is no sure "from" of the next change', (field, over) => {
  const { state } = applyEvent(null, event('created', T), T);
  const { changes } = applyEvent(doubted(state), event(field, T + MINUTE, over), T + MINUTE);
  expect(changes).toMatchObject([{ field, from: null, fromKnown: false, recovered: false }]);
  // It is known all the same: what is as it was is no change, and what was created is not created again.
  for (const claim of ['updated', 'created'] as const)
    expect(applyEvent(doubted(state), event(claim, T + MINUTE), T + MINUTE).changes).toEqual([]);
  const sure = applyEvent(state, event(field, T + MINUTE, over), T + MINUTE);
  expect(sure.changes).toMatchObject([{ field, fromKnown: true, recovered: false }]);
});

describe('HighLevel’s pairs', () => {
  test('a creation and its Update are one creation', () => {
    const pair = [event('created', T), event('updated', T + 1)];
    for (const events of [pair, [...pair].reverse(), [...pair, ...pair]]) {
      expect(play(events).map(({ event: kind }) => kind)).toEqual(['opportunity_created']);
    }
  });

  test('a creation that is reported once more, with what was set since, is no change', () => {
    expect(play([event('created', T), event('created', T + 3, stage('B'))])).toHaveLength(1);
  });

  test('a deletion and its Update are one deletion', () => {
    const pair = [event('deleted', T), event('updated', T + 1)];
    for (const events of [pair, [...pair].reverse(), [...pair, ...pair]]) {
      expect(play(events).map(({ event: kind }) => kind)).toEqual(['opportunity_deleted']);
    }
  });

  test.each([
    ['stage', 'stage_changed', stage('B'), 'A', 'B'],
    ['status', 'status_changed', { status: 'won' }, 'open', 'won'],
    ['value', 'value_changed', { value: 500 }, 0, 500],
    ['owner', 'owner_changed', { owner: 'u1' }, null, 'u1'],
  ] as const)('an Update and its %s event are one change, whichever comes first', (field, kind, over, from, to) => {
    const pair = [event('updated', T + MINUTE, over), event(field, T + MINUTE + 2, over)];
    for (const events of [pair, [...pair].reverse(), [...pair, ...pair]]) {
      const [, ...changes] = play([event('created', T), ...events]);
      expect(changes).toMatchObject([{ event: kind, field, from, fromKnown: true, to }]);
    }
  });

  test('either of a pair is enough where the opportunity is known', () => {
    for (const claim of ['updated', 'stage'] as const) {
      const [, ...changes] = play([event('created', T), event(claim, T + 1, stage('B'))]);
      expect(brief(changes)).toEqual([{ field: 'stage', from: 'A', to: 'B', at: T + 1 }]);
    }
  });

  test('a value that changed and is not told is not known from then on', () => {
    const events = [
      event('created', T, { value: 100 }),
      event('value', T + MINUTE, { value: undefined }),
      event('value', T + 2 * MINUTE, { value: 300 }),
    ];
    const [, ...changes] = play(events);
    expect(brief(changes)).toEqual([{ field: 'value', from: '?', to: 300, at: T + 2 * MINUTE }]);
  });

  test('a value that no event tells stays known where none says that it changed', () => {
    const events = [
      event('created', T, { value: 100 }),
      event('stage', T + MINUTE, { ...stage('B'), value: undefined }),
      event('value', T + 2 * MINUTE, { ...stage('B'), value: 300 }),
    ];
    expect(brief(play(events)).at(-1)).toEqual({ field: 'value', from: 100, to: 300, at: T + 2 * MINUTE });
    const untold = event('value', T + MINUTE, { value: undefined });
    expect(
      applyEvent(applyEvent(null, event('created', T), T).state, untold, T + MINUTE).state.value,
    ).toEqual([]);
  });

  test('a change of an opportunity whose stage was never told shows none', () => {
    const untold = { stage: undefined };
    const [, change] = play([
      event('created', T, untold),
      event('value', T + MINUTE, { ...untold, value: 5 }),
    ]);
    expect(change).toMatchObject({ field: 'value', snapshot: { pipelineId: null, stageId: null, value: 5 } });
  });

  test('a creation or deletion of the same moment as the other is of the life before it', () => {
    const lives = [event('created', T), event('deleted', T + MINUTE)];
    const kinds = (...more: OpportunityEvent[]) => play([...lives, ...more]).map(({ field }) => field);
    expect(kinds(event('created', T + MINUTE))).toEqual(['created', 'deleted']);
    const again = event('created', T + 2 * MINUTE);
    expect(kinds(again, event('deleted', T + 2 * MINUTE))).toEqual(['created', 'deleted', 'created']);
  });

  test('two fields changed in one edit are two changes, each with the opportunity as it was then', () => {
    const over = { ...stage('B', 'p2'), value: 900 };
    const changes = play([
      event('created', T),
      event('updated', T + 5, over),
      event('stage', T + 5, over),
      event('value', T + 6, over),
    ]).slice(1);
    const snapshot = {
      contactId: 'c1',
      pipelineId: 'p2',
      stageId: 'B',
      status: 'open',
      value: 900,
      ownerId: null,
    };
    expect(changes).toMatchObject([
      { field: 'stage', snapshot },
      { field: 'value', snapshot },
    ]);
  });
});

describe('first sight', () => {
  test('an Update alone changes nothing that anyone knows of', () => {
    expect(play([event('updated', T)])).toEqual([]);
  });

  test('a change has an unknown from, and its Update adds nothing', () => {
    const pair = [event('updated', T, stage('B')), event('stage', T + 1, stage('B'))];
    for (const events of [pair, [...pair].reverse()]) {
      expect(play(events)).toMatchObject([{ field: 'stage', from: null, fromKnown: false, to: 'B' }]);
    }
  });

  test('the second change says from what', () => {
    const [, second] = play([event('stage', T, stage('B')), event('stage', T + MINUTE, stage('C'))]);
    expect(second).toMatchObject({ from: 'B', fromKnown: true, to: 'C' });
  });

  test('no owner before is known, which is not the same as unknown', () => {
    expect(play([event('updated', T), event('owner', T + 1, { owner: 'u1' })])).toMatchObject([
      { field: 'owner', from: null, fromKnown: true, to: 'u1' },
    ]);
  });

  test('an older sight that comes late shows what the first was a change from', () => {
    expect(brief(play([event('updated', T + 9, stage('B')), event('updated', T, stage('A'))]))).toEqual([
      { field: 'stage', from: 'A', to: 'B', at: T + 9 },
    ]);
  });
});

describe('out of order', () => {
  test('a change that comes late is reported with its own time, and what is newer stays', () => {
    const changes = play([
      event('created', T),
      event('stage', T + 20, stage('C')),
      event('stage', T + 10, stage('B')),
      event('updated', T + 30, stage('C')),
    ]).slice(1);
    expect(brief(changes)).toEqual([
      { field: 'stage', from: 'A', to: 'C', at: T + 20 },
      { field: 'stage', from: 'A', to: 'B', at: T + 10 },
    ]);
    expect(changes[1]?.snapshot.stageId).toBe('B');
  });

  test('a creation that comes last is reported, and nothing twice', () => {
    const moved = [event('updated', T + 5, stage('B')), event('stage', T + 5, stage('B'))];
    expect(brief(play([...moved, event('updated', T + 1), event('created', T)]))).toEqual([
      { field: 'stage', from: '?', to: 'B', at: T + 5 },
      { field: 'created', from: '?', to: null, at: T },
    ]);
  });

  test('a change from before the deletion is reported after it; one from after it is not', () => {
    const changes = play([
      event('created', T),
      event('deleted', T + 50),
      event('stage', T + 10, stage('B')),
      event('stage', T + 90, stage('C')),
    ]);
    expect(changes.map(({ field, to }) => [field, to])).toEqual([
      ['created', null],
      ['deleted', null],
      ['stage', 'B'],
    ]);
  });

  test('what one event makes known is reported in the order in which it happened', () => {
    const seen = (at: number, snapshot: OpportunityEvent['snapshot']) => ({
      ...event('updated', at),
      snapshot,
    });
    const changes = play([
      seen(T + 20, { contactId: 'c1', stage: { pipelineId: 'p1', stageId: 'B' } }),
      seen(T + 10, { contactId: 'c1', status: 'won' }),
      event('updated', T),
    ]);
    expect(brief(changes)).toEqual([
      { field: 'status', from: 'open', to: 'won', at: T + 10 },
      { field: 'stage', from: 'A', to: 'B', at: T + 20 },
    ]);
  });

  test('an opportunity that is made again can be changed and deleted again', () => {
    const changes = play([
      event('created', T),
      event('deleted', T + 10),
      event('created', T + 20, stage('B')),
      event('updated', T + 21, stage('B')),
      event('deleted', T + 10),
      event('stage', T + 30, stage('C')),
      event('deleted', T + 40),
    ]);
    expect(changes.map(({ field }) => field)).toEqual(['created', 'deleted', 'created', 'stage', 'deleted']);
    expect(changes[3]).toMatchObject({ from: 'B', to: 'C' });
  });
});

describe('the opportunity as it was then', () => {
  test.each([
    ['stage', { stageId: 'B' }, stage('A'), stage('B'), stage('C')],
    ['owner', { ownerId: null }, { owner: 'u1' }, { owner: null }, { owner: 'u2' }],
  ])('has the %s of its own change, though another was seen in the same millisecond', (_field, shown, first, middle, last) => {
    const changes = play([
      event('updated', T + 5, middle),
      event('updated', T + 5, last),
      event('updated', T, first),
    ]);
    expect(changes).toHaveLength(2);
    expect(changes[1]).toMatchObject({ at: T + 5, snapshot: shown });
  });

  test('has nothing of what came after it', () => {
    const late = { ...event('stage', T + 10), snapshot: { contactId: 'c1', ...stage('B') } };
    const changes = play([event('created', T), event('status', T + 20, { status: 'won' }), late]);
    expect(changes[2]).toMatchObject({ field: 'stage', snapshot: { stageId: 'B', status: 'open' } });
  });
});

describe('what was lost', () => {
  test('back to where it was, long after: the way there was lost, so the from is unknown', () => {
    const back = [
      event('stage', T + 5 * MINUTE),
      event('updated', T + 5 * MINUTE + 1),
      event('stage', T + 5 * MINUTE + 2),
    ];
    const [, ...changes] = play([event('created', T), ...back]);
    expect(brief(changes)).toEqual([{ field: 'stage', from: '?', to: 'A', at: T + 5 * MINUTE }]);
  });

  test('a change back after hours is not taken for the one that was reported long ago', () => {
    const hours = 200 * MINUTE;
    const back = [
      event('updated', T + hours),
      event('stage', T + hours + 1),
      event('updated', T + 2 * hours),
    ];
    const events = [event('created', T), event('updated', T + 1), ...back, event('stage', T + 2 * hours + 1)];
    expect(brief(play(events)).map(({ from, at }) => [from, at - T])).toEqual([
      ['?', 0],
      ['?', hours + 1],
      ['?', 2 * hours + 1],
    ]);
  });

  test('a repetition that comes hours late is one all the same', () => {
    const later = event('updated', T + 200 * MINUTE);
    expect(
      play([event('created', T), event('updated', T + 1), later, event('stage', T + 1000)]),
    ).toHaveLength(1);
  });

  test('the same again within a minute is a repetition', () => {
    expect(play([event('created', T), event('stage', T + MINUTE)])).toHaveLength(1);
  });

  test('an event that leaves a field open says nothing of it', () => {
    const bare = event('updated', T + 5);
    bare.snapshot = { contactId: 'c1' };
    const known = event('created', T, { owner: 'u1', value: 5 });
    expect(play([known, bare])).toHaveLength(1);
    expect(play([known, { ...bare, claim: 'deleted' }])[1]?.snapshot).toEqual({
      contactId: 'c1',
      pipelineId: 'p1',
      stageId: 'A',
      status: 'open',
      value: 5,
      ownerId: 'u1',
    });
  });
});

test('a deletion tells name and source, and nothing remembers them', () => {
  const texts = { name: 'Orangery', source: 'Village Fair' };
  const { state } = applyEvent(null, event('created', T), T);
  const last = applyEvent(state, { ...event('deleted', T + 5), texts }, T + 5);
  expect(last.changes).toMatchObject([{ event: 'opportunity_deleted', texts }]);
  expect(JSON.stringify(last.state)).not.toMatch(/Orangery|Village/);
});

test('an event that comes again adds nothing to what is remembered', () => {
  const moved = event('stage', T + 5, stage('B'));
  const { state: once } = applyEvent(applyEvent(null, event('created', T), T).state, moved, T + 5);
  expect(applyEvent(once, moved, T + 5).state).toEqual(once);
});

test('what is remembered of an opportunity stays small, and an old opportunity is still known', () => {
  let state: OpportunityState | null = null;
  for (let step = 0; step < 500; step++) {
    const one = event('stage', T + step * 1000, stage(`s${step}`));
    state = applyEvent(state, one, T + step * 1000).state;
  }
  expect(JSON.stringify(state).length).toBeLessThan(25_000);
  const later = T + 90 * 24 * 60 * MINUTE;
  const { state: last, changes } = applyEvent(state, event('stage', later, stage('Z')), later);
  expect(changes).toMatchObject([{ from: 's499', to: 'Z' }]);
  expect(JSON.stringify(last).length).toBeLessThan(1_000);
});

describe('any history', () => {
  const RUNS = 400;
  const toOf = (reported: BriefChange[]) => reported.map(({ field, to }) => `${field} ${to}`).sort();

  function each(work: (history: Edit[], random: () => number) => void): void {
    for (let seed = 1; seed <= RUNS; seed++) {
      const random = randomFrom(seed);
      const history = randomHistory(random);
      try {
        work(history, random);
      } catch (error) {
        throw new Error(`seed ${seed}: ${JSON.stringify(history)}`, { cause: error });
      }
    }
  }

  test('in order: each change once, in order, with what it was before', () => {
    each((history) => {
      expect(brief(play(eventsOf(history).flat()))).toEqual(expectedOf(history));
    });
  });

  test('in order but for the events of one edit, some twice and some lost: the same', () => {
    each((history, random) => {
      const events = eventsOf(history).flatMap((edit) => {
        const twice = edit.flatMap((one) => (random() < 0.3 ? [one, one] : [one]));
        const mixed = shuffled(twice, random);
        // One of an edit's events is enough, but nothing stands in for a Create or a Delete.
        const first = edit[0]?.claim === 'updated' ? mixed[0] : edit[0];
        return mixed.filter((one) => one === first || random() < 0.7);
      });
      const timeless = (reported: BriefChange[]) => reported.map(({ at: _, ...rest }) => rest);
      const byField = (reported: BriefChange[]) =>
        [...timeless(reported)].sort((a, b) => (a.field < b.field ? -1 : a.field > b.field ? 1 : 0));
      expect(byField(brief(play(events)))).toEqual(byField(expectedOf(history)));
    });
  });

  test('in any order, some twice and some lost: each change once', () => {
    each((history, random) => {
      const kept = eventsOf(history).flatMap((edit) => {
        const first = edit[0]?.claim === 'updated' ? shuffled(edit, random)[0] : edit[0];
        return edit.filter((one) => one === first || random() < 0.7);
      });
      const twice = kept.flatMap((one) => (random() < 0.3 ? [one, one] : [one]));
      expect(toOf(brief(play(shuffled(twice, random))))).toEqual(toOf(expectedOf(history)));
    });
  });
});
