/** A sandbox whose rate limit no test meets; the limit has tests of its own. */
export const AMPLE = { rateLimit: { max: 100_000, intervalMs: 10_000, daily: 2_000_000 } };
