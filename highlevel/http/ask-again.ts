import type { RunClock } from './run-clock.ts';
import { type Answer, NoAnswer } from './transport.ts';

/** What a gateway in front of HighLevel answers for a moment. */
const PASSING = [502, 503, 504];
const WAITS_MS = [250, 1000];
/** No read is tried again that would leave less than this. */
const LEAST_LEFT_MS = 5000;

/**
 * Reads again once or twice after a broken connection or a gateway's trouble, while there is time.
 *
 * @throws NoAnswer where the last try got none
 */
export async function askAgain(ask: () => Promise<Answer>, clock: RunClock): Promise<Answer> {
  for (const wait of WAITS_MS) {
    const answer = await ask().catch((error: unknown) => {
      if (error instanceof NoAnswer && error.isBroken) return null;
      throw error;
    });
    if (answer && !PASSING.includes(answer.status)) return answer;
    if (clock.forRead() < LEAST_LEFT_MS) return answer ?? ask();
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
  return ask();
}
