/** A clock that tests can move and that runs on from where it was put. */
export interface Clock {
  now(): number;
  move(to: { at: number } | { by: number }): void;
}

/**
 * @param base the clock underneath, in ms since the epoch.
 */
export function movableClock(base: () => number): Clock {
  let offset = 0;
  return {
    now: () => base() + offset,
    move(to) {
      offset = 'at' in to ? to.at - base() : offset + to.by;
    },
  };
}
