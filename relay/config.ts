import type { KeyObject } from 'node:crypto';
import { resolve } from 'node:path';
import * as s from 'zod/mini';
import { HIGHLEVEL_WEBHOOK_KEY, readPublicKeys, type WebhookKeys } from '../wire/signature.ts';
import { PRIVATE_NETWORKS, type ProxyRule, readProxyRule } from './http/callers.ts';
import { readTargetRule, type TargetRule } from './subscriptions/targets.ts';

/** All of the relay's settings. */
export interface Config {
  /** TCP port; 0 picks a free one. */
  port: number;
  host: string;
  /** Where the embedded PostgreSQL lives; unused with a database URL. */
  dataDir: string;
  /** A PostgreSQL of one's own, in place of the embedded one. */
  databaseUrl: string | null;
  /** Where tokens are proved. */
  highlevelUrl: string;
  webhookKeys: WebhookKeys;
  /** The marketplace app whose events are taken; null takes those of every app. */
  appId: string | null;
  /** Which addresses are proxies in front of the relay: they are believed for whom they call. */
  isProxy: ProxyRule;
  /** Where hooks may be sent. */
  targets: TargetRule[];
  /** What callers of /subscriptions send in `x-relay-secret`, beside their own token; null asks for none. */
  sharedSecret: string | null;
  /** What an operator sends as a bearer token; null shuts the operator's routes. */
  adminToken: string | null;
  /** Where it is told what needs a person; null for nowhere. */
  noticesUrl: string | null;
  logLevel: LogLevel;
  /** How many events may wait for their turn before HighLevel is asked to come back later. */
  maxBacklog: number;
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
type LogLevel = (typeof LOG_LEVELS)[number];

const wholeNumber = (max: number) =>
  s.pipe(
    s.string().check(s.regex(/^\d+$/, `must be a whole number from 0 to ${max}`)),
    s.pipe(s.transform(Number), s.number().check(s.maximum(max, `must be a whole number from 0 to ${max}`))),
  );

const address = (schemes: RegExp, like: string) =>
  s.string().check(
    s.refine((text) => URL.canParse(text) && schemes.test(new URL(text).protocol), {
      error: `must be an address like ${like}`,
    }),
  );

const secret = s
  .string()
  .check(s.minLength(16, 'must have at least 16 characters; try: openssl rand -hex 32'));

const ENVIRONMENT = s.object({
  RELAY_PORT: s._default(wholeNumber(65_535), 8787),
  RELAY_HOST: s._default(s.string(), '127.0.0.1'),
  RELAY_DATA_DIR: s._default(s.string(), './relay-data'),
  DATABASE_URL: s.optional(address(/^postgres(ql)?:$/, 'postgres://user:password@host:5432/database')),
  HIGHLEVEL_API_URL: s._default(
    address(/^https?:$/, 'https://services.leadconnectorhq.com'),
    'https://services.leadconnectorhq.com',
  ),
  HIGHLEVEL_WEBHOOK_PUBLIC_KEYS: s._default(s.string(), HIGHLEVEL_WEBHOOK_KEY),
  RELAY_APP_ID: s.optional(
    s.string().check(s.regex(/^[0-9a-zA-Z]{8,64}(-\w+)?$/, 'must be the id of your marketplace app')),
  ),
  RELAY_LEGACY_RSA: s._default(s.enum(['on', 'off'], 'must be on or off'), 'off'),
  HIGHLEVEL_WEBHOOK_RSA_KEYS: s._default(s.string(), ''),
  RELAY_TRUSTED_PROXIES: s._default(s.string(), PRIVATE_NETWORKS),
  RELAY_TARGET_HOSTS: s._default(s.string(), 'hooks.zapier.com'),
  RELAY_SHARED_SECRET: s.optional(secret),
  RELAY_ADMIN_TOKEN: s.optional(secret),
  RELAY_NOTICES_URL: s.optional(address(/^https?:$/, 'https://hooks.slack.com/services/…')),
  LOG_LEVEL: s._default(s.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`), 'info'),
  RELAY_MAX_BACKLOG: s._default(wholeNumber(10_000_000), 100_000),
});

/** A configuration that cannot be used. The message has one line for each thing to set right, and no values. */
export class ConfigError extends Error {
  constructor(faults: string[]) {
    super(`The relay cannot start with these settings:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

/**
 * Reads the configuration; an empty variable is one that is not set.
 *
 * @throws ConfigError saying which variables to set to what
 */
export function readConfig(env: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const read = s.safeParse(ENVIRONMENT, given);
  if (!read.success) {
    throw new ConfigError(read.error.issues.map(({ path, message }) => `${path.join('.')} ${message}.`));
  }
  const values = read.data;
  const faults: string[] = [];
  const attempt = <T>(name: string, work: () => T, otherwise: T): T => {
    try {
      return work();
    } catch (error) {
      faults.push(`${name}: ${error instanceof Error ? error.message : error}.`);
      return otherwise;
    }
  };

  const none: KeyObject[] = [];
  const ed25519 = attempt(
    'HIGHLEVEL_WEBHOOK_PUBLIC_KEYS',
    () => readPublicKeys(values.HIGHLEVEL_WEBHOOK_PUBLIC_KEYS, 'ed25519'),
    none,
  );
  const rsa = attempt(
    'HIGHLEVEL_WEBHOOK_RSA_KEYS',
    () =>
      values.RELAY_LEGACY_RSA === 'on' ? readPublicKeys(values.HIGHLEVEL_WEBHOOK_RSA_KEYS, 'rsa') : none,
    none,
  );
  if (values.RELAY_LEGACY_RSA === 'on' && values.HIGHLEVEL_WEBHOOK_RSA_KEYS === '') {
    faults.push('HIGHLEVEL_WEBHOOK_RSA_KEYS must hold the key that RELAY_LEGACY_RSA=on is to accept.');
  }
  const targets = attempt(
    'RELAY_TARGET_HOSTS',
    () => entries(values.RELAY_TARGET_HOSTS).map(readTargetRule),
    [],
  );
  const isProxy = attempt(
    'RELAY_TRUSTED_PROXIES',
    () => readProxyRule(entries(values.RELAY_TRUSTED_PROXIES)),
    () => false,
  );
  if (ed25519.length === 0 && faults.length === 0)
    faults.push('HIGHLEVEL_WEBHOOK_PUBLIC_KEYS must hold a key.');
  if (targets.length === 0 && faults.length === 0) faults.push('RELAY_TARGET_HOSTS must name a host.');
  if (faults.length > 0) throw new ConfigError(faults);

  return {
    port: values.RELAY_PORT,
    host: values.RELAY_HOST,
    dataDir: resolve(values.RELAY_DATA_DIR),
    databaseUrl: values.DATABASE_URL ?? null,
    highlevelUrl: values.HIGHLEVEL_API_URL.replace(/\/+$/, ''),
    webhookKeys: { ed25519, rsa },
    // A client id is the app's id, a dash and a suffix. [docs]
    appId: values.RELAY_APP_ID?.split('-')[0] ?? null,
    isProxy,
    targets,
    sharedSecret: values.RELAY_SHARED_SECRET ?? null,
    adminToken: values.RELAY_ADMIN_TOKEN ?? null,
    noticesUrl: values.RELAY_NOTICES_URL ?? null,
    logLevel: values.LOG_LEVEL,
    maxBacklog: values.RELAY_MAX_BACKLOG,
  };
}

function entries(text: string): string[] {
  return text.split(/[\s,]+/).filter((entry) => entry !== '');
}
