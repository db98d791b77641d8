import * as s from 'zod/mini';
import { API_VERSION, USER_AGENT } from './environment.ts';

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
  const answer = await get(`${apiUrl}/locations/${id}`, token);
  if (answer.status === 200) {
    const read = s.safeParse(location, answer.body);
    if (!read.success) return { kind: 'unavailable', why: 'an answer that is not known' };
    const { id: readId, companyId = null } = read.data.location;
    return readId === locationId ? { kind: 'allowed', companyId } : { kind: 'forbidden' };
  }
  if (!isMissingPermission(answer)) return refusal(answer);
  const second = await get(`${apiUrl}/opportunities/pipelines?locationId=${id}`, token);
  return second.status === 200 ? { kind: 'allowed', companyId: null } : refusal(second);
}

interface Answer {
  /** 0 where none came. */
  status: number;
  body: unknown;
}

async function get(url: string, token: string): Promise<Answer> {
  try {
    const response = await fetch(url, {
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${token}`,
        version: API_VERSION,
        'user-agent': USER_AGENT,
      },
      // A redirect could carry the token to another host.
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { status: response.status, body: await response.json().catch(() => null) };
  } catch {
    return { status: 0, body: null };
  }
}

/** HighLevel answers 401 both for a bad token and for a missing permission. [issue #217; issue #245] */
function isMissingPermission({ status, body }: Answer): boolean {
  return status === 401 && /scope/i.test(JSON.stringify(body));
}

function refusal(answer: Answer): TokenVerdict {
  const { status } = answer;
  if (status === 401) return { kind: isMissingPermission(answer) ? 'forbidden' : 'expired' };
  // Which of these a token without access gets is not known for sure; 403 was seen. [measured by others]
  if ([400, 403, 404, 422].includes(status)) return { kind: 'forbidden' };
  return { kind: 'unavailable', why: status === 0 ? 'no answer' : `status ${status}` };
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
