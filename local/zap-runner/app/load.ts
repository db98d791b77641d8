import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createAppHandler } from 'zapier-platform-core';
import type { AppDefinition, Fields } from './definition.ts';

/** What Zapier sends into the app's Lambda, as far as core reads it [source core/src/tools/create-lambda-handler.js]. */
export type AppEvent = {
  command: 'execute' | 'definition' | 'validate';
  method?: string;
  bundle: Fields;
  environment?: Record<string, string>;
  rpc_base?: string;
  storeKey?: string | null;
  calledFromCli?: boolean;
  calledFromCliInvoke?: boolean;
  customLogger?: (message: string, data: LogEntry) => void;
};

/** One line of core's log; entries of type `http` describe one request [source core/src/http-middlewares/after/log-response.js]. */
export type LogEntry = {
  log_type?: string;
  request_via_client?: boolean;
  request_method?: string;
  request_url?: string;
  /** The query, without its question mark. */
  request_params?: string;
  request_data?: unknown;
  response_status_code?: number;
  response_headers?: string;
  response_content?: string;
};

type AppAnswer = { results: unknown; status?: string };
type Handler = (event: AppEvent) => Promise<AppAnswer>;

/** An app as Zapier holds it: something to send events to, and what it says of itself. */
export type LoadedApp = { handle: Handler; definition: AppDefinition };

/**
 * Loads the app. `appPath` is the built entry (`dist/index.js`), or a folder with an unzipped build, whose
 * `zapierwrapper.js` brings its own handler. `app` is the app object itself, for tests.
 * @throws Error when the path holds no app.
 */
export async function loadApp(
  source: { appPath: string; app?: undefined } | { app: object; appPath?: undefined },
  environment: Record<string, string>,
): Promise<LoadedApp> {
  const handle = withoutMemoryCheck(
    source.app ? createAppHandler(source.app) : await loadHandler(source.appPath as string),
  );
  const answer = await handle({
    command: 'definition',
    bundle: {},
    environment,
    calledFromCli: true,
    calledFromCliInvoke: true,
  });
  return { handle, definition: answer.results as AppDefinition };
}

/**
 * A handler that core does not end for the size of its process. After 250 runs core exits where 450 MB are in use, and
 * Zapier starts another process [source core/src/tools/memory-checker.js]; here the process holds much besides the
 * app, so that its size says nothing of it. The check is the first thing that a run does, before it ever waits.
 */
export function withoutMemoryCheck<Event, Answer>(handle: (event: Event) => Promise<Answer>) {
  return (event: Event): Promise<Answer> => {
    const measured = process.memoryUsage;
    process.memoryUsage = Object.assign(() => ({ ...measured(), rss: 0 }), { rss: () => 0 });
    try {
      return handle(event);
    } finally {
      process.memoryUsage = measured;
    }
  };
}

async function loadHandler(appPath: string): Promise<Handler> {
  const path = resolve(appPath);
  if (!existsSync(path)) throw new Error(`There is no built app at ${path}: build it first.`);
  const entry = statSync(path).isDirectory() ? join(path, 'zapierwrapper.js') : path;
  const module: Record<string, unknown> = await import(pathToFileURL(entry).href);
  const wrapped = module.handler ?? (module.default as Fields | undefined)?.handler;
  if (typeof wrapped === 'function') return wrapped as Handler;
  // The wrapper of a real build also takes named exports for the app [source core/include/zapierwrapper.mjs].
  return createAppHandler((module.default ?? module) as object);
}
