import type { Failure, Fields, RunnerEvent, TaskStatus } from '../../zap-runner/index.ts';
import type { Feed } from './feed.ts';
import type { ZapStore } from './zaps.ts';

/** What one step of a run took in and gave. */
interface RunStep {
  step: string;
  kind: string;
  key: string;
  outcome: string;
  input: Fields;
  output: Fields | null;
  failure: Failure | null;
  requests: number;
  ms: number;
}

/** One run of a Zap. */
export interface Run {
  id: string;
  zapId: string;
  zap: string;
  /** ms since the epoch. */
  at: number;
  status: TaskStatus | 'running';
  failure: Failure | null;
  trigger: Fields;
  steps: RunStep[];
  /** How often it was run again. */
  replays: number;
}

export interface RunStore {
  event(event: RunnerEvent): void;
  /** Youngest first. */
  all(zapId?: string): Run[];
  /** @throws Error in words for a person where there is none. */
  get(id: string): Run;
}

/** The oldest are forgotten beyond this. */
const KEPT = 500;

/** Keeps the history of runs, as the runner tells of them. */
export function createRunStore(zaps: ZapStore, feed: Feed, ended: (run: Run) => void): RunStore {
  const runs = new Map<string, Run>();

  const runOf = (name: string, id: string): Run | null => {
    const zap = zaps.byName(name);
    if (!zap) return null;
    const known = runs.get(id);
    if (known) return known;
    const trigger = zap.live?.tasks.find((task) => task.id === id)?.trigger ?? {};
    const run: Run = {
      id,
      zapId: zap.id,
      zap: name,
      at: Date.now(),
      status: 'running',
      failure: null,
      trigger,
      steps: [],
      replays: 0,
    };
    runs.set(id, run);
    const [oldest] = runs.keys();
    if (runs.size > KEPT && oldest) runs.delete(oldest);
    return run;
  };

  return {
    event(event) {
      if (event.type === 'step') {
        const run = runOf(event.zap, event.task);
        if (!run) return;
        const { step, kind, key, outcome, input, output = null, failure = null, requests, ms } = event;
        run.status = 'running';
        run.steps.push({ step, kind, key, outcome, input, output, failure, requests, ms });
        feed.tell('runs');
      }
      if (event.type === 'task') {
        const run = runOf(event.zap, event.task);
        if (!run) return;
        run.status = event.status;
        run.failure = event.failure ?? null;
        feed.tell('runs');
        ended(run);
      }
    },
    all: (zapId) => [...runs.values()].filter((run) => !zapId || run.zapId === zapId).reverse(),
    get(id) {
      const found = runs.get(id);
      if (!found) throw new Error('This run is no longer there. The workbench keeps the last 500.');
      return found;
    },
  };
}
