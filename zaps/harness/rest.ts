import type { OtherApps } from '../../local/other-apps/server.ts';
import type { Sandbox } from '../../local/sandbox/index.ts';
import type { LiveZap } from '../../local/zap-runner/index.ts';

/** Everything that work can be under way in. */
export interface Parts {
  apps: OtherApps;
  sandbox: Sandbox;
  relay: { idle(): Promise<void> } | null;
  zaps: readonly LiveZap[];
}

/** Zaps that answer each other for ever are found out by the rounds that they keep each other busy; a story takes a few. */
const MOST_ROUNDS = 50;

/**
 * Resolves once nothing is under way: no event of another app, no webhook, nothing in the relay, no run of a Zap.
 *
 * Each part takes work on before the one that hands it over is done: a webhook is stored before it is acknowledged, and
 * a hook's run is counted before the hook is. So the parts are waited for in the order in which work travels. What the
 * runs themselves set off begins as an event or a webhook; where neither began during a round, nothing is left.
 *
 * @throws Error where the Zaps set each other off for ever
 */
export async function untilRest({ apps, sandbox, relay, zaps }: Parts): Promise<void> {
  const { webhooks } = sandbox;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const [event, webhook] = [apps.posted(), webhooks.log().at(-1)];
    await apps.idle();
    await webhooks.idle();
    await relay?.idle();
    for (const zap of zaps) await zap.idle();
    if (event === apps.posted() && webhook === webhooks.log().at(-1)) return;
  }
  throw new Error('The Zaps do not come to rest: they set each other off.');
}
