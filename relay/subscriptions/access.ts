import { createHash } from 'node:crypto';
import { checkToken, type TokenVerdict } from '../../highlevel/http/token-check.ts';

export interface Access {
  /** Whether HighLevel lets this token read this location: asked, or remembered for a short time. */
  check(token: string, locationId: string): Promise<TokenVerdict>;
}

const REMEMBER_YES_MS = 5 * 60_000;
const REMEMBER_NO_MS = 30_000;
const MAX_REMEMBERED = 10_000;
/** Garbage tokens, each a question to HighLevel, should not use up what HighLevel allows this address. */
const MAX_ASKING = 20;

/**
 * Proves tokens. They are never stored or logged: what is remembered is a digest of token and location, in memory.
 *
 * @param now in ms
 */
export function createAccess(highlevelUrl: string, now: () => number = Date.now): Access {
  const verdicts = new Map<string, { verdict: Promise<TokenVerdict>; until: number }>();
  let asking = 0;

  async function ask(token: string, locationId: string): Promise<TokenVerdict> {
    if (asking >= MAX_ASKING) return { kind: 'unavailable', why: 'too many questions at once' };
    asking += 1;
    try {
      return await checkToken(highlevelUrl, token, locationId);
    } finally {
      asking -= 1;
    }
  }

  return {
    async check(token, locationId) {
      const key = createHash('sha256').update(`${locationId}\n${token}`).digest('base64');
      const known = verdicts.get(key);
      if (known && known.until > now()) return known.verdict;
      // Until the answer comes, the question is remembered, so that it is asked once.
      const entry = { verdict: ask(token, locationId), until: Number.POSITIVE_INFINITY };
      verdicts.delete(key);
      verdicts.set(key, entry);
      const [oldest] = verdicts.keys();
      if (verdicts.size > MAX_REMEMBERED && oldest !== undefined) verdicts.delete(oldest);
      const { kind } = await entry.verdict;
      entry.until = now() + (kind === 'allowed' ? REMEMBER_YES_MS : REMEMBER_NO_MS);
      if (kind === 'unavailable') verdicts.delete(key);
      return entry.verdict;
    },
  };
}
