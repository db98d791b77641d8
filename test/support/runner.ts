import App from '../../index.ts';
import { signIn } from '../../local/demo/scenario.ts';
import type { Sandbox } from '../../local/sandbox/index.ts';
import {
  type Connection,
  createRunner,
  type Runner,
  type RunnerEvent,
} from '../../local/zap-runner/index.ts';

export interface Running {
  runner: Runner;
  connection: Connection;
  /** How each poll so far ended. */
  polls(): Extract<RunnerEvent, { type: 'poll' }>[];
}

/**
 * What stands around the app on Zapier, dedupe table and cache included, connected to a sandbox by its consent page.
 *
 * @param now the clock of the cache's ttl, in ms since the epoch; the machine's if absent
 */
export async function startRunner(sandbox: Sandbox, now?: () => number): Promise<Running> {
  const events: RunnerEvent[] = [];
  const runner = await createRunner({
    app: App,
    environment: {
      HIGHLEVEL_API_URL: sandbox.url,
      HIGHLEVEL_MARKETPLACE_URL: sandbox.url,
      CLIENT_ID: sandbox.clientId,
      CLIENT_SECRET: sandbox.clientSecret,
    },
    onEvent: (event) => events.push(event),
    ...(now ? { now } : {}),
  });
  const connection = await runner.connect({ browse: signIn(sandbox), fields: { login_host: 'gohighlevel' } });
  return { runner, connection, polls: () => events.filter((event) => event.type === 'poll') };
}
