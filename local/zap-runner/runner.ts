import type { Meta, Reply } from './app/call.ts';
import {
  type AppDefinition,
  type FieldDefinition,
  type Fields,
  findOperation,
  type OperationKind,
  operationPath,
} from './app/definition.ts';
import { ZapFailure } from './app/failure.ts';
import { type Autoreplay, startHost } from './app/host.ts';
import { type ConnectOptions, connect, reconnect } from './connection/connect.ts';
import type { Connection } from './connection/connection.ts';
import type { OnEvent, StepResult } from './events.ts';
import type { Outputs } from './inputs/mapping.ts';
import { inputFieldsOf, prepareInput } from './inputs/prepare.ts';
import { startHookServer } from './triggers/hook-server.ts';
import { type DropdownOptions, type EditorTest, fillDropdown, testStep, testZap } from './zap/editor.ts';
import { type LiveZap, turnOn } from './zap/live.ts';
import type { Zap } from './zap/zap.ts';

export type RunnerOptions = (
  | { /** The built entry, or a folder with an unzipped build. */ appPath: string; app?: undefined }
  | { /** The app object itself, for tests. */ app: object; appPath?: undefined }
) & {
  /** The app's environment variables. core copies them into this process's own, and never takes them out again. */
  environment?: Record<string, string>;
  /**
   * The environment variable by which the app is told the origin of the runner's files, for an app that fetches from
   * public addresses alone: Zapier's files have one, and the runner's are on loopback.
   */
  fileOriginsIn?: string;
  onEvent?: OnEvent;
  /** Waits out a throttle, in milliseconds; a real wait unless given. */
  sleep?: (ms: number) => Promise<void>;
  /** Milliseconds since the epoch, for ttl and dates; Date.now unless given. */
  now?: () => number;
  /** IANA zone of the account. Default `America/Chicago`, as Zapier's is [docs field types; source cli invoke]. */
  timezone?: string;
  /** Milliseconds that one call may take. Default 30 000 [docs]. */
  timeoutMs?: number;
  /** Lets one refresh of a connection at a time through. Default true; what Zapier does is not established. */
  serialiseRefresh?: boolean;
  /** How often a throttled action is tried again. Default 3; Zapier's number is not established. */
  throttleRetries?: number;
  /**
   * Which runs are replayed by themselves, up to five times. Zapier's help tells it in two ways: `errored` ones alone,
   * or all that `stopped`, halted ones too [docs help 19220226086797, older and newer]. Default `off`.
   */
  autoreplay?: Autoreplay;
  /** Port of the hook server. Default: any. */
  hookPort?: number;
  /** Origin of the server that stands for other apps, for Zaps with steps of theirs. */
  otherApps?: string;
};

export type CallOptions = {
  meta?: Partial<Meta>;
  /** The member of the operation to call. Default `perform`; others: performList, performGet, inputFields, outputFields… */
  member?: string;
  /** Passes the input as it is, without defaults, types and checks. */
  asIs?: boolean;
  /** More of the bundle, such as cleanedRequest, subscribeData or targetUrl. */
  extra?: Fields;
};

export type Runner = {
  readonly definition: AppDefinition;
  connect: (options?: ConnectOptions) => Promise<Connection>;
  /** Makes a stale connection good again; what it held waits for release(). */
  reconnect: (connection: Connection, options?: ConnectOptions) => Promise<void>;
  /** The input fields that the editor would show for this input. @throws ZapFailure */
  fields: (
    kind: OperationKind,
    key: string,
    input: Fields,
    connection?: Connection,
  ) => Promise<FieldDefinition[]>;
  turnOn: (zap: Zap, connection: Connection) => Promise<LiveZap>;
  /** Tests a Zap as the editor does; with `steps` its actions are run for real. */
  test: (zap: Zap, connection: Connection, options?: { steps?: boolean }) => Promise<EditorTest>;
  /** Tests one step with what came before it, by step id; see testStep in zap/editor.ts. */
  testStep: (zap: Zap, step: string, outputs: Outputs, connection: Connection) => Promise<StepResult>;
  /** Calls one operation of the app. @throws ZapFailure */
  call: (
    kind: OperationKind,
    key: string,
    input: Fields,
    connection?: Connection,
    options?: CallOptions,
  ) => Promise<Reply>;
  /** Keeps a file where Zapier would, and gives the address that a step's output would hold. */
  keepFile: (bytes: Uint8Array, name: string, contentType: string) => string;
  /** Fills a dropdown; see fillDropdown in editor.ts. @throws ZapFailure */
  dropdown: (
    triggerKey: string,
    input: Fields,
    connection: Connection,
    options?: DropdownOptions,
  ) => Promise<Fields[]>;
  /** Turns every Zap off and stops the loopback servers. */
  close: () => Promise<void>;
};

