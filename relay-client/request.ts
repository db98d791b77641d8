import type { Bundle, HttpResponse, ZObject } from 'zapier-platform-core';
import * as s from 'zod/mini';
import { isNetworkError, jsonText } from '../highlevel/http/transport.ts';
import { refusal, SHARED_SECRET_HEADER } from '../wire/subscriptions.ts';

const TIMEOUT_MS = 20_000;

/**
 * Asks the relay. The person's token goes along, so that the relay can prove with HighLevel what it may read; the relay
 * does not keep it.
 *
 * @returns null where no answer came
 */
export async function ask(
  z: ZObject,
  bundle: Bundle,
  { method, url, body }: { method: 'POST' | 'DELETE'; url: string; body?: object },
): Promise<HttpResponse | null> {
  try {
    return await z.request({
      method,
      url,
      ...(body ? { body: jsonText(body) } : {}),
      headers: {
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...relayHeaders(bundle),
      },
      timeout: TIMEOUT_MS,
      redirect: 'manual',
      skipThrowForStatus: true,
    });
  } catch (error) {
    if (isNetworkError(error)) return null;
    throw error;
  }
}

/** What says to the relay for whom it is asked, and by what app. */
export function relayHeaders(bundle: Bundle): Record<string, string> {
  const secret = process.env.RELAY_SHARED_SECRET;
  return {
    authorization: `Bearer ${bundle.authData.access_token}`,
    ...(secret ? { [SHARED_SECRET_HEADER]: secret } : {}),
  };
}

/** Why the relay did not do it, as a sentence. */
export function reasonOf(response: HttpResponse | null): string {
  if (!response) return 'the server behind the instant triggers did not answer.';
  const read = s.safeParse(refusal, response.data);
  return read.success
    ? `${read.data.message.replace(/[.\s]+$/, '')}.`
    : `the server behind the instant triggers answered with status ${response.status}.`;
}
