import type { PostResult } from './post.ts';

/**
 * `any-failure`: every non-2xx, timeout and failed connection is sent again, up to 12 times after the first, by
 * the vendor's newer guide. `only-429`: nothing but 429 is, 6 times, by its older pages. [docs; conflict]
 */
export type RetryPolicy = 'any-failure' | 'only-429';

/** How deliveries are tried again. */
export interface RetryRules {
  policy: RetryPolicy;
  /** How often after the first try. */
  retries: number;
  /** How long to wait before the `retry`-th retry, counted from 1, in ms. */
  waitMs(retry: number): number;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/**
 * The rules of a policy. The newer guide says "exponential backoff with jitter, seconds to minutes" without
 * figures: doubling from 2 s up to 5 min is [assumed]. The older pages say about 10 min and jitter [docs].
 */
export function retryRules(policy: RetryPolicy): RetryRules {
  const jitter = (): number => 0.75 + Math.random() * 0.5;
  return policy === 'only-429'
    ? { policy, retries: 6, waitMs: () => 10 * MINUTE * jitter() }
    : {
        policy,
        retries: 12,
        waitMs: (retry) => Math.min(2 * SECOND * 2 ** (retry - 1), 5 * MINUTE) * jitter(),
      };
}

/** Whether a try ended so that the policy sends again. */
export function deservesRetry(policy: RetryPolicy, result: PostResult): boolean {
  if (policy === 'only-429') return result.status === 429;
  return !wasAccepted(result);
}

/** Whether a try ended with a 2xx. */
export function wasAccepted(result: PostResult): boolean {
  return result.status !== null && result.status >= 200 && result.status < 300;
}
