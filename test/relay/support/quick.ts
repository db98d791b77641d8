import type { OutboundOptions } from '../../../relay/outbound.ts';

/** Quick enough for tests, in the proportions of the real one. */
export const QUICK: Partial<OutboundOptions> = {
  schedule: {
    waits: [20, 40, 80],
    jitter: 0.2,
    giveUpMs: 60_000,
    leastPauseMs: 100,
    mostPauseMs: 2_000,
    firstRestMs: 10,
    lastRestMs: 50,
  },
  timeoutMs: 400,
  pollMs: 20,
  expireMs: 2_000,
};
