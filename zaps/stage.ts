import { startDemoRelay } from '../local/demo/relay.ts';
import { signIn } from '../local/demo/scenario.ts';
import { type OtherApps, startOtherApps } from '../local/other-apps/server.ts';
import type {
  Contact,
  Task as HighLevelTask,
  LoggedRequest,
  Note,
  Opportunity,
} from '../local/sandbox/index.ts';
import { type Sandbox, startSandbox } from '../local/sandbox/index.ts';
import {
  createRunner,
  type LiveZap,
  type RunnerEvent,
  type RunnerOptions,
  type Task,
} from '../local/zap-runner/runner.ts';
import { fieldIdsOf, inAccount } from './account.ts';
import type { Story } from './story.ts';

type AppSource = Pick<RunnerOptions, 'app' | 'appPath'>;

/** What a story is played on: HighLevel, Zapier with the story's Zaps on, the other apps, and a relay where it needs one. */
export interface Stage {
  sandbox: Sandbox;
  apps: OtherApps;
  /** Everything that Zapier did so far. */
  events: readonly RunnerEvent[];
  live(zap: string): LiveZap;
  /** Sends a Zap what its trigger's app would send, and waits until everything is quiet. */
  send(zap: string, payload: unknown): Promise<void>;
  poll(zap: string): Promise<void>;
  tick(zap: string): Promise<void>;
  /** Waits until no app, webhook, delivery or run is under way, as they may set each other off. */
  settle(): Promise<void>;
  /** A second passes in HighLevel: nobody makes two changes in the same moment. */
  pause(): void;
  /** The id of one of the account's own fields by its name. */
  field(name: string): string;
  /** What a deal's own field holds. */
  fieldOf(deal: Opportunity, name: string): unknown;
  deals(): Opportunity[];
  contacts(): Contact[];
  notes(): Note[];
  tasks(): HighLevelTask[];
  /** The runs of all Zaps since the last call of `newScene`, or those of one Zap. */
  runs(zap?: string): Task[];
  /** `METHOD /path` of each request to HighLevel that wrote, since then. */
  writes(): string[];
  /** Requests to HighLevel since then. */
  requests(): LoggedRequest[];
  /** Steps that ended in a sentence for a person, since then. */
  complaints(): string[];
  newScene(): void;
  close(): Promise<void>;
}

/**
 * Puts up the stage for a story and turns its Zaps on.
 *
 * @param source the app: built, or as it is in a test
 * @param onEvent is told of all that Zapier does
 */
export async function setStage(
  story: Story,
  source: AppSource,
  onEvent: (event: RunnerEvent) => void = () => undefined,
): Promise<Stage> {
  const { opportunities = 12, stillClock = false } = story.account ?? {};
  const began = Date.now();
  const sandbox = await startSandbox({ opportunities, ...(stillClock ? { now: () => began } : {}) });
  const relay = needsRelay(story) ? await startDemoRelay(sandbox) : null;
  const apps = await startOtherApps(() => sandbox.context.now());
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
    otherApps: apps.url,
    hookPort: relay?.hookPort,
    // Who waits for HighLevel's limit waits on HighLevel's clock, which passes at once.
    sleep: async (ms) => {
      sandbox.moveClock({ by: ms });
    },
    onEvent: (event) => {
      events.push(event);
      onEvent(event);
    },
  });
  const connection = await runner.connect({ browse: signIn(sandbox), fields: { login_host: 'gohighlevel' } });
  const fields = fieldIdsOf(sandbox.seeded);
  const zaps = new Map<string, LiveZap>();
  for (const { zap, startedBy } of story.zaps) {
    const live = await runner.turnOn(inAccount(zap, fields), connection);
    zaps.set(zap.name, live);
    if (startedBy) apps.subscribe(startedBy.app, startedBy.things, startedBy.when, live.targetUrl ?? '');
  }
  let since = { requests: 0, events: 0 };
  const { webhooks, log } = sandbox.context;

  const live = (name: string) => zaps.get(name) ?? fail(`No Zap "${name}" is on.`);
  const field = (name: string) => fields.get(name) ?? fail(`There is no field "${name}".`);
  const allRuns = () => [...zaps.values()].flatMap(({ tasks }) => tasks);
  const seen = new Set<Task>();

  async function settle(): Promise<void> {
    const moves = () => events.length + apps.calls().length + webhooks.log().length + log.entries.length;
    const end = Date.now() + REST_WITHIN_MS;
    for (let before = -1; before !== moves(); ) {
      if (Date.now() > end) throw new Error('The Zaps do not come to rest: they set each other off.');
      before = moves();
      await apps.idle();
      await webhooks.idle();
      if (relay) await quiet(relay.url);
      for (const zap of zaps.values()) await zap.idle();
    }
  }

  return {
    sandbox,
    apps,
    events,
    live,
    async send(zap, payload) {
      await live(zap).deliver(payload);
      await settle();
    },
    async poll(zap) {
      await live(zap).poll();
      await settle();
    },
    async tick(zap) {
      await live(zap).tick();
      await settle();
    },
    settle,
    pause: () => {
      sandbox.moveClock({ by: 1_000 });
    },
    field,
    fieldOf: (deal, name) => deal.customFields.find(({ id }) => id === field(name))?.value,
    deals: () => [...sandbox.state.opportunities.values()].filter(isHere),
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
    complaints: () =>
      events
        .slice(since.events)
        .flatMap((event) => (event.type === 'step' && event.failure ? [event.failure.message] : [])),
    newScene() {
      for (const task of allRuns()) seen.add(task);
      since = { requests: log.entries.length, events: events.length };
    },
    async close() {
      await runner.close();
      await relay?.close();
      await apps.close();
      await sandbox.close();
    },
  };

  function isHere({ locationId }: { locationId: string }): boolean {
    return locationId === sandbox.locationId;
  }
}

/** What Zaps set off is done in a second or two; only those that answer each other for ever take longer. */
const REST_WITHIN_MS = 30_000;

/** Instant triggers alone need one, and it takes seconds to start. */
function needsRelay({ zaps }: Story): boolean {
  return zaps.some(({ zap: { trigger } }) => 'key' in trigger && trigger.key.endsWith('_instant'));
}

/** Resolves once the relay has nothing left to process or to deliver. */
async function quiet(url: string): Promise<void> {
  for (const end = Date.now() + REST_WITHIN_MS; Date.now() < end; ) {
    const levels = await (await fetch(`${url}/metrics`)).text();
    const backlog = (name: string) =>
      Number(levels.match(new RegExp(`^relay_${name}_backlog (.*)$`, 'm'))?.[1]);
    if (backlog('inbox') === 0 && backlog('deliveries') === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('The relay did not come to rest.');
}

function fail(message: string): never {
  throw new Error(message);
}
