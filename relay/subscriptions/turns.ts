/** Lets some of what callers ask for run at once, and serves those that wait one caller after the other. */
export interface Turns {
  /**
   * Runs the work when it is its turn.
   *
   * @throws Busy where too much of this caller's waits, or too much in all
   */
  take<T>(caller: string, work: () => Promise<T>): Promise<T>;
}

export class Busy extends Error {}

interface Bounds {
  /** How much runs at once: in all, and of one caller. */
  atOnce: number;
  atOnceEach: number;
  /** How much may wait: in all, and of one caller. */
  waiting: number;
  waitingEach: number;
}

/** A caller that asks for much waits behind its own questions, and nobody else does. */
export function createTurns({ atOnce, atOnceEach, waiting, waitingEach }: Bounds): Turns {
  const running = new Map<string, number>();
  /** In the order in which the callers are served. */
  const queues = new Map<string, (() => void)[]>();
  let runs = 0;
  let waits = 0;

  function start(): void {
    for (const [caller, queue] of queues) {
      if (runs >= atOnce) return;
      const own = running.get(caller) ?? 0;
      if (own >= atOnceEach) continue;
      const next = queue.shift();
      queues.delete(caller);
      if (queue.length > 0) queues.set(caller, queue);
      running.set(caller, own + 1);
      runs += 1;
      waits -= 1;
      next?.();
    }
  }

  function end(caller: string): void {
    const own = (running.get(caller) ?? 0) - 1;
    if (own > 0) running.set(caller, own);
    else running.delete(caller);
    runs -= 1;
    start();
  }

  return {
    async take(caller, work) {
      const queue = queues.get(caller) ?? [];
      if (queue.length >= waitingEach || waits >= waiting) throw new Busy('too many questions at once');
      await new Promise<void>((go) => {
        queue.push(go);
        queues.set(caller, queue);
        waits += 1;
        start();
      });
      try {
        return await work();
      } finally {
        end(caller);
      }
    },
  };
}
