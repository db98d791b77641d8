import type { Bundle, ZObject } from 'zapier-platform-core';
import * as s from 'zod/mini';
import { askAgain } from './ask-again.ts';
import { noteBudget } from './budget.ts';
import { type Cache, memoryCache, zapierCache } from './cache.ts';
import { apiUrl } from './environment.ts';
import { type Errors, plainErrors } from './error-kinds.ts';
import { noAnswer, outOfTime, type RequestPurpose, refusal, unreadable } from './errors.ts';
import { hasScope, isWriting, requireScope, requireWriting, type Scope } from './permissions.ts';
import {
  isVersionRefused,
  lacksPermission,
  readProblem,
  refusedStatus,
  UNREADABLE_ANSWER,
} from './problem.ts';
import { type RunClock, runClock, unhurried } from './run-clock.ts';
import {
  type Answer,
  fetchTransport,
  jsonText,
  NoAnswer,
  queryString,
  type Request,
  type Transport,
  zapierTransport,
} from './transport.ts';

/** One operation of HighLevel's API. */
export interface Endpoint {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** As the vendor writes it, with `{name}` for what goes into the path. */
  path: string;
  scope: Scope;
  /** What it does, after "HighLevel could not …". */
  doing: string;
  /** False where sending it twice does it twice; such a request is never repeated. */
  repeatable: boolean;
  /** False where nothing that a person filled in is sent, so that none of it is at fault. */
  takesInput?: boolean;
}

interface RequestParts {
  path?: Record<string, string>;
  query?: Record<string, string | number | boolean | undefined>;
  body?: Record<string, unknown>;
}

/** What a connection holds; all of it text, as Zapier keeps it. */
type AuthData = Record<string, string>;

/** HighLevel's API for one connection: what every room of highlevel/ is bound to. */
export interface Client extends Cache {
  /**
   * Sends one request and gives the answer as it came.
   *
   * @throws the errors of `refusal`, and errors.Error for no answer or no time left
   */
  send(request: Omit<Request, 'timeoutMs'>, purpose: RequestPurpose): Promise<Answer>;
  /**
   * Calls HighLevel and reads the answer.
   *
   * @param schema what is needed of the answer; more than it names is let through
   * @throws the errors of `refusal`; errors.Error for a missing permission, no answer, or an unreadable one
   */
  call<S extends s.ZodMiniType>(endpoint: Endpoint, schema: S, parts: RequestParts): Promise<s.output<S>>;
  /**
   * Asks before anything else what `call` asks before the request: whether the person allowed it.
   *
   * @throws errors.Error for a missing permission
   */
  requirePermission(endpoint: Endpoint): void;
  /**
   * Asks whether the person allowed Zaps to write at all.
   *
   * @param doing what is to be done, after "not allowed to …"
   * @throws errors.Error where they chose reading alone
   */
  requireWriting(doing: string): void;
  /**
   * Asks whether a permission was granted, where that is known.
   *
   * @param doing what it is for, after "not allowed to …"
   * @throws errors.Error for a missing permission
   */
  requireScope(scope: string, doing: string): void;
  /** Whether the person granted a permission; true as well when the connection does not say what was granted. */
  hasScope(scope: Scope): boolean;
  /**
   * The sub-account that this connection is for; the token answer named it. [spec]
   *
   * @throws errors.Error where the connection has none, as one made for an agency has
   */
  locationId(): string;
  /**
   * Refuses as HighLevel does for what it does not have.
   *
   * @throws HaltedError with kind `not_found`
   */
  refuseAsGone(endpoint: Endpoint): never;
  /** Zapier's kinds of errors, or plain ones of the same names. */
  errors: Errors;
  authData: AuthData;
  /** Writes a line into the Zap's log, where there is one: nothing that a person must not read there. */
  log(line: string): void;
}

