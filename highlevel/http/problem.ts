import { labelIn } from './labels.ts';

type ProblemKind =
  | 'invalid'
  | 'duplicate'
  | 'not_found'
  | 'forbidden'
  | 'unauthorized'
  | 'paused'
  | 'throttled'
  | 'unavailable';

/** What HighLevel said when it refused a request. */
export interface Problem {
  kind: ProblemKind;
  /** HTTP status; 0 when no answer came. */
  status: number;
  /** HighLevel's own sentences, one for each fault of the request. */
  messages: string[];
  code: string | null;
  /** For a duplicate: the record that stands in the way. [measured by others] */
  existingId: string | null;
  /** HighLevel's own advice, in the v3 envelope only. [spec] */
  resolution: string | null;
  /** The label of the field at fault, where a message names it. */
  field: string | null;
  /** After a 429, how long to wait before asking again, in seconds; null for anything else. */
  waitSeconds: number | null;
  /** HighLevel's support asks for it. [docs] */
  traceId: string | null;
}

/**
 * Reads an error answer in each shape HighLevel is known to use: `message` as a string or an array, the v3 envelope
 * `{error: {code, message, resolution}}`, or something that is no JSON at all [spec; issue #262]; and in shapes that are
 * usual elsewhere: `{errors: [{field, message}]}`, a `message` of several levels, a bare text. [assumed]
 *
 * @param data the parsed body, or undefined when it was not JSON
 * @param sent the names of what the request sent, of which one may be at fault; any name where absent
 */
export function readProblem(status: number, data: unknown, sent?: readonly string[]): Problem {
  const body = asRecord(data);
  const envelope = asRecord(body.error);
  const said = [...texts(envelope.message ?? body.message), ...texts(body.errors)];
  const messages = [...new Set(said.length > 0 ? said : lesserTexts(data))];
  const code = text(envelope.code) ?? text(body.code);
  return {
    kind: kindOf(status, code, messages),
    status,
    messages,
    code,
    existingId: text(asRecord(body.meta).existingId) ?? text(asRecord(body.meta).contactId),
    resolution: text(envelope.resolution),
    field: messages.map((message) => labelIn(message, sent)).find((label) => label !== null) ?? null,
    waitSeconds: null,
    traceId: text(body.traceId) ?? text(envelope.traceId),
  };
}

/**
 * The status of a refusal that came with a status of success: the one that the body names, or 400. That `succeded` is
 * spelled so is the specification's doing. [spec] That a refusal may come so is [assumed].
 *
 * @returns null where the body tells of no refusal
 */
export function refusedStatus(data: unknown): number | null {
  const { statusCode, status, success, succeded, succeeded, ok, error, errors } = asRecord(data);
  const named = [statusCode, status].find((one) => /^[45]\d\d$/.test(String(one)));
  if (named !== undefined) return Number(named);
  const says = [success, succeded, succeeded, ok].map(String);
  const names =
    texts(error).length > 0 ||
    texts(errors).length > 0 ||
    /^(error|failed|failure)$/i.test(text(status) ?? '');
  return says.includes('false') || (names && !says.includes('true')) ? 400 : null;
}

