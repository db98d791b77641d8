import type { WebhookEvent, Webhooks } from '../webhooks/webhooks.ts';
import type { ActiveContraries } from './active-contraries.ts';
import type { FaultQueue } from './faults.ts';
import type { FileStore } from './files.ts';
import type { State } from './records.ts';
import type { RequestLog } from './request-log.ts';
import type { SearchIndex } from './search-index.ts';
import type { TokenStore } from './tokens.ts';

/** The marketplace app that talks to the sandbox. */
interface SandboxClient {
  /** `<24 hex app id>-<suffix>` [recorded: SDK 3.1.0 splits it at the dash]. */
  clientId: string;
  clientSecret: string;
  appId: string;
  versionId: string;
}

/** What can be turned while the sandbox runs. */
export interface SandboxSettings {
  /** How long a write stays invisible to search, in ms of the sandbox's clock. */
  searchLagMs: number;
  /** How long a used refresh token still answers with the token it was changed for, in ms. */
  graceMs: number;
  /** Whether POST and PUT of an opportunity take `source` and `lostReasonId`; sources disagree, so it can be turned on. */
  acceptSource: boolean;
  /** Whether the notes API takes a note on an opportunity, which its page neither names nor rules out [assumed]. */
  notesAcceptOpportunity: boolean;
  rateLimit: { max: number; intervalMs: number; daily: number };
  /** Where signed webhooks go; null sends none. */
  webhookUrl: string | null;
}

/** What every part of the sandbox shares: the records, the clock, the settings, and the outgoing webhooks. */
export interface SandboxContext {
  state: State;
  client: SandboxClient;
  settings: SandboxSettings;
  tokens: TokenStore;
  index: SearchIndex;
  faults: FaultQueue;
  /** Which reported ways of answering are on. */
  contrary: ActiveContraries;
  files: FileStore;
  log: RequestLog;
  /** The sandbox's clock, in ms since the epoch; tests move it. */
  now(): number;
  /** The sandbox's clock as HighLevel writes times: ISO 8601 with milliseconds, UTC. */
  nowIso(): string;
  /** Moves the clock: to an absolute time, or on by some ms; it keeps running from there. */
  moveClock(to: { at: number } | { by: number }): void;
  /** A new 20-character record id, as HighLevel's look. */
  newId(): string;
  /** The outgoing webhooks with their log and faults. */
  webhooks: Webhooks;
  /** Queues signed webhooks for a change; returns at once. */
  emit(event: WebhookEvent): void;
}