/**
 * Starts a runner for one app: the side of Zapier that its handler does not bring along. Two servers on
 * loopback belong to it, for z.cache and for hooks; close() stops them.
 * @throws Error where the app cannot be loaded.
 */
export async function createRunner(options: RunnerOptions): Promise<Runner> {
  const host = await startHost({
    source: options.app ? { app: options.app } : { appPath: options.appPath as string },
    environment: options.environment ?? {},
    ...(options.fileOriginsIn ? { fileOriginsIn: options.fileOriginsIn } : {}),
    now: options.now ?? Date.now,
    sleep: options.sleep ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms))),
    emit: options.onEvent ?? (() => undefined),
    timeoutMs: options.timeoutMs ?? 30_000,
    timezone: options.timezone ?? 'America/Chicago',
    serialiseRefresh: options.serialiseRefresh ?? true,
    throttleRetries: options.throttleRetries ?? 3,
    autoreplay: options.autoreplay ?? 'off',
    otherApps: options.otherApps,
  });
  const hooks = await startHookServer(options.hookPort);
  const live = new Set<LiveZap>();

  return {
    definition: host.definition,
    connect: (connectOptions = {}) => connect(host, connectOptions),
    reconnect: (connection, connectOptions = {}) => reconnect(host, connection, connectOptions),
    fields: (kind, key, input, connection) => inputFieldsOf(host, kind, key, input, connection),
    async turnOn(zap, connection) {
      const started = await turnOn(host, hooks, zap, connection);
      live.add(started);
      return started;
    },
    keepFile: host.files.keep,
    test: (zap, connection, testOptions) => testZap(host, zap, connection, testOptions),
    testStep: (zap, step, outputs, connection) => testStep(host, zap, step, outputs, connection),
    dropdown: (key, input, connection, dropdownOptions) =>
      fillDropdown(host, key, input, connection, dropdownOptions),
    async call(kind, key, input, connection, { meta, member = 'perform', asIs = false, extra } = {}) {
      findOperation(host.definition, kind, key);
      const call = { method: `${operationPath(kind, key)}.${member}`, connection, extra };
      try {
        const plain = asIs || member.endsWith('Fields');
        const ready = plain ? { inputData: input } : await prepare(kind, key, input, connection);
        const inputFields = 'inputFields' in ready ? ready.inputFields : {};
        const reply = await host.call({ ...call, ...ready, meta: { inputFields, ...meta } });
        host.emit({ type: 'called', kind, key, requests: reply.requests, ms: reply.ms });
        return reply;
      } catch (error) {
        if (!(error instanceof ZapFailure)) throw error;
        const { failure, requests, ms } = error;
        host.emit({ type: 'called', kind, key, failure, requests, ms });
        throw error;
      }
    },
    async close() {
      for (const zap of live) await zap.turnOff();
      await hooks.close();
      await host.close();
    },
  };

  async function prepare(kind: OperationKind, key: string, input: Fields, connection?: Connection) {
    const fields = await inputFieldsOf(host, kind, key, input, connection);
    return prepareInput(host, kind, key, fields, { raw: input, mapped: input, timezone: host.timezone });
  }
}
