import { createPrivateKey, createPublicKey } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import type { SandboxContext } from './context.ts';
import type { SeedResult } from './seed.ts';
import type { State } from './state.ts';
import type { TokensDump } from './tokens.ts';
import { createWebhookKeys, type WebhookKeys } from './webhook-keys.ts';

const FORMAT = 1;
/** A save waits this long for more changes, in ms. */
const DEBOUNCE_MS = 500;

interface Saved {
  format: number;
  seeded: SeedResult;
  tokens: TokensDump;
  /** PKCS #8 PEM: the webhooks' key, so that a relay set up with its public half still trusts it. */
  privateKeyPem: string;
  state: { [K in keyof State]: [string, unknown][] };
}

function readSaved(path: string): Saved {
  const saved: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (typeof saved !== 'object' || saved === null || !('format' in saved) || saved.format !== FORMAT) {
    throw new Error(`${path} is not a state file of this sandbox; delete it to begin anew.`);
  }
  return saved as Saved;
}

function keysFrom(pem: string): WebhookKeys {
  const privateKey = createPrivateKey(pem);
  const publicKeyPem = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString();
  return { privateKey, publicKeyPem };
}

/** Where the sandbox's memory outlives its process: records, tokens and the webhooks' key; not the clock's offset. */
export interface StateFile {
  /** The kept key pair, or a new one. */
  keys: WebhookKeys;
  /** Puts what was kept into the context; null if there was nothing. */
  load(ctx: SandboxContext): SeedResult | null;
  /** Begins to keep this context. */
  attach(ctx: SandboxContext, seeded: SeedResult): void;
  /** Asks for a save soon. */
  changed(): void;
  /** Saves now; resolves when it is on disk. */
  save(): Promise<void>;
}

/**
 * Keeps the state in one JSON file, readable by its owner alone, replaced whole so that a crash leaves the old one.
 * An account of 100,000 deals makes a file of some 70 MB and a save of a second or two.
 *
 * @param path the file; null keeps nothing.
 * @throws Error if the file is there and is not one of ours.
 */
export function stateFile(path: string | null): StateFile {
  const saved = path !== null && existsSync(path) ? readSaved(path) : null;
  const keys = saved === null ? createWebhookKeys() : keysFrom(saved.privateKeyPem);
  let kept: { ctx: SandboxContext; seeded: SeedResult } | null = null;
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> = Promise.resolve();

  async function write(): Promise<void> {
    if (path === null || kept === null) return;
    const { ctx, seeded } = kept;
    const maps = Object.entries(ctx.state).map(([name, map]) => [name, [...map]]);
    const data = {
      format: FORMAT,
      seeded,
      tokens: ctx.tokens.dump(),
      privateKeyPem: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      state: Object.fromEntries(maps),
    };
    await writeFile(`${path}.new`, JSON.stringify(data), { mode: 0o600 });
    await rename(`${path}.new`, path);
  }

  function save(): Promise<void> {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    writing = writing.then(write, write);
    return writing;
  }

  return {
    keys,
    load(ctx) {
      if (saved === null) return null;
      for (const [name, entries] of Object.entries(saved.state)) {
        const map = ctx.state[name as keyof State] as Map<string, unknown> | undefined;
        for (const [id, value] of entries) map?.set(id, value);
      }
      ctx.tokens.load(saved.tokens);
      return saved.seeded;
    },
    attach(ctx, seeded) {
      kept = { ctx, seeded };
    },
    changed() {
      if (path === null || timer !== null) return;
      timer = setTimeout(() => {
        save().catch((error: unknown) => console.error(`sandbox: ${path} could not be saved:`, error));
      }, DEBOUNCE_MS);
      timer.unref();
    },
    save,
  };
}
