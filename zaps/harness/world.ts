import { WAYS, type Way } from '../../local/demo/connecting.ts';
import { type OtherApps, startOtherApps } from '../../local/other-apps/server.ts';
import { startLocalRelay } from '../../local/relay.ts';
import type {
  Contact,
  Task as HighLevelTask,
  LoggedRequest,
  Note,
  Opportunity,
} from '../../local/sandbox/index.ts';
import { type Sandbox, startSandbox } from '../../local/sandbox/index.ts';
import {
  createRunner,
  type LiveZap,
  type RunnerEvent,
  type RunnerOptions,
  type Task,
} from '../../local/zap-runner/index.ts';
import { fieldIdsOf, inAccount } from './account.ts';
import { untilRest } from './rest.ts';
import type { StoryZap } from './zap.ts';

type AppSource = Pick<RunnerOptions, 'app' | 'appPath'>;

/** The sandbox's account. */
export interface Account {
  /** 12 unless given. */
  opportunities?: number;
  /** No time passes in HighLevel but what is waited out. */
  stillClock?: boolean;
}

/** What a story is played in: HighLevel, Zapier with the story's Zaps on, the other apps, and a relay where it needs one. */
export interface World {
  sandbox: Sandbox;
  apps: OtherApps;
  /** Everything that Zapier did so far. */
  events: readonly RunnerEvent[];
  live(zap: string): LiveZap;
  /** Sends a Zap what its trigger's app would send, and waits for rest. */
  send(zap: string, payload: unknown): Promise<void>;
  poll(zap: string): Promise<void>;
  tick(zap: string): Promise<void>;
  /** Waits until nothing is under way: see rest.ts. */
  rest(): Promise<void>;
  /** A second passes in HighLevel: nobody makes two changes in the same moment. */
  pause(): void;
  /** The id of one of the account's own fields by its name. */
  field(name: string): string;
  /** What an opportunity's own field holds. */
  fieldOf(opportunity: Opportunity, name: string): unknown;
  opportunities(): Opportunity[];
  contacts(): Contact[];
  notes(): Note[];
  tasks(): HighLevelTask[];
  /** The runs of all Zaps since the last call of `newScene`, or those of one Zap. */
  runs(zap?: string): Task[];
  /** `METHOD /path` of each request to HighLevel that wrote, since then. */
  writes(): string[];
  /** Requests to HighLevel since then. */
  requests(): LoggedRequest[];
  /** The messages of steps that failed or were halted, and of hooks that were lost, since then. */
  failures(): string[];
  newScene(): void;
  /** Which runs are replayed by themselves. */
  autoreplay: NonNullable<RunnerOptions['autoreplay']>;
  close(): Promise<void>;
}

/** What a person's account on Zapier is set to, and how to stop. */
export interface WorldOptions {
  /** IANA zone of the Zaps; Zapier's own unless given. */
  timezone?: string | undefined;
  /** How HighLevel is connected, which is what the build of the app takes; by its sign-in unless given. */
  connect?: Way['connect'] | undefined;
  /** Which runs are replayed by themselves; none unless given. */
  autoreplay?: RunnerOptions['autoreplay'];
  /** Is told of all that Zapier does. */
  onEvent?: (event: RunnerEvent) => void;
  /** Closes the world. */
  signal?: AbortSignal | undefined;
}

/**
 * Starts the world of a story and turns its Zaps on.
 *
 * @param source the app: built, or as it is in a test
 */