/** The client of a Zap's run. */
export function zapierClient(z: ZObject, bundle: Pick<Bundle, 'authData'>): Client {
  const authData = () => bundle.authData ?? {};
  return createClient({
    transport: zapierTransport(z),
    cache: zapierCache(z, bundle),
    errors: z.errors,
    authData,
    log: (line) => z.console?.log(line),
    clock: runClock(),
    asks401InWords: (request) =>
      fetchTransport({ apiUrl: apiUrl(), token: authData().access_token ?? '' })(request),
  });
}

/** The client of what runs beside Zapier and has a token. */
export function tokenClient(access: { apiUrl: string; token: string; locationId: string }): Client {
  return createClient({
    transport: fetchTransport(access),
    cache: memoryCache(),
    errors: plainErrors,
    authData: () => ({ locationId: access.locationId }),
    log: () => {},
    clock: unhurried,
    asks401InWords: null,
  });
}

interface Means {
  transport: Transport;
  cache: Cache;
  errors: Errors;
  authData: () => AuthData;
  log: Client['log'];
  clock: RunClock;
  /** Asks by plain fetch, because core hides what a sign-in's 401 says. [source: core, throw-for-stale-auth] */
  asks401InWords: Transport | null;
}

function createClient({ transport, cache, errors, authData, log, clock, asks401InWords }: Means): Client {
  const demandScope: Client['requireScope'] = (scope, doing) =>
    requireScope(errors, { authData: authData() }, scope, doing);
  const requirePermission = ({ scope, doing }: Endpoint) => demandScope(scope, doing);

  const send: Client['send'] = async (request, purpose) => {
    const timeoutMs = purpose.writes ? clock.forWrite() : clock.forRead();
    if (timeoutMs === 0) throw outOfTime(errors, purpose);
    const ask = () => transport({ timeoutMs: purpose.writes ? timeoutMs : clock.forRead(), ...request });
    const isRead = !purpose.writes && purpose.repeatable;
    const answer = await (isRead ? askAgain(ask, clock) : ask()).catch(async (error: unknown) => {
      if (error instanceof NoAnswer) throw noAnswer(errors, purpose, error.message);
      throw (await refusalBehind(error, request, purpose)) ?? error;
    });
    // Noted before a refusal is thrown: one for want of allowance tells the most.
    await noteBudget(cache, answer.headers);
    // A page is no success, whatever its status says.
    if (answer.status < 300 && PAGE.test(answer.text))
      throw noAnswer(errors, purpose, notItsApi(answer.status));
    if (answer.status >= 300 && !isGivenBack(answer, purpose)) {
      // Where it leads elsewhere, it is no API that answered.
      const isPage =
        answer.status < 400 || (answer.data === undefined && answer.text !== '' && answer.status < 500);
      throw isPage ? noAnswer(errors, purpose, notItsApi(answer.status)) : refusal(errors, answer, purpose);
    }
    return answer;
  };

  const call: Client['call'] = async (endpoint, schema, { path = {}, query = {}, body }) => {
    requirePermission(endpoint);
    const { method, doing, repeatable, takesInput, scope } = endpoint;
    const writes = isWriting(scope);
    const sent = namesOf({ ...path, ...query, ...body });
    const purpose: RequestPurpose = { doing, repeatable, takesInput, scope, writes, sent };
    const whole = fillPath(endpoint.path, path) + queryString(query);
    const answer = await send({ method, path: whole, ...(body ? { body: jsonText(body) } : {}) }, purpose);
    // An answer may be empty where nothing in it is needed; whether the schema can do without shows below.
    if (answer.data === undefined && answer.text !== '') {
      throw BROKEN_OFF.test(answer.text)
        ? noAnswer(errors, purpose, 'its answer broke off', UNREADABLE_ANSWER)
        : noAnswer(errors, purpose, notItsApi(answer.status));
    }
    const refused = refusedStatus(answer.data);
    if (refused !== null) throw refusal(errors, { ...answer, status: refused }, purpose);
    const read = s.safeParse(schema, answer.data);
    if (!read.success) {
      const at = read.error.issues[0]?.path.join('.') || 'the whole answer';
      throw unreadable(errors, purpose, at, answer.data);
    }
    return read.data;
  };

  /** What HighLevel says with a sign-in's 401, where it is not about the token; null where it is, or cannot be had. */
  const refusalBehind = async (
    error: unknown,
    { method, path }: { method: string; path: string },
    purpose: RequestPurpose,
  ) => {
    if (!(error instanceof Error && error.name === 'RefreshAuthError') || !asks401InWords) return null;
    // That search has another one to take its place, and a write is not sent twice.
    if (method === 'POST' && path.startsWith('/opportunities/search')) return null;
    const pipelines = `/opportunities/pipelines${queryString({ locationId: authData().locationId })}`;
    const again = { method: 'GET' as const, path: method === 'GET' ? path : pipelines };
    const answer = await asks401InWords({ ...again, timeoutMs: ASK_AGAIN_MS }).catch(() => null);
    if (!answer) return null;
    const asked = { ...purpose, isSignIn: true };
    // The same token is taken for a read, so it has not expired: what it lacks is the permission for this.
    if (answer.status < 300 && method !== 'GET') return refusal(errors, NOT_ALLOWED, asked);
    if (answer.status !== 401) return null;
    const problem = readProblem(answer.status, answer.data);
    const helpsToKnow = isVersionRefused(problem) || problem.kind === 'paused' || lacksPermission(problem);
    return helpsToKnow ? refusal(errors, answer, asked) : null;
  };

  return {
    ...cache,
    send,
    call,
    requirePermission,
    requireScope: demandScope,
    requireWriting: (doing) => requireWriting(errors, { authData: authData() }, doing),
    refuseAsGone: ({ doing, repeatable, scope }) => {
      throw refusal(errors, GONE, { doing, repeatable, scope });
    },
    hasScope: (scope) => hasScope({ authData: authData() }, scope),
    locationId: () => authData().locationId || noSubAccount(errors),
    errors,
    log,
    get authData() {
      return authData();
    },
  };
}

