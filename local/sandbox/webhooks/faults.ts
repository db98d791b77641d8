/** How the next events are to be mishandled; each count falls with every event. */
export interface WebhookFaults {
  /** Lose the next so many. */
  drop: number;
  /** Send the next so many twice, the second time after the first was accepted. */
  repeat: number;
  /** Hold the next so many and then send them last first, one after another; 0 lets go of those held. */
  reorder: number;
  /** Sign the next so many wrongly. */
  forge: number;
  /** Send the next so many with the literal signature `N/A`, which HighLevel uses for "unsigned" [docs]. */
  unsigned: number;
  /** Send the next so many with the appId of another marketplace app, as its events carry a valid signature too. */
  foreign: number;
  /** Wait so long before the first try of each, in ms. */
  delayMs: number;
}

const NO_FAULTS: WebhookFaults = {
  drop: 0,
  repeat: 0,
  reorder: 0,
  forge: 0,
  unsigned: 0,
  foreign: 0,
  delayMs: 0,
};

/** What is still to be mishandled. */
interface FaultCounter {
  /** Whether the next event is to be mishandled in this way; counts it. */
  take(name: Exclude<keyof WebhookFaults, 'delayMs'>): boolean;
  /** Sets the counts that are given and keeps the others. */
  set(wanted: Partial<WebhookFaults>): void;
  now(): WebhookFaults;
}

export function webhookFaults(): FaultCounter {
  let faults = { ...NO_FAULTS };
  return {
    take(name) {
      if (faults[name] <= 0) return false;
      faults[name] -= 1;
      return true;
    },
    set(wanted) {
      // A key that is present but undefined changes nothing either.
      const given = Object.entries(wanted).filter(([, value]) => value !== undefined);
      faults = { ...faults, ...Object.fromEntries(given) };
    },
    now: () => ({ ...faults }),
  };
}
