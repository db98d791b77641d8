/**
 * Sends signed webhooks, as a process of its own.
 *
 *   node tools/relay/load.ts '{"urls": […], "count": 6000, "rate": null, "privateKey": "<PEM>", …}'
 *
 * It prints `{perSecond, p50, p99}` of the acknowledgements, the latter in ms.
 */

import { createPrivateKey, randomUUID, sign } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'undici';

/** What is to be sent, and where. */
export interface Load {
  /** Called in turns. */
  urls: string[];
  path: string;
  count: number;
  /** Webhooks a second; null for as many as come through with `AT_ONCE` under way. */
  rate: number | null;
  privateKey: string;
  locationId: string;
  /** Over so many pipelines: each is another Zap's. */
  zaps: number;
}

const AT_ONCE = 64;

async function run({ urls, path, count, rate, privateKey, locationId, zaps }: Load): Promise<void> {
  const key = createPrivateKey(privateKey);
  const pools = urls.map((url) => new Pool(url, { connections: AT_ONCE }));
  const waits: number[] = [];
  // Made and signed beforehand where the pace is not set: the load should cost the machine little.
  const made = rate === null ? Array.from({ length: count }, (_, index) => webhook(index)) : [];

  function webhook(index: number): { body: Buffer; signature: string } {
    const body = Buffer.from(
      JSON.stringify({
        type: 'OpportunityCreate',
        locationId,
        id: randomUUID().replaceAll('-', '').slice(0, 20),
        name: 'An opportunity of ordinary length',
        contactId: 'mTkSCb1UBjb5tk4OvB69',
        pipelineId: `pipeline${index % zaps}`,
        pipelineStageId: 'e93ba61a-53b3-45e7-985a-c7732dbcdb69',
        status: 'open',
        monetaryValue: 1200,
        assignedTo: null,
        dateAdded: new Date().toISOString(),
        timestamp: new Date().toISOString(),
        webhookId: randomUUID(),
      }),
    );
    return { body, signature: sign(null, body, key).toString('base64') };
  }

  async function send(index: number): Promise<void> {
    const { body, signature } = made[index] ?? webhook(index);
    const headers = { 'content-type': 'application/json', 'x-ghl-signature': signature };
    for (let tries = 0; ; tries++) {
      const asked = performance.now();
      const pool = pools[(index + tries) % pools.length];
      if (!pool) throw new Error('There is no address to send to.');
      const answer = await pool.request({ method: 'POST', path, headers, body });
      await answer.body.dump();
      if (answer.statusCode === 200) {
        waits.push(performance.now() - asked);
        return;
      }
      await pause(50);
    }
  }

  const began = performance.now();
  if (rate === null) {
    let next = 0;
    const sender = async () => {
      while (next < count) await send(next++);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, sender));
  } else {
    const sent: Promise<void>[] = [];
    for (let index = 0; index < count; index++) {
      const due = began + (index * 1000) / rate;
      if (due > performance.now()) await pause(due - performance.now());
      sent.push(send(index));
    }
    await Promise.all(sent);
  }
  const seconds = (performance.now() - began) / 1000;
  waits.sort((a, b) => a - b);
  const at = (share: number) => waits[Math.floor(waits.length * share)] ?? 0;
  console.log(JSON.stringify({ perSecond: count / seconds, p50: at(0.5), p99: at(0.99) }));
  await Promise.all(pools.map((pool) => pool.close()));
}

if (import.meta.main) await run(JSON.parse(process.argv[2] ?? '{}') as Load);
