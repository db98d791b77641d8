/** When HighLevel stops sending to a URL that fails too much [docs: the circuit breaker]. */
export interface BreakerRules {
  /** How long results are counted before they are judged, in ms of the sandbox's clock. */
  windowMs: number;
  /** Fewer webhooks than this in a window are not judged. */
  minimum: number;
  /** The share of successes below which a window is bad, 0 to 1. */
  share: number;
}

/** About three days, more than 10,000 webhooks, under 90 % success [docs]. */
export const BREAKER_RULES: BreakerRules = { windowMs: 3 * 86_400_000, minimum: 10_000, share: 0.9 };

export interface Breaker {
  /** Counts one webhook's outcome. */
  record(succeeded: boolean): void;
  isPaused(): boolean;
  pause(): void;
  /** Switches sending on again and forgets what was counted, as the button in the portal does [docs]. */
  resume(): void;
}

/**
 * The first bad window is a warning by email, the second pauses the URL until a person switches it on again [docs].
 * That a good window in between takes the warning back is [assumed].
 *
 * @param now the sandbox's clock, in ms.
 */
export function breaker(now: () => number, rules: BreakerRules = BREAKER_RULES): Breaker {
  let since = now();
  let sent = 0;
  let succeeded = 0;
  let warned = false;
  let paused = false;

  function begin(): void {
    since = now();
    sent = 0;
    succeeded = 0;
  }

  return {
    record(success) {
      sent += 1;
      if (success) succeeded += 1;
      if (now() - since < rules.windowMs) return;
      const bad = sent > rules.minimum && succeeded / sent < rules.share;
      if (bad && warned) paused = true;
      warned = bad;
      begin();
    },
    isPaused: () => paused,
    pause() {
      paused = true;
    },
    resume() {
      paused = false;
      warned = false;
      begin();
    },
  };
}
