import type { Sandbox } from '../../../local/sandbox/server.ts';

export interface Answer {
  status: number;
  body: Record<string, unknown>;
}

/** Calls the sandbox as the app does, with a token that may do all, unless told otherwise. */
export function caller(sandbox: Sandbox, options: { token?: string; version?: string } = {}) {
  return async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(`${sandbox.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${options.token ?? sandbox.accessToken}`,
        version: options.version ?? 'v3',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
}

/** The names of the events told so far. */
export function eventsOf(sandbox: Sandbox): string[] {
  return sandbox.context.webhooks.log().map((one) => one.type);
}
