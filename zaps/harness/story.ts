import type { Account, World } from './world.ts';
import type { StoryZap } from './zap.ts';

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
  account?: Account;
  scenes: Scene[];
  template: Template;
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
  act(world: World): Promise<void>;
  /** What must hold afterwards; each throws where it does not. */
  holds: Record<string, (world: World) => void>;
}

/** What Zapier asks of a public template of a Zap: title and description. [docs: Zap templates, Partner API] */
interface Template {
  title: string;
  description: string;
}
