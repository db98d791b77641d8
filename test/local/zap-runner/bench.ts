import {
  type Connection,
  createRunner,
  type Runner,
  type RunnerEvent,
  type RunnerOptions,
} from '../../../local/zap-runner/index.ts';
import { fixtureApp } from './fixture-app.ts';
import { browse, type Crm, startCrm } from './fixture-crm.ts';

/** A runner over the fixture app, with a clock that only moves when something sleeps. */
export type Bench = {
  crm: Crm;
  runner: Runner;
  connection: Connection;
  events: RunnerEvent[];
  /** Milliseconds that were slept, one entry for each sleep. */
  slept: number[];
  clock: { now: number };
  /** What each sleep waits for in earnest. */
  gate: { opens: Promise<void> };
  /** The events of one type. */
  of: <T extends RunnerEvent['type']>(type: T) => Extract<RunnerEvent, { type: T }>[];
  close: () => Promise<void>;
};

export async function startBench(
  options: Pick<RunnerOptions, 'serialiseRefresh' | 'timeoutMs' | 'otherApps' | 'autoreplay'> = {},
): Promise<Bench> {
  const crm = await startCrm();
  const events: RunnerEvent[] = [];
  const slept: number[] = [];
  const clock = { now: Date.parse('2026-01-02T03:04:05Z') };
  const gate = { opens: Promise.resolve() };
  const runner = await createRunner({
    ...options,
    app: fixtureApp(crm.origin),
    onEvent: (event) => events.push(event),
    now: () => clock.now,
    sleep: async (ms) => {
      slept.push(ms);
      clock.now += ms;
      await gate.opens;
    },
  });
  const connection = await runner.connect({ browse, fields: { region: 'eu' } });
  return {
    crm,
    runner,
    connection,
    events,
    slept,
    clock,
    gate,
    of: (type) => events.filter((event): event is never => event.type === type),
    async close() {
      await runner.close();
      await crm.close();
    },
  };
}
