import { randomUUID } from 'node:crypto';
import type { Connection } from '../connection/connection.ts';
import { refreshConnection } from '../connection/refresh.ts';
import type { Cost, OnEvent, RunnerEvent } from '../events.ts';
import type { Store } from '../steps/tools.ts';
import type { Call, Meta, Reply } from './call.ts';
import type { AppDefinition, Fields } from './definition.ts';
import { readFailure, withCost, ZapFailure } from './failure.ts';
import { type FileStore, startFileStore } from './files.ts';
import { type AppEvent, type LoadedApp, type LogEntry, loadApp } from './load.ts';
import { createLocks, type Locks } from './lock.ts';
import { startRpcServer } from './rpc.ts';

/** Which runs are replayed by themselves. */
export type Autoreplay = 'off' | 'errored' | 'stopped';

export type HostOptions = {
  source: Parameters<typeof loadApp>[0];
  environment: Record<string, string>;
  fileOriginsIn?: string;
  now: () => number;
  sleep: (ms: number) => Promise<void>;
  emit: OnEvent;
  timeoutMs: number;
  timezone: string;
  serialiseRefresh: boolean;
  throttleRetries: number;
  autoreplay: Autoreplay;
  /** Where other apps are stood in for. */
  otherApps?: string;
};

/** Zapier's side of the wire: what every call into the app goes through. */
export type Host = Omit<HostOptions, 'source' | 'environment' | 'fileOriginsIn'> & {
  definition: AppDefinition;
  /** Files of steps. */
  files: FileStore;
  /** The locks of the app's actions. */
  locks: Locks;
  /** Storage by Zapier, for all Zaps of the account. */
  store: Store;
  /** Calls the app; where the app asks for it, refreshes the connection and calls once more. */
  call: (call: Call) => Promise<Reply>;
  /** Sets a connection aside until it is made anew. */
  markStale: (connection: Connection, reason: string) => void;
  /** Calls the app once, whatever it answers. */
  callOnce: (call: Call) => Promise<Reply>;
  close: () => Promise<void>;
};

/**
 * Loads the app and stands the loopback RPC server beside it.
 *
 * core copies `environment` into process.env of this very process. The RPC client insists on a token or a
 * deploy key; a key of no worth is given, as a token would also ship the logs to Zapier [source
 * core/src/tools/create-logger.js]. calledFromCli makes core's checks throw, where production only logs what
 * they find, so that bad data shows [source core/src/app-middlewares/after/checks.js].
 */
