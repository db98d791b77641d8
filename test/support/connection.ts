import { fail } from 'node:assert/strict';
import { createAppHandler } from 'zapier-platform-core';
import { scopesFor } from '../../highlevel/http/permissions.ts';
import PrivateTokenApp from '../../index.private-token.ts';
import App from '../../index.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../local/sandbox/index.ts';
import { withoutMemoryCheck } from '../../local/zap-runner/app/load.ts';
import { differingRelay } from './differing-relay.ts';

/** The app under each kind of connection, by the name that `--auth` has for it. */
export const BUILDS = { oauth: App, 'private-token': PrivateTokenApp } as const;
export type Build = keyof typeof BUILDS;
export const BUILD_NAMES = Object.keys(BUILDS) as Build[];

export interface Connection {
  /** The app that is connected. */
  app: object;
  sandbox: Sandbox;
  authData: Record<string, string>;
  /** Runs a method of the app as Zapier would, through core's own handler. */
  run<T = Record<string, unknown>[]>(
    method: string,
    inputData?: Record<string, unknown>,
    rest?: {
      meta?: Record<string, unknown>;
      bundle?: Record<string, unknown>;
      environment?: Record<string, string>;
    },
  ): Promise<T>;
  /** `METHOD /path` of each request to HighLevel since the last call of this function. */
  requests(): string[];
  /** Empties the connection's cache, so that everything is asked for again. */
  forget(): void;
  close(): Promise<void>;
}

/** Without an answer of a relay it gives nothing. */
const ASKS_RELAY = 'triggers.opportunity_changed_instant.operation.perform';

/** What Zapier always sends along. [source: core, types] */
const META = {
  isBulkRead: false,
  isFillingDynamicDropdown: false,
  isLoadingSample: false,
  isPopulatingDedupe: false,
  isTestingAuth: false,
  limit: -1,
  page: 0,
  timezone: 'America/Chicago',
  inputFields: {},
};

/** Every permission but the one for notes on opportunities, which changes where notes go and has tests of its own. */
const GRANTED = (['reading', 'writing', 'extra'] as const)
  .flatMap(scopesFor)
  .filter((scope) => scope !== 'notes.write')
  .join(' ');

/** What a connection of each build holds. */
const AUTH_DATA: Record<Build, (sandbox: Sandbox) => Record<string, string>> = {
  oauth: ({ accessToken, locationId, companyId }) => ({
    access_token: accessToken,
    refresh_token: 'unused',
    scope: GRANTED,
    locationId,
    companyId,
  }),
  'private-token': (sandbox) => ({
    access_token: sandbox.mintToken({ private: true }).accessToken,
    locationId: sandbox.locationId,
  }),
};

/**
 * The app with one operation alone: core copies and reads the whole definition in each call, which is most of what a
 * call costs. [run: zapier-platform-core 19.1.0]
 */
function alone(app: (typeof BUILDS)[Build], kind: string, key: string): object {
  const none = { triggers: {}, searches: {}, creates: {}, searchOrCreates: {} };
  if (kind === 'authentication') return { ...app, ...none };
  const operation = (app as unknown as Record<string, Record<string, unknown>>)[kind]?.[key];
  return operation ? { ...app, ...none, [kind]: { [key]: operation } } : app;
}

/** A sandbox and a connection to it, with a cache of its own. */
export async function connect(options: SandboxOptions = {}, build: Build = 'oauth'): Promise<Connection> {
  const sandbox = await startSandbox(options);
  const app = BUILDS[build];
  const handlers = new Map<string, ReturnType<typeof createAppHandler>>();
  const handlerOf = (method: string) => {
    const [kind = '', key = ''] = method.split('.');
    const place = `${kind}.${key}`;
    const handler = handlers.get(place) ?? withoutMemoryCheck(createAppHandler(alone(app, kind, key)));
    handlers.set(place, handler);
    return handler;
  };
  const zcacheTestObj: Record<string, unknown> = {};
  const authData = AUTH_DATA[build](sandbox);
  const { log } = sandbox.context;
  return {
    app,
    sandbox,
    authData,
    run: async <T>(
      method: string,
      inputData: Record<string, unknown> = {},
      {
        meta = {},
        bundle = {},
        environment = {},
      }: { meta?: object; bundle?: object; environment?: Record<string, string> } = {},
    ) => {
      const asksRelay = method === ASKS_RELAY && !process.env.RELAY_URL;
      const event = {
        command: 'execute',
        method,
        bundle: { authData, inputData, inputDataRaw: inputData, meta: { ...META, ...meta }, ...bundle },
        environment: {
          HIGHLEVEL_API_URL: sandbox.url,
          HIGHLEVEL_MARKETPLACE_URL: sandbox.url,
          CLIENT_ID: sandbox.clientId,
          CLIENT_SECRET: sandbox.clientSecret,
          ...environment,
          ...(asksRelay ? { RELAY_URL: await differingRelay() } : {}),
        },
        zcacheTestObj,
        calledFromCli: true,
      };
      return handlerOf(method)(event)
        .then(({ results }) => results as T)
        .finally(() => {
          if (asksRelay) delete process.env.RELAY_URL;
        });
    },
    requests: () => {
      const seen = log.entries.map(({ method, path }) => `${method} ${path}`);
      log.clear();
      return seen;
    },
    forget: () => {
      for (const key of Object.keys(zcacheTestObj)) delete zcacheTestObj[key];
    },
    close: () => sandbox.close(),
  };
}

/** The error that a promise ends in; fails if it ends in none. */
export async function errorOf(promise: Promise<unknown>): Promise<Error & { message: string }> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  return fail('It was expected to fail, and did not.');
}

/** The sentence that a person sees: core wraps some of them in JSON. [source: core, errors] */
export function sentenceOf(error: Error): string {
  try {
    return (JSON.parse(error.message) as { message: string }).message;
  } catch {
    return error.message;
  }
}
