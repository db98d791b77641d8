import { createHash } from 'node:crypto';
import { checkToken, type TokenVerdict } from '../../highlevel/http/token-check.ts';
import { Busy, createTurns } from './turns.ts';

export interface Access {
  /**
   * Whether HighLevel lets this token read this location: asked, or remembered for a short time.
   *
   * @param caller who asks: one that asks much waits for itself
   */
  check(token: string, locationId: string, caller: string): Promise<TokenVerdict>;
}

const REMEMBER_YES_MS = 5 * 60_000;
const REMEMBER_NO_MS = 30_000;
const MAX_REMEMBERED = 10_000;
/**
 * Garbage tokens, each a question to HighLevel, should not use up what HighLevel allows this address, nor keep others
 * waiting: a question takes 8 s at the worst, and the app waits for 20.
 */
const QUESTIONS = { atOnce: 20, atOnceEach: 5, waiting: 1_000, waitingEach: 100 };

/**
 * Proves tokens. They are never stored or logged: what is remembered is a digest of token and location, in memory.
 *
 * @param now in ms
 */
export function createAccess(highlevelUrl: string, now: () => number = Date.now): Access {
  const verdicts = new Map<string, { verdict: Promise<TokenVerdict>; until: number }>();
  const turns = createTurns(QUESTIONS);

  async function ask(token: string, locationId: string, caller: string): Promise<TokenVerdict> {
    try {
      return await turns.take(caller, () => checkToken(highlevelUrl, token, locationId));
    } catch (error) {
      if (!(error instanceof Busy)) throw error;
      return { kind: 'unavailable', why: error.message };
    }
  }

  return {
    async check(token, locationId, caller) {
      const key = createHash('sha256').update(`${locationId}\n${token}`).digest('base64');
      const known = verdicts.get(key);
      if (known && known.until > now()) return known.verdict;
      // Until the answer comes, the question is remembered, so that it is asked once.
      const entry = { verdict: ask(token, locationId, caller), until: Number.POSITIVE_INFINITY };
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
