/** Operations by contrary answers: every cell is run, and held to the rules. */

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import nock from 'nock';
import { type ContraryName, contraries, type Sandbox } from '../../../local/sandbox/index.ts';
import type { Build } from '../../support/connection.ts';
import { BUILDS } from '../../support/connection.ts';
import { enrich, type Kind, type Situation, situationsOf } from './situations.ts';
import { note, printTable } from './table.ts';
import { judge, OUTCOMES, type Outcome } from './verdict.ts';
import { openWorld, type Ran, type World } from './world.ts';

/** One row of the matrix. */
interface Row {
  key: string;
  situations: Situation[];
}

interface Extent {
  build?: Build;
  /** All of them if absent. */
  answers?: readonly ContraryName[];
  /** How many the account has; a few if absent. */
  opportunities?: number;
}

const ALL = contraries.map(({ name }) => name);
/** What they do depends on the records and on what is asked for; what the others do, on what is asked of whom alone. */
const ABOUT_DATA = new Set(
  contraries.flatMap(({ name, about }) => (['answers', 'searches', 'records'].includes(about) ? [name] : [])),
);
const FEW = 24;

/** A test for each operation of a kind, or for those of these keys, under each contrary answer. */
export function matrixOf(kind: Kind, { keys, ...extent }: Extent & { keys?: string[] } = {}): void {
  const all = keys ?? Object.keys(BUILDS[extent.build ?? 'oauth'][kind] ?? {});
  rowsOf(all, (sandbox) => all.map((key) => ({ key, situations: situationsOf(kind, key, sandbox) })), extent);
}

/** The same for rows of one's own. */
export function rowsOf(
  keys: string[],
  make: (sandbox: Sandbox) => Row[],
  { build = 'oauth', answers = ALL, opportunities = FEW }: Extent = {},
): void {
  describe(`${keys.length} operations (${build}) under ${answers.length} contrary answers`, () => {
    let world: World;
    let rows: Row[] = [];
    beforeAll(async () => {
      hurry();
      world = await openWorld(build, opportunities, (sandbox) => {
        rows = make(sandbox);
        enrich(
          sandbox,
          rows.flatMap(({ situations }) => situations),
        );
      });
    });
    afterAll(async () => {
      jest.useRealTimers();
      printTable(build);
      await world.close();
    });

    it.each(keys)(
      '%s',
      async (key) => {
        const row = rows.find((one) => one.key === key);
        const faults: string[] = [];
        const worst = new Map<ContraryName, Outcome>(answers.map((answer) => [answer, 'not asked']));
        const gone = new Set<string>();
        for (const situation of row?.situations ?? []) {
          const plain = await run(world, situation, []);
          for (const answer of answers.filter((name) => plain.touched.has(name))) {
            const way = `${answer} ${plain.error?.name} ${plain.way}`;
            if (!ABOUT_DATA.has(answer) && gone.has(way)) continue;
            gone.add(way);
            const ran = await run(world, situation, [answer]);
            const again = () => steps(world, situation);
            const cell = { key, situation: situation.name, answer };
            const { outcome, faults: wrong } = await judge(cell, plain, ran, again);
            if (OUTCOMES.indexOf(outcome) > OUTCOMES.indexOf(worst.get(answer) ?? 'not asked'))
              worst.set(answer, outcome);
            faults.push(...wrong.map((fault) => `${situation.name} under ${answer}: ${fault}`));
          }
        }
        for (const [answer, outcome] of worst) note(key, answer, outcome);
        expect(faults).toEqual([]);
      },
      LONG_MS,
    );
  });
}

async function run(world: World, situation: Situation, under: ContraryName[]): Promise<Ran> {
  world.reset();
  world.sandbox.setContraries(under);
  return steps(world, situation);
}

/** All of a situation's steps, up to the first that ends in an error. */
async function steps(world: World, { steps: all }: Situation): Promise<Ran> {
  const touched = new Set<ContraryName>();
  let last: Ran = { answer: undefined, error: null, written: {}, touched, way: '' };
  for (const step of all) {
    last = await world.call(step);
    for (const name of last.touched) touched.add(name);
    if (last.error) break;
  }
  return { ...last, touched };
}

/** An operation's cells take some seconds, and many times that where the machine is busy. */
const LONG_MS = 600_000;

/** What the app waits between two reads, in ms: here nobody recovers meanwhile. */
const WAITS_MS = [250, 1000];

/** Lets the day stand still, so that two runs can be compared, and waits for nobody. */
function hurry(): void {
  // All that is asked goes to the sandbox on this machine, at half the cost without a look at each request.
  nock.restore();
  jest.useFakeTimers({ now: Date.now(), doNotFake: TIMERS });
  const { setTimeout: wait } = globalThis;
  const hurried = (work: () => void, ms?: number, ...given: []) =>
    wait(work, WAITS_MS.includes(ms ?? 0) ? 0 : ms, ...given);
  globalThis.setTimeout = Object.assign(hurried, wait) as typeof setTimeout;
}

const TIMERS = [
  ...(['hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate'] as const),
  ...(['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] as const),
];
