import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import {
  type Connection,
  createRunner,
  type Fields,
  type OperationKind,
  type Reply,
  type Runner,
  type RunnerEvent,
  type Zap,
} from '../../../local/zap-runner/index.ts';
import { ROOT } from '../../release/layout.ts';

type PollEvent = Extract<RunnerEvent, { type: 'poll' }>;

/** An account of a given size in a sandbox of its own process, so that memory and time here are the app's. */
export interface BenchAccount {
  runner: Runner;
  connection: Connection;
  /** Runs an operation. */
  call(kind: OperationKind, key: string, input: Fields, more?: object): Promise<Reply>;
  /** Turns a Zap on that has one trigger, and gives what its polls found and cost. */
  poll(zap: Zap): Promise<{ poll(): Promise<{ rows: number; fresh: number; requests: number }> }>;
  /** The sandbox's control routes: `control('PATCH', '/opportunities/ID', {…})`. */
  control<T>(method: string, path: string, body?: object): Promise<T>;
  close(): Promise<void>;
}

interface Started {
  url: string;
  clientId: string;
  clientSecret: string;
  privateToken: string;
  locationId: string;
}

/**
 * Opens an account with this many opportunities and connects the built app to it.
 *
 * @throws Error where the sandbox does not start
 */
export async function openAccount(opportunities: number): Promise<BenchAccount> {
  const child = spawn(
    process.execPath,
    [join(ROOT, 'local/sandbox/main.ts'), '--port', '0', '--opportunities', String(opportunities)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const sandbox = await started(child);
  const control = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const answer = await fetch(`${sandbox.url}/_sandbox${path}`, {
      method,
      ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
    });
    if (!answer.ok)
      throw new Error(`${method} /_sandbox${path} answered ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as T;
  };
  // What a job costs is counted; HighLevel's own limit would only make it wait.
  await control('POST', '/settings', {
    rateLimit: { max: 1_000_000, intervalMs: 10_000, daily: 1_000_000 },
  });
  let polled: PollEvent | null = null;
  const runner = await createRunner({
    appPath: join(ROOT, 'dist/index.private-token.js'),
    environment: { HIGHLEVEL_API_URL: sandbox.url },
    onEvent: (event) => {
      if (event.type === 'poll') polled = event;
    },
  });
  const connection = await runner.connect({
    fields: { access_token: sandbox.privateToken, locationId: sandbox.locationId },
  });
  return {
    runner,
    connection,
    call: (kind, key, input, more) => runner.call(kind, key, input, connection, more),
    async poll(zap) {
      const live = await runner.turnOn(zap, connection);
      return {
        async poll() {
          await live.poll();
          if (!polled) throw new Error('The trigger was not polled.');
          return polled;
        },
      };
    },
    control,
    async close() {
      await runner.close();
      child.kill();
      await once(child, 'exit');
    },
  };
}

async function started(child: ChildProcess): Promise<Started> {
  if (!child.stdout) throw new Error('The sandbox has no output.');
  for await (const line of createInterface({ input: child.stdout })) return JSON.parse(line) as Started;
  throw new Error('The sandbox ended before it had started.');
}
