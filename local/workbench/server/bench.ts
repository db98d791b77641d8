import type { OtherApps } from '../../other-apps/server.ts';
import type { LocalRelay } from '../../relay.ts';
import type { LoggedRequest, Sandbox } from '../../sandbox/index.ts';
import type { Connection, Failure, Runner, RunnerEvent, Zap } from '../../zap-runner/index.ts';
import { createFeed, type Feed } from './feed.ts';
import { createRunStore, type Run, type RunStore } from './runs.ts';
import { createWire, type Wire } from './wire.ts';
import { type BenchZap, createZapStore, type Sample, type ZapStore } from './zaps.ts';

/** Whole Zaps that can be opened, as zaps/ describes them. */
export interface Example {
  name: string;
  title: string;
  who: string;
  zaps: { zap: Zap; startedBy?: { app: string; things: string; when: 'made' | 'changed' | 'either' } }[];
  samples: Sample[];
}

/** What the workbench shows and drives. */
export interface World {
  sandbox: Sandbox;
  /** Null where no database could be started for it. */
  relay: LocalRelay | null;
  runner: Runner;
  otherApps: OtherApps;
  examples: Example[];
  /** The names of the account's own fields, by their ids. */
  fieldNames: Map<string, string>;
}

/** What is set for all Zaps at once. */
export interface Switches {
  /** Every action checks and writes nothing. */
  testMode: boolean;
  /** A run that ended in an error is run again by itself, up to five times. */
  replay: boolean;
  /** Polling Zaps that are on are polled every five seconds. */
  poll: boolean;
}

/** What all parts of the server share. */
export interface Bench {
  /** Where the workbench itself is served. */
  url: string;
  /** @throws Error in words for a person while the parts still start. */
  world(): World;
  /** Whether the parts have started. */
  ready(): boolean;
  feed: Feed;
  wire: Wire;
  zaps: ZapStore;
  runs: RunStore;
  switches: Switches;
  connection: Connection | null;
  /** A sign-in that waits for the browser to come back. */
  signIn: SignIn | null;
  attach(world: World): void;
  exchange(asked: LoggedRequest, answer: string): void;
  event(event: RunnerEvent): void;
  /** Hears every event of the runner. Gives what ends it. */
  onEvent(listener: (event: RunnerEvent) => void): () => void;
  close(): void;
}

interface SignIn {
  comeBack(url: string): void;
  done: Promise<Connection>;
}

const LOOK_EVERY_MS = 150;
const POLL_EVERY_MS = 5000;
const REPLAY_AFTER_MS = 3000;
const MOST_REPLAYS = 5;

/** Puts the parts together, before there is anything to show. */
export function createBench(): Bench {
  const feed = createFeed();
  const zaps = createZapStore();
  const switches: Switches = { testMode: false, replay: false, poll: true };
  const timers = new Set<NodeJS.Timeout>();
  const wire = createWire(feed);
  const listeners = new Set<(event: RunnerEvent) => void>();
  let world: World | null = null;
  let seen: unknown[] = [];

  const replayLater = (run: Run) => {
    if (!switches.replay || run.status !== 'error' || run.replays >= MOST_REPLAYS) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      const live = zaps.byName(run.zap)?.live;
      const task = live?.tasks.find(({ id }) => id === run.id);
      if (!live || !task) return;
      run.replays += 1;
      void live.replay(task);
    }, REPLAY_AFTER_MS);
    timers.add(timer);
  };

  /** Nothing in the sandbox knows of the workbench, so the ends of its logs are looked at. */
  const look = () => {
    if (!world) return;
    const { log, webhooks } = world.sandbox.context;
    const deliveries = webhooks.log();
    const states = deliveries.slice(-50).map(({ state, tries }) => `${state}${tries.length}`);
    const now = [
      log.entries.at(-1),
      deliveries.at(-1),
      world.sandbox.state.opportunities.size,
      states.join(),
    ];
    if (now.every((value, index) => value === seen[index])) return;
    seen = now;
    wire.readWebhooks(world.sandbox);
    feed.tell('boards');
  };

  const poll = async () => {
    if (!switches.poll || !world) return;
    for (const zap of zaps.all()) await pollOnce(zap);
  };
  let polling = Promise.resolve();

  const bench: Bench = {
    url: '',
    world() {
      if (world) return world;
      throw new Error('The sandbox, the relay and the runner are starting. This takes a few seconds.');
    },
    ready: () => world !== null,
    feed,
    wire,
    zaps,
    runs: createRunStore(zaps, feed, replayLater),
    switches,
    connection: null,
    signIn: null,
    attach(given) {
      world = given;
      timers.add(setInterval(look, LOOK_EVERY_MS));
      const beat = () => {
        polling = polling.then(poll);
      };
      timers.add(setInterval(beat, POLL_EVERY_MS));
      feed.tell('boards', 'connection', 'zaps', 'faults', 'wire');
    },
    exchange(asked, answer) {
      wire.exchange(asked, answer);
      if (asked.method !== 'GET') feed.tell('boards');
    },
    onEvent(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    event(event) {
      for (const listener of listeners) listener(event);
      if (world) wire.event(event, world.relay?.url ?? null);
      bench.runs.event(event);
      const failure = 'failure' in event ? event.failure : undefined;
      if (event.type === 'poll' || event.type === 'delivery') setProblem(zaps.byName(event.zap), failure);
      if (event.type === 'turned_on' || event.type === 'turned_off' || event.type === 'held')
        feed.tell('zaps');
      if (event.type === 'stale' || event.type === 'connected') feed.tell('connection');
    },
    close() {
      for (const timer of timers) clearInterval(timer);
      feed.close();
    },
  };

  function setProblem(zap: BenchZap | undefined, failure: Failure | undefined): void {
    if (!zap || (zap.problem === null && !failure)) return;
    zap.problem = failure ?? null;
    feed.tell('zaps');
  }

  return bench;
}

/** Polls a Zap that is on and is polled; what goes wrong is told by the runner's events. */
async function pollOnce({ live, isShared }: BenchZap): Promise<void> {
  if (!live || isShared || live.targetUrl || live.zap.trigger.kind === 'schedule') return;
  // A Zap turned off in this moment is no error.
  await live.poll().catch(() => undefined);
}
