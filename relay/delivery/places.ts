/** Who has how much of this relay's attention. */
export interface Places {
  /** A delivery of a subscription is under way, until the function returned is called. */
  enter(subscriptionId: string): () => void;
  /** How many more may be under way of those that have some already, and none of the paused ones. */
  left(paused: readonly string[]): Map<string, number>;
}

/** @param each how many of one subscription may be under way at once */
export function createPlaces(each: number): Places {
  const taken = new Map<string, number>();
  return {
    enter(id) {
      taken.set(id, (taken.get(id) ?? 0) + 1);
      return () => {
        const still = (taken.get(id) ?? 0) - 1;
        if (still > 0) taken.set(id, still);
        else taken.delete(id);
      };
    },
    left(paused) {
      const left = new Map([...taken].map(([id, count]) => [id, Math.max(each - count, 0)]));
      for (const id of paused) left.set(id, 0);
      return left;
    },
  };
}
