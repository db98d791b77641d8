import type { Zap } from '../../local/zap-runner/index.ts';

/** A Zap of a story. */
export interface StoryZap {
  /** Names of people's own fields stand in square brackets: see account.ts. */
  zap: Zap;
  /** Wires the stand-in of the app that sets the Zap off. */
  startedBy?: { app: string; things: string; when: 'made' | 'changed' | 'either' };
  /** The most requests to HighLevel that one run may make. */
  mostRequests: number;
  /** Further Zaps that differ from this in their trigger alone; the page draws the first. */
  like?: string;
}