/** What a person may have filled in; the sub-account is in most requests, and in no field. */
function namesOf(parts: Record<string, unknown>): string[] {
  const { locationId: _, ...own } = parts;
  return Object.keys(own).filter((name) => own[name] !== undefined);
}

const ASK_AGAIN_MS = 5000;
/** A sign-in's 401 to a write, whose words core hides. */
const NOT_ALLOWED: Answer = {
  status: 401,
  data: { message: 'it does not let this connection do so, while it lets it read (status 401)' },
  text: '',
  headers: { get: () => null },
};
const GONE: Answer = {
  status: 404,
  data: { message: 'it is not there any more' },
  text: '',
  headers: { get: () => null },
};
/** JSON that does not end as it began. */
const BROKEN_OFF = /^\s*[{[]/;
const PAGE = /^\s*<(?:!doctype|html)\b/i;

function notItsApi(status: number): string {
  return (
    `it answered with something that is not its API (status ${status}), such as a page to sign in or to block. ` +
    'If this goes on, whoever runs this integration has to check the address of the API in its environment'
  );
}

/** A 401 and a 429 are never given back: Zapier renews the connection with the one, and waits with the other. */
function isGivenBack({ status }: Answer, { givesRefusals = false }: RequestPurpose): boolean {
  return givesRefusals && status !== 401 && status !== 429;
}

function noSubAccount(errors: Errors): never {
  throw new errors.Error(
    'This HighLevel connection is not tied to a sub-account. Open My Apps in Zapier, reconnect HighLevel, and choose ' +
      'one sub-account in the list that HighLevel shows.',
    'no_sub_account',
    403,
  );
}

function fillPath(path: string, values: Record<string, string>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
}
