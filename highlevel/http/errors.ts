import { apiVersion } from './environment.ts';
import type { Errors } from './error-kinds.ts';
import { withLabels } from './labels.ts';
import { howToGrant, permissionInWords } from './permissions.ts';
import {
  isAgencyToken,
  isBadToken,
  isVersionRefused,
  lacksPermission,
  NOT_SENT,
  type Problem,
  readProblem,
  UNREADABLE_ANSWER,
  withProblem,
} from './problem.ts';
import { inWords, retryDelaySeconds } from './rate-limit.ts';
import { shortened } from './shortened.ts';
import type { Answer } from './transport.ts';

/** What a request says of itself to the error map. */
export interface RequestPurpose {
  /** What it was meant to do, after "HighLevel could not …". */
  doing: string;
  /** Whether sending it twice does it twice. */
  repeatable: boolean;
  /** False where nothing that a person filled in is sent, so that none of it is at fault. */
  takesInput?: boolean;
  /** Whether the connection is a sign-in, and not a private token. */
  isSignIn?: boolean;
  /** The permission that it takes, where one is known. */
  scope?: string;
  /** Whether it changes anything; such a request is not begun where it may not end in time. */
  writes?: boolean;
  /** The names of what it sent: only of these a step surely has a field. */
  sent?: readonly string[];
  /** Whether a refusal is an answer like any other: what a person asked for in so many words. */
  givesRefusals?: boolean;
}

/**
 * The one place where a refusal of HighLevel's becomes an error that a person can act on.
 *
 * @returns ThrottledError for 429, with the delay in seconds; HaltedError for what a retry cannot help (400, 404, 422 for
 *   what a person filled in); ExpiredAuthError for a token that is no good any more; errors.Error for a connection
 *   without access (401, 403), for a paused sub-account, for a list that is refused, and for trouble at HighLevel (408,
 *   5xx, no JSON). Core makes "refresh me" of a sign-in's 401 before this is asked,
 *   so a 401 that arrives here is a private token's. [source: core, create-app-request-client]
 */
export function refusal(errors: Errors, answer: Answer, purpose: RequestPurpose): Error {
  const problem = readProblem(answer.status, answer.data, purpose.sent ?? []);
  const said = sentence(problem, purpose);
  switch (problem.kind) {
    case 'throttled': {
      const delay = retryDelaySeconds(answer.headers);
      return withProblem(
        new errors.ThrottledError(`${said} Zapier tries again in ${inWords(delay)}.`, delay),
        { ...problem, waitSeconds: delay },
      );
    }
    case 'unavailable':
    case 'paused':
    case 'forbidden':
    case 'unauthorized':
      if (isBadToken(problem) && !purpose.isSignIn)
        return withProblem(new errors.ExpiredAuthError(said), problem);
      return withProblem(new errors.Error(said, problem.code ?? problem.kind, problem.status), problem);
    default:
      if (purpose.takesInput === false) {
        return withProblem(new errors.Error(said, problem.code ?? problem.kind, problem.status), problem);
      }
      return withProblem(new errors.HaltedError(said), problem);
  }
}

/**
 * The error for a request that got no answer, or one that cannot be read.
 *
 * @param what what happened, as the end of "HighLevel could not …: "
 * @param code what tells this problem from others
 */
export function noAnswer(
  errors: Errors,
  purpose: RequestPurpose,
  what: string,
  code: string | null = null,
): Error {
  const problem: Problem = { ...readProblem(0, undefined), kind: 'unavailable', code, messages: [what] };
  return withProblem(new errors.Error(sentence(problem, purpose), 'unavailable', 503), problem);
}

/**
 * The error for an answer of an unexpected shape, which does not change by itself.
 *
 * @param at the name of what is missing or otherwise, as it stands in the answer
 * @param data the answer, which may name a trace
 */
export function unreadable(errors: Errors, purpose: RequestPurpose, at: string, data: unknown): Error {
  const what =
    data === undefined
      ? 'its answer was empty'
      : `it answered in a way that this step cannot read (at ${at})`;
  const read = readProblem(0, data);
  const problem: Problem = { ...read, kind: 'unavailable', code: UNREADABLE_ANSWER, messages: [what] };
  const report = 'Replaying this step does not help: report it to whoever runs this integration';
  const trace = problem.traceId ? ', with the trace ID' : '';
  const next = purpose.repeatable
    ? `${purpose.writes ? `${PERHAPS_SAVED}: look in HighLevel. ` : ''}${report}${trace}.`
    : `${PERHAPS_SAVED}: look in HighLevel. Replayed in a minute, this step looks for what was made before it makes another.`;
  return withProblem(new errors.Error(sentence(problem, purpose, next), 'unreadable', 503), problem);
}

/** The error for a request that was not sent, because Zapier would have given up before its answer. */
export function outOfTime(errors: Errors, { doing }: RequestPurpose): Error {
  const sentence =
    `HighLevel answered so slowly that there was no time left to ${doing}: Zapier gives a step 30 seconds. ` +
    'The request was not sent. Replay this step, or let Zapier do so.';
  const none = readProblem(0, undefined);
  const problem: Problem = { ...none, kind: 'unavailable', code: NOT_SENT, messages: [sentence] };
  return withProblem(new errors.Error(sentence, 'out_of_time', 504), problem);
}

