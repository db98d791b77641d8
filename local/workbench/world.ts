import { startOtherApps } from '../other-apps/server.ts';
import { startLocalRelay } from '../relay.ts';
import { startSandbox } from '../sandbox/index.ts';
import { createRunner } from '../zap-runner/index.ts';
import type { Example, Workbench, World } from './workbench.ts';

export interface WorldOptions {
  /** The built entry of the app. */
  appPath: string;
  /** How many opportunities the account holds at first. Default 60. */
  opportunities?: number;
  /** Whole Zaps to open, as they would be built in this account. */
  examples?: (sandbox: World['sandbox']) => Example[];
}

/**
 * Starts a HighLevel, a relay, other apps and a Zapier for a workbench, and shows them there.
 *
 * @returns the parts, and how to end them all
 */
export async function openWorld(
  workbench: Workbench,
  { appPath, opportunities = 60, examples = () => [] }: WorldOptions,
): Promise<World & { close(): Promise<void> }> {
  const sandbox = await startSandbox({ opportunities, onExchange: workbench.exchange });
  const relay = await startLocalRelay(sandbox);
  const otherApps = await startOtherApps(() => sandbox.context.now());
  const runner = await createRunner({
    appPath,
    environment: {
      HIGHLEVEL_API_URL: sandbox.url,
      HIGHLEVEL_MARKETPLACE_URL: sandbox.url,
      CLIENT_ID: sandbox.clientId,
      CLIENT_SECRET: sandbox.clientSecret,
      RELAY_URL: relay.url,
    },
    hookPort: relay.hookPort,
    fileOriginsIn: 'FILE_ORIGINS',
    otherApps: otherApps.url,
    onEvent: workbench.event,
  });
  const fieldNames = new Map([...sandbox.state.customFields.values()].map(({ id, name }) => [id, name]));
  const world = { sandbox, relay, otherApps, runner, examples: examples(sandbox), fieldNames };
  workbench.attach(world);
  return {
    ...world,
    async close() {
      await runner.close();
      await otherApps.close();
      await relay.close();
      await sandbox.close();
    },
  };
}
