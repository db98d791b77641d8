import { randomUUID } from 'node:crypto';
import { type Fields, findOperation } from '../app/definition.ts';
import type { Host } from '../app/host.ts';
import { testConnection } from '../connection/connect.ts';
import type { Connection } from '../connection/connection.ts';
import { heldTask, runTask, type Task } from '../steps/task.ts';
import type { HookServer } from '../triggers/hook-server.ts';
import { catchHooks, type LostHook, type Subscription, subscribe } from '../triggers/hooks.ts';
import { FLOOD_LIMIT, type Poller, startPolling } from '../triggers/polling.ts';
import { autoreplay } from './autoreplay.ts';
import { checkFits } from './check.ts';
import { createRunContext, type RunContext } from './context.ts';
import type { Zap } from './zap.ts';

/** A Zap that is on. */
export type LiveZap = {
  readonly zap: Zap;
  /** Where hooks for this Zap go; undefined for a polling trigger. */
  readonly targetUrl: string | undefined;
  /** What performSubscribe returned; undefined for a polling trigger. */
  readonly subscribeData: Fields | undefined;
  /** Every task that ran, in the order that they began. */
  readonly tasks: Task[];
  /** Hooks whose perform failed: their rows are gone, as Zapier does not run it again [docs]. */
  readonly lost: LostHook[];
  /** Tasks that wait for release(): flood protection, or a stale connection. */
  readonly held: Task[];
  /** Polls once and runs what is new; resolves with the tasks that ran. @throws Error for a hook trigger. */
  poll: () => Promise<Task[]>;
  /** Lets a schedule strike once; resolves with the task. @throws Error for any other trigger. */
  tick: () => Promise<Task[]>;
  /** Goes on with a task from the step that ended it, as a person may from the Zap's history [docs]. */
  replay: (task: Task) => Promise<Task[]>;
  /** Runs all steps anew for the row of a task, as another task: "replay entire Zap run" in the history [docs]. */
  rerun: (task: Task) => Promise<Task[]>;
  /** Sends a hook to the Zap's own URL, as the app's server would. Resolves once it is run; gives the HTTP status. */
  deliver: (body: unknown, headers?: Record<string, string>) => Promise<number>;
  /** Resolves once all hooks received so far are run, and what autoreplay has scheduled. */
  idle: () => Promise<void>;
  /** Runs what is held, oldest first, as a person may from the Zap's history. */
  release: () => Promise<Task[]>;
  /** Turns the Zap off: unsubscribes, and forgets what it has seen. */
  turnOff: () => Promise<void>;
};

/**
 * Turns a Zap on: tests the connection, then populates the dedupe table or subscribes the hook [docs].
 * @throws ZapFailure where the app refuses; the Zap is then off. @throws Error for a Zap that does not fit the app.
 */
export async function turnOn(
  host: Host,
  hooks: HookServer,
  zap: Zap,
  connection: Connection,
): Promise<LiveZap> {
  checkFits(host, zap);
  const context = createRunContext(host, zap, connection, randomUUID());
  const tasks: Task[] = [];
  const held: Task[] = [];
  const replays = new Set<Promise<void>>();
  let on = true;

  const run = async (started: Task[]): Promise<Task[]> => {
    for (const task of started) {
      if (!tasks.includes(task)) tasks.push(task);
      await runTask(context, task);
      const replayed = autoreplay(context, task, () => on);
      replays.add(replayed);
      // What the runner itself throws stays in the set, for idle() to throw.
      replayed.then(() => replays.delete(replayed)).catch(() => undefined);
      if (task.status === 'held') {
        held.push(task);
        host.emit({ type: 'held', zap: zap.name, count: 1, reason: task.failure?.message ?? '' });
      }
    }
    return started;
  };

  const started = await start(context, hooks, async (rows) => {
    await run(rows.map(heldTask));
  });
  const { poller, subscription } = started;

  return {
    zap,
    targetUrl: subscription?.targetUrl,
    subscribeData: subscription?.subscribeData,
    tasks,
    lost: subscription?.lost ?? [],
    held,
    async poll() {
      if (!poller) throw new Error(`"${zap.name}" is not polled.`);
      if (!on) throw new Error(`"${zap.name}" is off.`);
      const fresh = (await poller.poll()).map(heldTask);
      if (fresh.length <= FLOOD_LIMIT) return run(fresh);
      held.push(...fresh);
      const reason = `More than ${FLOOD_LIMIT} new rows in one poll.`;
      host.emit({ type: 'held', zap: zap.name, count: fresh.length, reason });
      return [];
    },
    async tick() {
      if (zap.trigger.kind !== 'schedule') throw new Error(`"${zap.name}" has no schedule.`);
      if (!on) throw new Error(`"${zap.name}" is off.`);
      // Of the fields that Schedule by Zapier gives, the one that Zaps here use [assumed].
      return run([heldTask({ id: new Date(host.now()).toISOString() })]);
    },
    replay: (task) => run([task]),
    rerun: (task) => run([heldTask(task.trigger)]),
    async deliver(body, headers = {}) {
      if (!subscription) throw new Error(`"${zap.name}" takes no hooks.`);
      const response = await fetch(subscription.targetUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
      await response.arrayBuffer();
      await subscription.idle();
      return response.status;
    },
    async idle() {
      await subscription?.idle();
      while (replays.size > 0) await Promise.all(replays);
    },
    async release() {
      const waiting = held.splice(0);
      host.emit({ type: 'released', zap: zap.name, count: waiting.length });
      return run(waiting);
    },
    async turnOff() {
      if (!on) return;
      on = false;
      const stopped = (await subscription?.stop()) ?? { requests: 0, ms: 0 };
      host.emit({ type: 'turned_off', zap: zap.name, ...stopped });
    },
  };
}

async function start(
  context: RunContext,
  hooks: HookServer,
  receive: (rows: Fields[]) => Promise<void>,
): Promise<{ poller?: Poller; subscription?: Subscription }> {
  const { host, zap, connection } = context;
  const cost = { requests: 0, ms: 0 };
  const add = (spent: { requests: number; ms: number }) => {
    cost.requests += spent.requests;
    cost.ms += spent.ms;
  };
  if (host.definition.authentication) add(await testConnection(host, connection));
  const head = { type: 'turned_on', zap: zap.name } as const;
  const { trigger } = zap;
  if (trigger.kind === 'schedule') {
    host.emit({ ...head, how: 'schedule', remembered: 0, ...cost });
    return {};
  }
  if (trigger.kind === 'other') {
    host.emit({ ...head, how: 'hook', remembered: 0, ...cost });
    return { subscription: catchHooks(context, hooks, receive) };
  }
  if (findOperation(host.definition, 'trigger', trigger.key).type === 'hook') {
    const subscription = await subscribe(context, hooks, receive);
    add(subscription.subscribed);
    host.emit({ ...head, how: 'hook', remembered: 0, ...cost });
    return { subscription };
  }
  const poller = await startPolling(context);
  add(poller.first);
  host.emit({ ...head, how: 'polling', remembered: poller.remembered(), ...cost });
  return { poller };
}
