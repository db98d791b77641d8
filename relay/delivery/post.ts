import { Agent, errors } from 'undici';
import type { DeliveryJob } from './job.ts';

/** What came of one try. */
export type Outcome =
  | { kind: 'accepted'; status: number }
  /** 410: the target wants nothing more, ever. */
  | { kind: 'gone'; status: number }
  /** 429 or 503: not now. */
  | { kind: 'busy'; status: number; retryAfter: string | undefined }
  | { kind: 'failed'; status: number | null; why: string };

export interface Poster {
  /** Never throws. */
  post(targetUrl: string, body: DeliveryJob['body']): Promise<Outcome>;
  /** Cuts what is under way. */
  close(): Promise<void>;
}

const CONNECT_MS = 5_000;
/** An answer is read no further: what a target has to say is in its status. */
const MOST_READ_BYTES = 64 * 1024;

/**
 * Posts to hooks over connections that are kept. Redirects are not followed: a hook that sends elsewhere has failed,
 * or an allowed host could be used to reach a forbidden one.
 *
 * @param timeoutMs for one try in all
 * @param connections how many to one host at once: all Zaps of Zapier share one, so this is not to be the bottleneck
 */
export function createPoster(timeoutMs: number, connections: number): Poster {
  const agent = new Agent({
    connections,
    pipelining: 1,
    connect: { timeout: Math.min(CONNECT_MS, timeoutMs) },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });
  return {
    async post(targetUrl, body) {
      const { origin, pathname, search } = new URL(targetUrl);
      try {
        const answer = await agent.request({
          origin,
          path: `${pathname}${search}`,
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            'user-agent': 'highlevel-relay',
            // One name each: HTTP's own draft, and that of the Standard Webhooks.
            'idempotency-key': body.id,
            'webhook-id': body.id,
          },
          body: JSON.stringify(body),
          signal: AbortSignal.timeout(timeoutMs),
        });
        await answer.body.dump({ limit: MOST_READ_BYTES }).catch(() => undefined);
        return judge(answer.statusCode, answer.headers['retry-after']);
      } catch (error) {
        return { kind: 'failed', status: null, why: reason(error, timeoutMs) };
      }
    },
    close: () => agent.destroy(),
  };
}

function judge(status: number, retryAfter: string | string[] | undefined): Outcome {
  if (status >= 200 && status < 300) return { kind: 'accepted', status };
  if (status === 410) return { kind: 'gone', status };
  const header = Array.isArray(retryAfter) ? retryAfter[0] : retryAfter;
  if (status === 429 || (status === 503 && header)) return { kind: 'busy', status, retryAfter: header };
  return { kind: 'failed', status, why: `status ${status}` };
}

/** In words without the target's address, which is a secret. */
function reason(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return 'no answer';
  if (error.name === 'TimeoutError' || error instanceof errors.HeadersTimeoutError) {
    return `no answer within ${timeoutMs / 1000} s`;
  }
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? `no connection (${code})` : `no answer (${error.name})`;
}
