import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { type Fields, isFields, isFunctionMark } from '../app/definition.ts';
import { ZapFailure } from '../app/failure.ts';
import type { Host } from '../app/host.ts';
import type { Cost } from '../events.ts';
import { type AuthData, type Connection, keepTopLevel } from './connection.ts';

export type ConnectOptions = {
  /** Stands for the person's browser: opens the URL, consents, and returns the URL it was sent back to. */
  browse?: (url: string) => Promise<string>;
  /** What the person filled into the connection form. */
  fields?: AuthData;
  /** Where the app's OAuth server sends the browser back to. */
  redirectUri?: string;
  user?: string;
};

/**
 * Makes a connection by the app's own steps: authorizeUrl, the browser, getAccessToken, then the test and the
 * label. The fields of the form reach the first two in `bundle.inputData`, with redirect_uri, state and
 * response_type [source cli/src/oclif/commands/invoke/auth/start.js]; PKCE is added where the app turns it on,
 * and the scope where the URL has none. Authentication types without OAuth 2 take the fields as they are;
 * sessions and OAuth 1 are not emulated.
 * @throws ZapFailure where the app fails. @throws Error where the state differs or a computed field is missing.
 */
export async function connect(host: Host, options: ConnectOptions): Promise<Connection> {
  const authentication = host.definition.authentication;
  if (!authentication) throw new Error('The app has no authentication.');
  if (authentication.type === 'session' || authentication.type === 'oauth1') {
    throw new Error(`Connections of type ${authentication.type} are not emulated.`);
  }
  const connection: Connection = {
    id: randomUUID(),
    user: options.user ?? 'user',
    authData: { ...options.fields },
    label: '',
    stale: false,
    version: 0,
  };
  const cost = { requests: 0, ms: 0 };
  const add = ({ requests, ms }: Cost) => {
    cost.requests += requests;
    cost.ms += ms;
  };
  if (authentication.type === 'oauth2') add(await authorize(host, connection, options));
  const tested = await testConnection(host, connection);
  add(tested);
  const labelled = await labelFor(host, connection, tested.results);
  add(labelled);
  connection.label = labelled.label;
  host.emit({ type: 'connected', connection: connection.id, label: connection.label, ...cost });
  return connection;
}

/**
 * Connects anew what was set aside: the same connection, for every Zap that uses it, with new tokens and label.
 * @throws as connect does; the connection is then as it was.
 */
export async function reconnect(host: Host, connection: Connection, options: ConnectOptions): Promise<void> {
  const { authData, label } = await connect(host, { user: connection.user, ...options });
  Object.assign(connection, { authData, label, stale: false, version: connection.version + 1 });
}

/** Runs the app's own test of a connection. @throws ZapFailure where it fails. */
export async function testConnection(host: Host, connection: Connection) {
  return host.call({ method: 'authentication.test', connection, meta: { isTestingAuth: true } });
}

async function authorize(host: Host, connection: Connection, options: ConnectOptions): Promise<Cost> {
  const { browse, redirectUri = 'http://127.0.0.1/zap-runner/redirect' } = options;
  if (!browse) throw new Error('Connecting by OAuth 2 needs a browse function.');
  const config = host.definition.authentication?.oauth2Config ?? {};
  const state = randomBytes(16).toString('hex');
  const verifier = config.enablePkce ? randomBytes(32).toString('base64url') : undefined;
  const asked = await host.callOnce({
    method: 'authentication.oauth2Config.authorizeUrl',
    inputData: { ...options.fields, redirect_uri: redirectUri, state, response_type: 'code' },
  });
  const url = new URL(String(asked.results));
  if (config.scope && !url.searchParams.has('scope')) url.searchParams.set('scope', config.scope);
  if (verifier) {
    url.searchParams.set('code_challenge', createHash('sha256').update(verifier).digest('base64url'));
    url.searchParams.set('code_challenge_method', 'S256');
  }
  const back = new URL(await browse(url.href));
  const querystring = Object.fromEntries(back.searchParams);
  if (querystring.state !== state)
    throw new Error('The browser came back with another state than it left with.');
  const code = querystring[config.codeParam ?? 'code'];
  if (!code) throw new Error(`The browser came back without a code: ${back.search}`);

  const got = await host.callOnce({
    method: 'authentication.oauth2Config.getAccessToken',
    inputData: {
      ...options.fields,
      redirect_uri: redirectUri,
      code,
      ...(verifier && { code_verifier: verifier }),
    },
    extra: { cleanedRequest: { method: 'GET', querystring } },
  });
  connection.authData = { ...connection.authData, ...keepTopLevel(got.results) };
  checkComputed(host, connection);
  return { requests: asked.requests + got.requests, ms: asked.ms + got.ms };
}

function checkComputed(host: Host, connection: Connection): void {
  for (const field of host.definition.authentication?.fields ?? []) {
    // A computed field counts as required unless it says otherwise [docs].
    if (field.computed && field.required !== false && connection.authData[field.key] === undefined) {
      throw new Error(`The token answer has no ${field.key}, which the app declares as computed.`);
    }
  }
}

async function labelFor(
  host: Host,
  connection: Connection,
  test: unknown,
): Promise<Cost & { label: string }> {
  const template = host.definition.authentication?.connectionLabel;
  const free = { requests: 0, ms: 0 };
  if (template === undefined) return { ...free, label: '' };
  const inputData: Fields = { ...connection.authData, ...(isFields(test) ? test : {}) };
  if (typeof template === 'string' && !isFunctionMark(template)) {
    const label = template.replace(
      /\{\{\s*(?:bundle\.(?:inputData|authData)\.)?([^{}\s]+)\s*\}\}/g,
      (_all, path: string) => String(lookUp(inputData, path) ?? ''),
    );
    return { ...free, label: label.trim() };
  }
  const reply = await host.call({ method: 'authentication.connectionLabel', connection, inputData });
  if (typeof reply.results !== 'string') {
    throw new ZapFailure({ kind: 'other', message: 'The connection label is not a text.' }, reply);
  }
  return { requests: reply.requests, ms: reply.ms, label: reply.results };
}

function lookUp(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, key) => (isFields(inner) ? inner[key] : undefined), value);
}
