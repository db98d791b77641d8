import type { Zap } from '../local/zap-runner/runner.ts';
import type { Stage } from './stage.ts';

/** Whole Zaps that this project promises to work: as data, with what is played on them and what must hold then. */
export interface Story {
  /** As in `npm run zap -- NAME`. */
  name: string;
  title: string;
  /** Who needs it, in a sentence. */
  who: string;
  /** Where people asked for it, or show that they do it. */
  asked: string[];
  /** What a person sets up before the Zaps, a sentence each. */
  before: string[];
  zaps: StoryZap[];
  samples: Sample[];
  /** What holds of it whatever happens, in words for the page; the scenes prove each. */
  rules: string[];
  /** The sandbox that it plays in; with a still clock no time passes in HighLevel but what is waited out. */
  account?: { opportunities?: number; stillClock?: boolean };
  scenes: Scene[];
  template: Template;
}

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

/** What another app sends. */
export interface Sample {
  app: string;
  what: string;
  /** The public page or pages that it follows. */
  source: string;
  /** `documented`: its fields are on that page. `assumed`: the page names what it tells of, and not its spelling. */
  known: 'documented' | 'assumed';
  payload: Record<string, unknown>;
}

export interface Scene {
  says: string;
  act(stage: Stage): Promise<void>;
  /** What must hold afterwards; each throws where it does not. */
  holds: Record<string, (stage: Stage) => void>;
}

/** What Zapier asks of a public template of a Zap: title and description. [docs: Zap templates, Partner API] */
export interface Template {
  title: string;
  description: string;
}
