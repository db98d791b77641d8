import * as s from 'zod/mini';
import { readProblem } from './problem.ts';
import { type Answer, fetchTransport, NoAnswer } from './transport.ts';

/**
 * What HighLevel says of a token and a location: it may read it (and whose company the location is, where HighLevel
 * says so), it is not good any more, it may not read this location, or there is no telling for now.
 */
export type TokenVerdict =
  | { kind: 'allowed'; companyId: string | null }
  | { kind: 'expired' }
  | { kind: 'forbidden' }
  | { kind: 'unavailable'; why: string };

const TIMEOUT_MS = 8_000;

const location = s.looseObject({
  location: s.looseObject({ id: s.string(), companyId: s.optional(s.nullable(s.string())) }),
});

/**
 * Proves with HighLevel that a token may read a location: it reads it. HighLevel publishes no keys to check a token
 * with, and no introspection, so the claims within prove nothing. [docs: by absence]
 *
 * Where the token lacks the permission for locations, reading the location's pipelines proves as much.
 *
 * @param apiUrl without a slash at the end
 */
export async function checkToken(apiUrl: string, token: string, locationId: string): Promise<TokenVerdict> {
  const claims = unprovenClaims(token);
  if (claims.expired) return { kind: 'expired' };
  if (claims.locationId !== null && claims.locationId !== locationId) return { kind: 'forbidden' };

  const id = encodeURIComponent(locationId);
  const send = fetchTransport({ apiUrl, token });
  const get = (path: string) => send({ method: 'GET', path, timeoutMs: TIMEOUT_MS }).catch(noneWhereNoAnswer);
  const answer = await get(`/locations/${id}`);
  if (answer?.status === 200) {
    const read = s.safeParse(location, answer.data);
    if (!read.success) return { kind: 'unavailable', why: 'an answer that is not known' };
    const { id: readId, companyId = null } = read.data.location;
    return readId === locationId ? { kind: 'allowed', companyId } : { kind: 'forbidden' };
  }
  if (!isMissingPermission(answer)) return refusal(answer);
  const second = await get(`/opportunities/pipelines?locationId=${id}`);
  return second?.status === 200 ? { kind: 'allowed', companyId: null } : refusal(second);
}

function noneWhereNoAnswer(error: unknown): null {
  if (error instanceof NoAnswer) return null;
  throw error;
}

/** HighLevel answers 401 both for a bad token and for a missing permission. [issue #217; issue #245] */
function isMissingPermission(answer: Answer | null): boolean {
  return answer?.status === 401 && /scope/i.test(JSON.stringify(answer.data));
}

function refusal(answer: Answer | null): TokenVerdict {
  if (!answer) return { kind: 'unavailable', why: 'no answer' };
  const { status } = answer;
  if (readProblem(status, answer.data).kind === 'paused') return { kind: 'unavailable', why: 'paused' };
  if (status === 401) return { kind: isMissingPermission(answer) ? 'forbidden' : 'expired' };
  // Which of these a token without access gets is not known for sure; 403 was seen. [measured by others]
  if ([400, 403, 404, 422].includes(status)) return { kind: 'forbidden' };
  return { kind: 'unavailable', why: `status ${status}` };
}

const claimsShape = s.looseObject({
  exp: s.optional(s.number()),
  authClass: s.optional(s.string()),
  authClassId: s.optional(s.string()),
});

/**
 * What a token says of itself. It may be forged, so it can only ever refuse: that spares HighLevel a question.
 * [measured by others: the names of the claims]
 */
function unprovenClaims(token: string): { expired: boolean; locationId: string | null } {
  const payload = token.split('.')[1] ?? '';
  const read = s.safeParse(claimsShape, parseJson(Buffer.from(payload, 'base64url').toString()));
  if (!read.success) return { expired: false, locationId: null };
  const { exp, authClass, authClassId } = read.data;
  return {
    expired: exp !== undefined && exp * 1000 <= Date.now(),
    locationId: authClass === 'Location' ? (authClassId ?? null) : null,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
