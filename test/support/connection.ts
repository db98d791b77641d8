import { createAppHandler } from 'zapier-platform-core';
import App from '../../index.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../local/sandbox/index.ts';
import { withoutMemoryCheck } from '../../local/zap-runner/app/load.ts';

export interface Connection {
  sandbox: Sandbox;
  authData: Record<string, string>;
  /** Runs a method of the app as Zapier would, through core's own handler. */
  run<T = Record<string, unknown>[]>(
    method: string,
    inputData?: Record<string, unknown>,
    rest?: { meta?: Record<string, unknown>; bundle?: Record<string, unknown> },
  ): Promise<T>;
  /** `METHOD /path` of each request to HighLevel since the last call of this function. */
  requests(): string[];
  /** Empties the connection's cache, so that everything is asked for again. */
  forget(): void;
  close(): Promise<void>;
}

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

/** A sandbox and a connection to it, with a cache of its own. */
export async function connect(options: SandboxOptions = {}): Promise<Connection> {
  const sandbox = await startSandbox(options);
  const handler = withoutMemoryCheck(createAppHandler(App));
  const zcacheTestObj: Record<string, unknown> = {};
  const authData: Record<string, string> = {
    access_token: sandbox.accessToken,
    refresh_token: 'unused',
    scope: '',
    locationId: sandbox.locationId,
    companyId: sandbox.companyId,
  };
  const { log } = sandbox.context;
  return {
    sandbox,
    authData,
    run: async <T>(
      method: string,
      inputData: Record<string, unknown> = {},
      { meta = {}, bundle = {} }: { meta?: object; bundle?: object } = {},
    ) => {
      const event = {
        command: 'execute',
        method,
        bundle: { authData, inputData, inputDataRaw: inputData, meta: { ...META, ...meta }, ...bundle },
        environment: {
          HIGHLEVEL_API_URL: sandbox.url,
          HIGHLEVEL_MARKETPLACE_URL: sandbox.url,
          CLIENT_ID: sandbox.clientId,
          CLIENT_SECRET: sandbox.clientSecret,
        },
        zcacheTestObj,
        calledFromCli: true,
      };
      return (await handler(event)).results as T;
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
  throw new Error('It was expected to fail, and did not.');
}

/** The sentence that a person sees: core wraps some of them in JSON. [source: core, errors] */
export function sentenceOf(error: Error): string {
  try {
    return (JSON.parse(error.message) as { message: string }).message;
  } catch {
    return error.message;
  }
}