export async function startWorld(
  story: { zaps: StoryZap[]; account?: Account | undefined },
  source: AppSource,
  options: WorldOptions = {},
): Promise<World> {
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const end of closers.splice(0).reverse()) await end();
  };
  options.signal?.addEventListener('abort', () => void close());
  try {
    return await openWorld(story, source, options, closers, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function openWorld(
  { zaps: storyZaps, account = {} }: { zaps: StoryZap[]; account?: Account | undefined },
  source: AppSource,
  { timezone, connect = WAYS.oauth.connect, autoreplay = 'off', onEvent, signal }: WorldOptions,
  closers: (() => Promise<void>)[],
  close: () => Promise<void>,
): Promise<World> {
  const { opportunities = 12, stillClock = false } = account;
  const began = Date.now();
  const sandbox = await startSandbox({ opportunities, ...(stillClock ? { now: () => began } : {}) });
  closers.push(sandbox.close);
  const relay = needsRelay(storyZaps) ? await startLocalRelay(sandbox, signal) : null;
  if (relay) closers.push(relay.close);
  const apps = await startOtherApps(() => sandbox.context.now());
  closers.push(apps.close);
  const events: RunnerEvent[] = [];
  const runner = await createRunner({
    ...(source as { appPath: string }),
    environment: {
      HIGHLEVEL_API_URL: sandbox.url,
      HIGHLEVEL_MARKETPLACE_URL: sandbox.url,
      CLIENT_ID: sandbox.clientId,
      CLIENT_SECRET: sandbox.clientSecret,
      RELAY_URL: relay?.url ?? '',
    },
    fileOriginsIn: 'FILE_ORIGINS',
    otherApps: apps.url,
    autoreplay,
    ...(relay ? { hookPort: relay.hookPort } : {}),
    ...(timezone ? { timezone } : {}),
    // Who waits for HighLevel's limit, or for a replay, waits on HighLevel's clock, which passes at once.
    sleep: async (ms) => {
      sandbox.moveClock({ by: ms });
    },
    onEvent: (event) => {
      events.push(event);
      onEvent?.(event);
    },
  });
  closers.push(runner.close);
  const connection = await runner.connect(connect(sandbox));
  const fields = fieldIdsOf(sandbox.seeded);
  const zaps = new Map<string, LiveZap>();
  for (const { zap, startedBy } of storyZaps) {
    const live = await runner.turnOn(inAccount(zap, fields), connection);
    zaps.set(zap.name, live);
    if (startedBy) apps.subscribe(startedBy.app, startedBy.things, startedBy.when, live.targetUrl ?? '');
  }
  let since = { requests: 0, events: 0 };
  const { log } = sandbox.context;

  const live = (name: string) => zaps.get(name) ?? fail(`No Zap "${name}" is on.`);
  const field = (name: string) => fields.get(name) ?? fail(`There is no field "${name}".`);
  const allRuns = () => [...zaps.values()].flatMap(({ tasks }) => tasks);
  const seen = new Set<Task>();

  const rest = () => untilRest({ apps, sandbox, relay, zaps: [...zaps.values()] });

  return {
    sandbox,
    autoreplay,
    apps,
    events,
    live,
    async send(zap, payload) {
      await live(zap).deliver(payload);
      await rest();
    },
    async poll(zap) {
      await live(zap).poll();
      await rest();
    },
    async tick(zap) {
      await live(zap).tick();
      await rest();
    },
    rest,
    pause: () => {
      sandbox.moveClock({ by: 1_000 });
    },
    field,
    fieldOf: (opportunity, name) => opportunity.customFields.find(({ id }) => id === field(name))?.value,
    opportunities: () => [...sandbox.state.opportunities.values()].filter(isHere),
    contacts: () => [...sandbox.state.contacts.values()].filter(isHere),
    notes: () => [...sandbox.state.notes.values()].filter(isHere),
    tasks: () => [...sandbox.state.tasks.values()].filter(isHere),
    runs: (zap) => (zap ? live(zap).tasks : allRuns()).filter((task) => !seen.has(task)),
    requests: () => log.entries.slice(since.requests),
    writes: () =>
      log.entries
        .slice(since.requests)
        .filter(({ method, path }) => method !== 'GET' && !path.endsWith('/search'))
        .map(({ method, path }) => `${method} ${path}`),
    failures: () =>
      events
        .slice(since.events)
        .flatMap((event) =>
          (event.type === 'step' || event.type === 'delivery') && event.failure
            ? [event.failure.message]
            : [],
        ),
    newScene() {
      for (const task of allRuns()) seen.add(task);
      since = { requests: log.entries.length, events: events.length };
    },
    close,
  };

  function isHere({ locationId }: { locationId: string }): boolean {
    return locationId === sandbox.locationId;
  }
}

/** Whether Zaps need a relay: for instant triggers alone, and it takes seconds to start. */
export function needsRelay(zaps: StoryZap[]): boolean {
  return zaps.some(({ zap: { trigger } }) => 'key' in trigger && trigger.key.endsWith('_instant'));
}

function fail(message: string): never {
  throw new Error(message);
}
