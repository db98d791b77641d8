/** A sleep that can be cut short. */
export interface Signal {
  /** Ends the sleep, or the next one if nobody sleeps. */
  wake(): void;
  /** Sleeps until woken, and no longer than `ms`. One sleeper at a time. */
  wait(ms: number): Promise<void>;
}

export function createSignal(): Signal {
  let woken = false;
  let rise: (() => void) | null = null;
  return {
    wake() {
      woken = true;
      rise?.();
    },
    async wait(ms) {
      if (!woken) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          rise = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      rise = null;
      woken = false;
    },
  };
}