export async function startHost(options: HostOptions): Promise<Host> {
  const files = await startFileStore();
  const { fileOriginsIn } = options;
  const environment = {
    ...options.environment,
    ...(fileOriginsIn ? { [fileOriginsIn]: files.origin } : {}),
    ZAPIER_DEPLOY_KEY: randomUUID(),
  };
  const app = await loadApp(options.source, environment);
  const rpc = await startRpcServer(options.now, files.presign);
  const { source: _source, environment: _environment, fileOriginsIn: _name, ...shared } = options;

  const callOnce = async (call: Call): Promise<Reply> => {
    const started = performance.now();
    let requests = 0;
    const event: AppEvent = {
      command: 'execute',
      method: call.method,
      bundle: makeBundle(call, options.timezone),
      environment,
      rpc_base: rpc.baseFor({ user: call.connection?.user ?? '', connection: call.connection?.id ?? '' }),
      storeKey: call.storeKey ?? null,
      calledFromCli: true,
      calledFromCliInvoke: true,
      // Only z.request is counted: the log lines of other requests go to whichever call logged last, and one
      // that never got an answer is not logged at all [source core/src/tools/fetch-logger.js; run].
      customLogger: (_message: string, data: LogEntry) => {
        if (data.log_type !== 'http' || !data.request_via_client) return;
        requests += 1;
        options.emit(requestEvent(data));
      },
    };
    try {
      const answer = await withTimeout(app, event, options.timeoutMs);
      return { ...answer, requests, ms: performance.now() - started };
    } catch (error) {
      throw new ZapFailure(readFailure(error), { requests, ms: performance.now() - started });
    }
  };

  const host: Host = {
    ...shared,
    definition: app.definition,
    locks: createLocks(),
    store: new Map(),
    callOnce,
    files,
    async close() {
      await rpc.close();
      await files.close();
    },
    async call(call) {
      const { connection } = call;
      const used = { version: connection?.version ?? 0, authData: { ...connection?.authData } };
      try {
        return await callOnce(call);
      } catch (error) {
        if (!(error instanceof ZapFailure) || !connection) throw error;
        if (error.failure.kind === 'expired_auth') host.markStale(connection, error.failure.message);
        if (error.failure.kind !== 'refresh_auth' || !canRefresh(app.definition)) throw error;
        const before = await refreshed(connection, used, error);
        try {
          const reply = await callOnce(call);
          return { ...reply, requests: reply.requests + before.requests, ms: reply.ms + before.ms };
        } catch (again) {
          throw withCost(again, before);
        }
      }
    },
    markStale(connection, reason) {
      if (connection.stale) return;
      connection.stale = true;
      options.emit({ type: 'stale', connection: connection.id, reason });
    },
  };
  return host;

  /** What the refused call and the refresh cost together. */
  async function refreshed(
    connection: Connection,
    used: Parameters<typeof refreshConnection>[2],
    refusal: ZapFailure,
  ): Promise<Cost> {
    try {
      const spent = await refreshConnection(host, connection, used);
      return { requests: refusal.requests + spent.requests, ms: refusal.ms + spent.ms };
    } catch (error) {
      throw withCost(error, refusal);
    }
  }
}

function requestEvent(data: LogEntry): Extract<RunnerEvent, { type: 'request' }> {
  const text = (value: unknown) => (typeof value === 'string' ? value : value ? JSON.stringify(value) : '');
  return {
    type: 'request',
    method: data.request_method ?? '',
    url: data.request_url ?? '',
    query: data.request_params ?? '',
    status: data.response_status_code ?? 0,
    sent: text(data.request_data),
    received: text(data.response_content),
    headers: readHeaders(data.response_headers ?? ''),
  };
}

/** One header a line, as core writes them for its log [run]. */
function readHeaders(lines: string): Record<string, string> {
  const pairs = lines.split('\n').map((line) => line.split(/: (.*)/s));
  return Object.fromEntries(pairs.map(([name = '', value = '']) => [name.toLowerCase(), value]));
}

function canRefresh(definition: AppDefinition): boolean {
  return Boolean(definition.authentication?.oauth2Config?.refreshAccessToken);
}

function makeBundle(call: Call, timezone: string): Fields {
  const inputData = call.inputData ?? {};
  const meta: Meta = {
    isBulkRead: false,
    isFillingDynamicDropdown: false,
    isLoadingSample: false,
    isPopulatingDedupe: false,
    isTestingAuth: false,
    limit: -1,
    page: 0,
    timezone,
    inputFields: {},
    ...call.meta,
  };
  // An app may write into its bundle; nothing of that reaches the next call in production, nor here.
  return structuredClone({
    authData: call.connection?.authData ?? {},
    inputData,
    inputDataRaw: call.inputDataRaw ?? inputData,
    meta,
    ...call.extra,
  });
}

/** Any call is given 30 seconds [docs operating constraints]; what overstays goes on unseen, as it cannot be killed here. */
async function withTimeout(app: LoadedApp, event: AppEvent, timeoutMs: number) {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const failure = { kind: 'timeout' as const, message: `No answer within ${timeoutMs / 1000} s.` };
    timer = setTimeout(() => reject(new ZapFailure(failure)), timeoutMs);
  });
  try {
    return await Promise.race([app.handle(event), late]);
  } finally {
    clearTimeout(timer);
  }
}
