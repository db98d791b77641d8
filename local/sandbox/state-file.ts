import { createPrivateKey, createPublicKey } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import type { SeedResult } from './seed/seed.ts';
import type { SandboxContext } from './state/context.ts';
import type { State } from './state/records.ts';
import type { TokensDump } from './state/tokens.ts';
import { createWebhookKeys, type WebhookKeys } from './webhooks/keys.ts';

const FORMAT = 1;
/** A save waits at least this long for more changes, in ms. */
const DEBOUNCE_MS = 500;
/** And this many times as long as the last one took, so that a large account is not saved all the time. */
const REST = 10;

interface Saved {
  format: number;
  seeded: SeedResult;
  tokens: TokensDump;
  /** PKCS #8 PEM: the webhooks' key, so that a relay set up with its public half still trusts it. */
  privateKeyPem: string;
  state: { [K in keyof State]: [string, unknown][] };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function parsed(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`The state file ${path} cannot be read: ${messageOf(error)}`, { cause: error });
  }
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function readSaved(path: string): Saved {
  const saved = parsed(path);
  if (typeof saved !== 'object' || saved === null || !('format' in saved) || saved.format !== FORMAT) {
    throw new Error(`${path} is not a state file of this sandbox; delete it, or name another file.`);
  }
  return saved as Saved;
}

function keysFrom(pem: string): WebhookKeys {
  const privateKey = createPrivateKey(pem);
  const publicKeyPem = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString();
  return { privateKey, publicKeyPem };
}

/** Keeps records, tokens and the webhooks' key beyond the process; the clock's offset is not kept. */
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
 * An account of 100,000 opportunities makes a file of some 130 MB and a save of one to three seconds.
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

  let tookMs = 0;

  async function write(): Promise<void> {
    if (path === null || kept === null) return;
    const begun = performance.now();
    const { ctx, seeded } = kept;
    const maps = Object.entries(ctx.state).map(([name, map]) => [name, [...map]]);
    const data = {
      format: FORMAT,
      seeded,
      tokens: ctx.tokens.dump(),
      privateKeyPem: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      state: Object.fromEntries(maps),
    };
    try {
      await writeFile(`${path}.new`, JSON.stringify(data), { mode: 0o600 });
      await rename(`${path}.new`, path);
      tookMs = performance.now() - begun;
    } catch (error) {
      throw new Error(`The state file ${path} cannot be written: ${messageOf(error)}`, { cause: error });
    }
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
      timer = setTimeout(
        () => {
          save().catch((error: unknown) => console.error(`sandbox: ${messageOf(error)}`));
        },
        Math.max(DEBOUNCE_MS, tookMs * REST),
      );
      timer.unref();
    },
    save,
  };
}
