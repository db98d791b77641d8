/** How many deliveries of each Zap are under way in this process. */
export interface Concurrency {
  /** A delivery of a Zap's queue begins; the function returned is called when it ends. */
  begin(queueId: string): () => void;
  /** How many more may begin, of the queues that have some under way, and none of the paused ones. */
  free(paused: readonly string[]): Map<string, number>;
}

/** @param limit how many of one queue may be under way at once */
export function createConcurrency(limit: number): Concurrency {
  const running = new Map<string, number>();
  return {
    begin(id) {
      running.set(id, (running.get(id) ?? 0) + 1);
      return () => {
        const still = (running.get(id) ?? 0) - 1;
        if (still > 0) running.set(id, still);
        else running.delete(id);
      };
    },
    free(paused) {
      const free = new Map([...running].map(([id, count]) => [id, Math.max(limit - count, 0)]));
      for (const id of paused) free.set(id, 0);
      return free;
    },
  };
}
