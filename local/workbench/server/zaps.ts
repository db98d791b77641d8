import { randomUUID } from 'node:crypto';
import type { Failure, Fields, LiveZap, Zap } from '../../zap-runner/index.ts';

/** What a node of a Zap gave when it was tested. */
export interface NodeTest {
  /** ms since the epoch. */
  at: number;
  outcome: string;
  /** What the step was called with; null for a trigger. */
  input: Fields | null;
  output: Fields | null;
  /** Up to three rows of a trigger, of which the first is `output`. */
  samples: Fields[];
  /** Whether the trigger found nothing and the app's own example stands in. */
  isExample: boolean;
  failure: Failure | null;
  requests: number;
  /** How long it took, in ms. */
  ms: number;
}

/** What another app would send to a Zap of zaps/. */
export interface Sample {
  app: string;
  what: string;
  payload: Fields;
}

/** A Zap on the workbench, built or opened. */
export interface BenchZap {
  id: string;
  zap: Zap;
  /** By node: `trigger`, or a step's id. */
  tests: Record<string, NodeTest>;
  /** The name that a person saw when they chose a value from a dropdown: by node, field and value. */
  labels: Record<string, string>;
  samples: Sample[];
  live: LiveZap | null;
  /** Turned on, polled and turned off elsewhere. */
  isShared: boolean;
  /** The last thing that kept its trigger from working. */
  problem: Failure | null;
}

export interface ZapStore {
  all(): BenchZap[];
  /** @throws Error in words for a person where there is none. */
  get(id: string): BenchZap;
  byName(name: string): BenchZap | undefined;
  /** Adds a Zap under a name that no other bears: the runner tells Zaps apart by it. */
  add(zap: Zap, more?: Partial<Pick<BenchZap, 'samples' | 'live'>>): BenchZap;
  remove(id: string): void;
  /** A name like the one given that no other Zap bears. */
  freeName(name: string, except?: string): string;
}

export function createZapStore(): ZapStore {
  const zaps = new Map<string, BenchZap>();
  const named = (name: string, except?: string) =>
    [...zaps.values()].find((one) => one.zap.name === name && one.id !== except);
  const freeName = (name: string, except?: string): string => {
    const plain = name.trim() || 'Untitled Zap';
    for (let number = 1; ; number += 1) {
      const tried = number === 1 ? plain : `${plain} (${number})`;
      if (!named(tried, except)) return tried;
    }
  };
  return {
    all: () => [...zaps.values()],
    get(id) {
      const found = zaps.get(id);
      if (!found)
        throw new Error('This Zap is no longer there. The workbench forgets its Zaps when it stops.');
      return found;
    },
    byName: (name) => named(name),
    add(zap, { samples = [], live = null } = {}) {
      const id = randomUUID().slice(0, 8);
      const added: BenchZap = {
        id,
        zap: live ? zap : { ...zap, name: freeName(zap.name) },
        tests: {},
        labels: {},
        samples,
        live,
        isShared: live !== null,
        problem: null,
      };
      zaps.set(id, added);
      return added;
    },
    remove: (id) => {
      zaps.delete(id);
    },
    freeName,
  };
}

/** The id of the trigger's node; no step can bear it. */
export const TRIGGER = 'trigger';
