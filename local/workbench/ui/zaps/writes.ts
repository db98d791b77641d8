/** Changes that are on their way to the server, so that a test of a step waits for what was typed before it. */
const underWay = new Set<Promise<unknown>>();

/** Remembers a change until it has arrived. */
export function written(change: Promise<unknown>): void {
  underWay.add(change);
  const forget = () => underWay.delete(change);
  change.then(forget, forget);
}

/** Resolves once every change has arrived. */
export async function settled(): Promise<void> {
  while (underWay.size > 0) await Promise.allSettled(underWay);
}
