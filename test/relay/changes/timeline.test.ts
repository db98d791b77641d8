import { describe, expect, test } from '@jest/globals';
import { type Claim, doubt, observe, type Timeline, valueAt } from '../../../relay/changes/timeline.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const same = (a: string, b: string) => a === b;
const see = (timeline: Timeline<string>, at: number, value: string, claim: Claim) =>
  observe(timeline, { at, value, claim }, same);
/** What the samples make of a timeline, each as the one before left it. */
const timelineOf = (...samples: [number, string, Claim][]): Timeline<string> =>
  samples.reduce<Timeline<string>>(
    (timeline, [at, value, claim]) => see(timeline, at, value, claim).timeline,
    [],
  );
const brief = (timeline: Timeline<string>) => timeline.map(({ at, value, mark }) => [at, value, mark]);

describe('a reading', () => {
  const known = timelineOf([0, 'A', 'given'], [10 * MINUTE, 'B', 'changed'], [30 * MINUTE, 'C', 'changed']);

  test('from before what is known last changes nothing', () => {
    for (const at of [5 * MINUTE, 20 * MINUTE, 30 * MINUTE - 1]) {
      expect(see(known, at, 'X', 'is')).toEqual({ timeline: known, transitions: [] });
    }
  });

  test('of the same moment or a later one counts', () => {
    const { transitions } = see(known, 30 * MINUTE, 'X', 'is');
    expect(transitions).toEqual([{ from: 'C', to: 'X', at: 30 * MINUTE, recovered: true }]);
  });
});

describe('a change back to what it was, of which one half was lost', () => {
  const read = timelineOf([0, 'A', 'given'], [20 * MINUTE, 'B', 'is']);

  test('is told, from an unknown value', () => {
    expect(see(read, 30 * MINUTE, 'B', 'changed').transitions).toEqual([
      { from: undefined, to: 'B', at: 30 * MINUTE, recovered: false },
    ]);
  });

  test('is not told within a minute, nor from before a reading that stands for all until then', () => {
    expect(see(read, 21 * MINUTE, 'B', 'changed').transitions).toEqual([]);
    expect(see(read, 10 * MINUTE, 'A', 'changed').transitions).toEqual([]);
  });
});

test('only what follows the last sample is doubtful', () => {
  const doubted = doubt(timelineOf([0, 'A', 'given'], [MINUTE, 'B', 'changed']));
  expect(doubted.map(({ doubtful }) => doubtful)).toEqual([undefined, true]);
});

test('the value of a moment is the last one until then, or the first one after it', () => {
  const known = timelineOf([MINUTE, 'A', 'given'], [2 * MINUTE, 'B', 'changed']);
  expect([0, MINUTE, 2 * MINUTE - 1, 2 * MINUTE].map((at) => valueAt(known, at))).toEqual([
    'A',
    'A',
    'A',
    'B',
  ]);
  expect(valueAt([], 0)).toBeUndefined();
});

describe('of what is more than two hours old, the last value stays', () => {
  const NOW = 5 * HOUR;

  test('with the moment since when it was reported', () => {
    const known = timelineOf([0, 'A', 'given'], [MINUTE, 'A', 'seen'], [2 * MINUTE, 'B', 'changed']);
    expect(brief(see(known, NOW, 'B', 'seen').timeline)).toEqual([
      [2 * MINUTE, 'B', 'reported'],
      [NOW, 'B', 'seen'],
    ]);
    const told = timelineOf([0, 'A', 'seen'], [MINUTE, 'A', 'given'], [2 * MINUTE, 'A', 'seen']);
    expect(brief(see(told, NOW, 'A', 'seen').timeline)).toEqual([
      [MINUTE, 'A', 'reported'],
      [NOW, 'A', 'seen'],
    ]);
  });

  test('though its change was not told, as a later reading stood for it', () => {
    const read = timelineOf([0, 'A', 'given'], [3 * MINUTE, 'C', 'is']);
    const late = see(read, 2 * MINUTE, 'B', 'seen');
    expect(late.transitions).toEqual([]);
    expect(brief(late.timeline).map(([, value]) => value)).toEqual(['A', 'B', 'C']);
    expect(brief(see(late.timeline, NOW, 'C', 'seen').timeline)).toEqual([
      [3 * MINUTE, 'C', 'recovered'],
      [NOW, 'C', 'seen'],
    ]);
  });

  test('and no doubt about it once it was seen again', () => {
    const seen = see(doubt(timelineOf([0, 'A', 'given'])), MINUTE, 'A', 'seen').timeline;
    expect(see(seen, NOW, 'A', 'seen').timeline).toEqual([
      { at: MINUTE, value: 'A', mark: 'seen' },
      { at: NOW, value: 'A', mark: 'seen' },
    ]);
  });

  test('and what is just two hours old is not dropped', () => {
    const known = timelineOf([0, 'A', 'given'], [NOW - 2 * HOUR, 'A', 'seen']);
    expect(see(known, NOW, 'A', 'seen').timeline).toHaveLength(3);
    expect(see(known, NOW + 1, 'A', 'seen').timeline).toHaveLength(2);
  });
});

test('no more than 64 samples are kept', () => {
  const samples = (count: number) =>
    timelineOf(
      ...Array.from({ length: count }, (_, index): [number, string, Claim] => [index, `v${index}`, 'seen']),
    );
  expect([63, 64, 65, 80].map((count) => samples(count).length)).toEqual([63, 64, 64, 64]);
  expect(samples(80)[0]).toMatchObject({ value: 'v16' });
});