/** How a record that is gone is told of: by 400 for contacts [measured by others], and in other words and statuses. [measured by others] */
const GONE = /\bnot found\b|\b(?:has been|was|is|already) deleted\b|\bdoes(?: not|n[’']t) exist\b/i;

/** What a refresh of the tokens says of a paused sub-account [spec]; that other calls say so is [assumed]. */
const PAUSED = /\blocation is not active\b/i;

function kindOf(status: number, code: string | null, messages: string[]): ProblemKind {
  if (status < 500 && isPausedIn(messages)) return 'paused';
  if (code === 'OPPORTUNITY_NO_DUPLICATE' || messages.some((message) => /duplicate/i.test(message)))
    return 'duplicate';
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'forbidden';
  // A record that is gone is answered with 400 for contacts, and perhaps for opportunities. [measured by others]
  if (status === 404 || status === 410) return 'not_found';
  if ([400, 422].includes(status) && messages.some((message) => GONE.test(message))) return 'not_found';
  if (status === 429) return 'throttled';
  if (status === 408 || status >= 500) return 'unavailable';
  return 'invalid';
}

/** Whether words of HighLevel's say that the sub-account is paused or unpaid. */
export function isPausedIn(messages: string[]): boolean {
  return messages.some((message) => PAUSED.test(message));
}

/** Whether a 401 is about a permission that the token lacks, and not about the token. [issue #217; issue #245] */
export function lacksPermission({ kind, messages }: Problem): boolean {
  return kind === 'unauthorized' && messages.some((message) => /\bscope\b/i.test(message));
}

/** Whether a 401 is about an agency's token where a sub-account's is wanted. [measured by others] */
export function isAgencyToken({ kind, messages }: Problem): boolean {
  return kind === 'unauthorized' && messages.some((message) => /\bauthClass\b/i.test(message));
}

/** Whether a 401 says that the version of the API is missing or not known. [measured by others] */
export function isVersionRefused({ kind, messages }: Problem): boolean {
  return kind === 'unauthorized' && messages.some((message) => /\bversion\b/i.test(message));
}

/** Whether a 401 says that the token itself is no good; a missing or unknown Version is answered so too. [measured by others] */
export function isBadToken(problem: Problem): boolean {
  return problem.kind === 'unauthorized' && !lacksPermission(problem) && !isVersionRefused(problem);
}

/** What `unreadable` calls an answer that tells of success, and not of what it was about. */
export const UNREADABLE_ANSWER = 'unreadable';

/** Whether HighLevel did something and did not say what in a way that can be read. */
export function isUnreadable(error: unknown): boolean {
  return problemOf(error)?.code === UNREADABLE_ANSWER;
}

/** What `outOfTime` calls a request that was never sent. */
export const NOT_SENT = 'not_sent';

const PROBLEM = Symbol('HighLevel problem');

/** Hangs the problem on the error that carries it, so that an operation can act on it without reading sentences. */
export function withProblem<E extends Error>(error: E, problem: Problem): E {
  Object.defineProperty(error, PROBLEM, { value: problem, enumerable: false });
  return error;
}

/** The problem that an error carries, or null for any other error. */
export function problemOf(error: unknown): Problem | null {
  return error instanceof Error ? ((error as { [PROBLEM]?: Problem })[PROBLEM] ?? null) : null;
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** All texts of a message, however deep; the name of a field stands before what does not hold it. */
function texts(value: unknown, field = ''): string[] {
  if (typeof value === 'string') {
    if (value === '') return [];
    return [field === '' || value.includes(field) ? value : `${field}: ${value}`];
  }
  if (Array.isArray(value)) return value.flatMap((item) => texts(item, field));
  const record = asRecord(value);
  if (record.message !== undefined) return texts(record.message, text(record.field) ?? field);
  return Object.entries(record).flatMap(([name, item]) => texts(item, name));
}

/** What explains a refusal where there is no message: the details of an envelope, the word for the error, or a bare text. */
function lesserTexts(data: unknown): string[] {
  if (typeof data === 'string') return texts(data);
  const { error } = asRecord(data);
  return texts(typeof error === 'string' || Array.isArray(error) ? error : asRecord(error).details);
}

/**
 * What a read after a change gives, or else what is known: it was saved.
 *
 * @throws the error of what is gone, which may be answered as if it had been changed
 */
export async function orKnown<T, K>(read: Promise<T>, known: () => K): Promise<T | K> {
  try {
    return await read;
  } catch (error) {
    if (problemOf(error)?.kind === 'not_found') throw error;
    return known();
  }
}

/** What is read, or null where HighLevel says that it is gone; any other error stays one. */
export async function unlessGone<T>(read: Promise<T>): Promise<T | null> {
  try {
    return await read;
  } catch (error) {
    if (problemOf(error)?.kind === 'not_found') return null;
    throw error;
  }
}
