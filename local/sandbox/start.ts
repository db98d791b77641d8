import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { type Controls, createControls } from './control/controls.ts';
import { registerControlRoutes } from './control/routes.ts';
import { registerWebhookControl } from './control/webhooks.ts';
import { ROUTES } from './routes.ts';
import { type SeedResult, seed } from './seed/seed.ts';
import { buildApp } from './server/app.ts';
import { activeContraries } from './state/active-contraries.ts';
import { movableClock } from './state/clock.ts';
import type { SandboxContext, SandboxSettings } from './state/context.ts';
import type { ContraryName } from './state/contraries.ts';
import { faultQueue } from './state/faults.ts';
import { fileStore } from './state/files.ts';
import { idMaker } from './state/ids.ts';
import { emptyState, type State } from './state/records.ts';
import { type LoggedRequest, requestLog } from './state/request-log.ts';
import { searchIndex } from './state/search-index.ts';
import { tokenStore } from './state/tokens.ts';
import { stateFile } from './state-file.ts';
import type { WebhookKeys } from './webhooks/keys.ts';
import { createWebhooks, type WebhookOptions, type Webhooks } from './webhooks/webhooks.ts';

export interface SandboxOptions {
  /** TCP port; 0 picks a free one. Default 0. */
  port?: number;
  /** Default 127.0.0.1: the sandbox is for this machine. */
  host?: string;
  /** How many opportunities the account holds at first. Default 30. */
  opportunities?: number;
  /** How far search runs behind writes, in ms. Default 0. */
  searchLagMs?: number;
  /** The same seed makes the same ids in every run. */
  seed?: number;
  /** The clock underneath, in ms since the epoch. Default the machine's. */
  now?: () => number;
  rateLimit?: SandboxSettings['rateLimit'];
  webhookUrl?: string | null;
  /** Keys, retry rules and timeout of the webhooks, in place of the usual. */
  webhooks?: Pick<WebhookOptions, 'keys' | 'retry' | 'breaker' | 'timeoutMs'>;
  /** How long a used refresh token still answers, in ms. Default 30,000 [docs]. */
  graceMs?: number;
  /** Keep the account in this file: loaded if it is there, saved after changes and at close. */
  stateFile?: string | undefined;
  /** Take `source` and `lostReasonId` on POST and PUT of an opportunity. Default false. */
  acceptSource?: boolean;
  /** Take a note on an opportunity in the notes API. Default true [assumed]. */
  notesAcceptOpportunity?: boolean;
  /** The contrary answers to begin with, by name: see `contraries`. Default none. */
  contrary?: readonly ContraryName[];
  /** Called after each call to the API with what was asked and the text of the answer, for checks of both. */
  onExchange?: (asked: LoggedRequest, answer: string) => void;
}

export interface Sandbox extends Controls {
  url: string;
  clientId: string;
  clientSecret: string;
  locationId: string;
  companyId: string;
  /** A Location token with every scope. */
  accessToken: string;
  /** What a receiver of webhooks verifies their signature with, in place of HighLevel's own key. */
  publicKeyPem: string;
  /** The ids of the records that it began with. */
  seeded: SeedResult;
  /** The outgoing webhooks: their log, faults, and a way to wait until all are sent. */
  webhooks: Webhooks;
  /** The account's records; call `context.index.rebuild()` after writing to them directly. */
  state: State;
  /** Everything inside, for tests that need more than the controls. */
  context: SandboxContext;
  /** Stops the server and saves the state file; resolves when both are done. */
  close(): Promise<void>;
}

/** The sandbox's own marketplace app. The values are fixed, so that a connection made once works after a restart. */
const CLIENT = {
  clientId: '65f0c0ffee5a4db0c5a11d01-sandbox1',
  clientSecret: 'sandbox-client-secret-not-a-secret',
  appId: '65f0c0ffee5a4db0c5a11d01',
  versionId: '65f0c0ffee5a4db0c5a11d02',
};

/** How far search runs behind with `search-index-late`, in ms [measured by others: about a minute]. */
const LATE_MS = 60_000;

function makeContext(options: SandboxOptions, keys: WebhookKeys): SandboxContext {
  const clock = movableClock(options.now ?? Date.now);
  const settings: SandboxSettings = {
    searchLagMs: options.searchLagMs ?? 0,
    graceMs: options.graceMs ?? 30_000,
    acceptSource: options.acceptSource ?? false,
    notesAcceptOpportunity: options.notesAcceptOpportunity ?? true,
    rateLimit: options.rateLimit ?? { max: 100, intervalMs: 10_000, daily: 200_000 },
    webhookUrl: options.webhookUrl ?? null,
  };
  const state = emptyState();
  const contrary = activeContraries(options.contrary);
  const lagMs = () => Math.max(settings.searchLagMs, contrary.has('search-index-late') ? LATE_MS : 0);
  const webhooks = createWebhooks({
    now: clock.now,
    url: () => settings.webhookUrl,
    appId: CLIENT.appId,
    versionId: CLIENT.versionId,
    keys,
    ...options.webhooks,
  });
  return {
    state,
    client: { ...CLIENT },
    settings,
    tokens: tokenStore(clock.now),
    index: searchIndex(state, clock.now, lagMs),
    faults: faultQueue(),
    files: fileStore(),
    contrary,
    log: requestLog(),
    now: clock.now,
    nowIso: () => new Date(clock.now()).toISOString(),
    moveClock: clock.move,
    newId: idMaker(options.seed),
    webhooks,
    emit: webhooks.emit,
  };
}

async function listen(app: FastifyInstance, options: SandboxOptions): Promise<string> {
  const host = options.host ?? '127.0.0.1';
  await app.listen({ port: options.port ?? 0, host });
  const { port } = app.server.address() as AddressInfo;
  return `http://${host}:${port}`;
}

/**
 * Starts HighLevel on this machine.
 *
 * @returns the running sandbox; call `close()` when done.
 * @throws Error if the state file cannot be read or written, or the port cannot be listened on (`EADDRINUSE`).
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const file = stateFile(options.stateFile ?? null);
  const ctx = makeContext(options, file.keys);
  const seeded = file.load(ctx) ?? seed(ctx, { opportunities: options.opportunities });
  const { locationId, companyId, installerId: userId } = seeded;
  ctx.index.rebuild();
  file.attach(ctx, seeded);
  // Written now, so that a path that cannot be written fails before any work is done.
  await file.save();
  const controls = createControls(ctx, { locationId, companyId, userId });
  const app = buildApp(ctx, ROUTES, { onWrite: file.changed, onExchange: options.onExchange });
  registerControlRoutes(app, ctx, controls);
  registerWebhookControl(app, ctx);
  const { accessToken } = controls.mintToken();
  const url = await listen(app, options);
  return {
    ...controls,
    url,
    clientId: ctx.client.clientId,
    clientSecret: ctx.client.clientSecret,
    locationId,
    companyId,
    accessToken,
    publicKeyPem: ctx.webhooks.publicKeyPem,
    seeded,
    webhooks: ctx.webhooks,
    state: ctx.state,
    context: ctx,
    close: async () => {
      ctx.webhooks.close();
      await app.close();
      await file.save();
    },
  };
}