/**
 * The error for a creation whose earlier try got no answer, where HighLevel does not tell now whether that made it.
 *
 * @param thing what was to be created, with its article
 * @param why what is in the way of telling, as the end of "HighLevel lists one that …"
 */
export function undecided(errors: Errors, thing: string, why: string): Error {
  const sentence =
    `HighLevel did not answer an earlier run of this step, and now it cannot be told whether that run created ${thing}: ` +
    `HighLevel lists one that ${why}. Nothing was created this time. Look in HighLevel whether it is there before you replay this step.`;
  const problem: Problem = { ...readProblem(0, undefined), kind: 'unavailable', messages: [sentence] };
  return withProblem(new errors.Error(sentence, 'undecided', 503), problem);
}

export const WITHOUT_DATE = 'looks the same and has no date';
export const NOT_READABLE = 'has no ID, or cannot be read';

function sentence(problem: Problem, purpose: RequestPurpose, next = nextStep(problem, purpose)): string {
  const reason =
    problem.messages
      .map((message) => shortened(withLabels(message), MOST_OF_A_MESSAGE))
      .join('; ')
      .replace(/[.\s]+$/, '') || plainReason(problem);
  const trace = problem.traceId ? ` (HighLevel trace ID: ${problem.traceId})` : '';
  const isOpen = problem.kind === 'unavailable' && (purpose.writes || !purpose.repeatable);
  const outcome = isOpen ? 'did not say whether it could' : 'could not';
  return `HighLevel ${outcome} ${purpose.doing}: ${reason}. ${next}${trace}`;
}

/** HighLevel may repeat all that it was sent. */
const MOST_OF_A_MESSAGE = 500;

function plainReason({ kind, status }: Problem): string {
  if (kind === 'throttled') return 'too many requests at once';
  return `it answered with status ${status} and no explanation`;
}

/** Said of a sub-account that is paused or unpaid, whoever finds out. */
export const WHILE_PAUSED =
  'The sub-account is paused or unpaid. As soon as it is active in HighLevel, the connection works again by itself: nothing needs to be reconnected.';

const PERHAPS_SAVED = 'It may have been saved all the same';

/** HighLevel is thought to call the id of something that it no longer has invalid. [assumed] */
const GONE = /\bid\b.* is invalid\b/i;

function nextStep(problem: Problem, purpose: RequestPurpose): string {
  const { repeatable, takesInput, scope, writes, isSignIn } = purpose;
  if (isVersionRefused(problem)) {
    return `This integration speaks version ${apiVersion()} of HighLevel’s API, which HighLevel does not take any more: whoever runs it has to set HIGHLEVEL_API_VERSION to one that it takes.`;
  }
  if (problem.kind === 'unauthorized') {
    return isSignIn ? aboutPermission(scope) : aboutPrivateToken(problem, scope);
  }
  if (problem.kind === 'paused') return WHILE_PAUSED;
  if (takesInput === false && ['invalid', 'not_found'].includes(problem.kind)) {
    return 'Nothing that you filled in is at fault. Try again later; if this goes on, give HighLevel’s support the trace ID.';
  }
  switch (problem.kind) {
    case 'invalid':
      if (problem.status === 402) {
        return 'This is about the plan or the payment of the HighLevel account: look at its billing in HighLevel, then replay this step.';
      }
      if (problem.status === 423) return 'It is locked at the moment: replay this step in a few minutes.';
      if (problem.messages.some((message) => GONE.test(message))) {
        return 'It may have been deleted: choose another in this step.';
      }
      return problem.field
        ? `Check the field "${problem.field}" of this step.`
        : (problem.resolution ?? 'Check the values of this step against what HighLevel accepts.');
    case 'duplicate':
      return 'Update the one that is there instead, or allow duplicates in the settings of the sub-account.';
    case 'not_found':
      return 'It may have been deleted, or belong to another sub-account: choose it again, or find it with a search step.';
    case 'forbidden':
      return 'Reconnect HighLevel in Zapier (My Apps) and choose the sub-account that this belongs to.';
    case 'throttled':
      return 'HighLevel allows each sub-account 100 requests in 10 seconds and 200,000 a day.';
    case 'unavailable':
      if (!repeatable) return `${PERHAPS_SAVED}: look in HighLevel before you replay this step.`;
      return writes
        ? `${PERHAPS_SAVED}. Replay this step: it does no harm to save it twice.`
        : 'This is usually over in a few minutes: a trigger looks again by itself, and an action can be replayed.';
  }
}

function aboutPermission(scope: string | undefined): string {
  const permission = scope ? `the permission ${permissionInWords(scope)}` : 'a permission that this needs';
  return `The connection lacks ${permission}. ${howToGrant(scope)}`;
}

/** HighLevel's pages for it are described as its own guide does. [docs] */
function aboutPrivateToken(problem: Problem, scope: string | undefined): string {
  if (isAgencyToken(problem)) {
    return 'The private integration token belongs to the agency: make one in the settings of the sub-account itself, and connect HighLevel with that.';
  }
  if (lacksPermission(problem)) {
    const permission = scope ? `the permission ${permissionInWords(scope)}` : 'a permission that this needs';
    return `The private integration token lacks ${permission}. In HighLevel open the sub-account’s Settings › Private Integrations, edit the integration, tick it and save: the token stays the same.`;
  }
  return 'HighLevel no longer accepts the private integration token: it was deleted, or rotated and its seven days are over. Open My Apps in Zapier and reconnect HighLevel with the new token.';
}
