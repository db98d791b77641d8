import type { Sandbox } from '../sandbox/index.ts';
import type { ConnectOptions } from '../zap-runner/index.ts';
import { signIn } from './scenario.ts';

/** A build of the app, as the demonstration uses it. */
export interface Way {
  /** The built entry, from the project's root. */
  bundle: string;
  /** What a person sees happen. */
  how: string;
  connect: (sandbox: Sandbox) => ConnectOptions;
}

/** The kinds of connection, by what `--auth` calls them. */
export const WAYS = {
  oauth: {
    bundle: 'dist/index.js',
    how: 'consent page, code, tokens, test',
    connect: (sandbox: Sandbox) => ({ browse: signIn(sandbox), fields: { login_host: 'gohighlevel' } }),
  },
  'private-token': {
    bundle: 'dist/index.private-token.js',
    how: 'a private integration token, and a test of it',
    connect: (sandbox: Sandbox) => ({
      fields: {
        access_token: sandbox.mintToken({ private: true }).accessToken,
        locationId: sandbox.locationId,
      },
    }),
  },
} satisfies Record<string, Way>;

/** @returns null for a kind that there is not */
export function wayCalled(name: string): Way | null {
  return Object.hasOwn(WAYS, name) ? WAYS[name as keyof typeof WAYS] : null;
}
