/** How many deliveries of each Zap are under way in this process, and of which some were left waiting for that. */
export interface Concurrency {
  /** How many more may begin, of the queues that have some under way, and none of the paused ones. */
  free(paused: readonly string[]): Map<string, number>;
  /**
   * Notes what a look at the queue has taken, with what was free before it.
   *
   * @returns whether of one Zap as many were taken as might be, so that the look may have seen no others
   */
  took(queueIds: readonly string[], free: ReadonlyMap<string, number>): boolean;
  /** A delivery of a Zap's queue begins; the function returned is called when it ends. */
  begin(queueId: string): () => void;
  /** Whether some of this queue may have been left waiting. It is said once for each look that left some. */
  leftSome(queueId: string): boolean;
}

/** @param limit how many of one queue may be under way at once */
export function createConcurrency(limit: number): Concurrency {
  const running = new Map<string, number>();
  const left = new Set<string>();
  return {
    free(paused) {
      const free = new Map([...running].map(([id, count]) => [id, Math.max(limit - count, 0)]));
      for (const id of paused) free.set(id, 0);
      return free;
    },
    took(queueIds, free) {
      const all = Map.groupBy(queueIds, (id) => id);
      const reached = [...all].filter(([id, taken]) => taken.length >= (free.get(id) ?? limit));
      for (const [id] of reached) left.add(id);
      return reached.length > 0;
    },
    begin(id) {
      running.set(id, (running.get(id) ?? 0) + 1);
      return () => {
        const still = (running.get(id) ?? 0) - 1;
        if (still > 0) running.set(id, still);
        else running.delete(id);
      };
    },
    leftSome: (id) => left.delete(id),
  };
}
