import type { Bundle, ZObject } from 'zapier-platform-core';
import * as s from 'zod/mini';
import { connect } from '../highlevel/connect.ts';
import { differing, type HeldDigests } from '../wire/digests.ts';
import { relayUrl } from './address.ts';
import { ask, reasonOf } from './request.ts';

/** When to come again where the relay cannot be asked, in seconds. */
const COME_AGAIN_SECONDS = 60;

/**
 * Asks the relay which of the watched fields differ from what this Zap last knew of the opportunity.
 *
 * @throws z.errors.ThrottledError where it does not answer, as the delivery has to come again; z.errors.Error where
 *   it refuses
 */
export async function changedFields(
  z: ZObject,
  bundle: Bundle,
  held: Omit<HeldDigests, 'locationId' | 'subscription'>,
): Promise<string[]> {
  const body: HeldDigests = {
    locationId: connect(z, bundle).locationId(),
    subscription: bundle.subscribeData?.id ?? '',
    ...held,
  };
  if (relayUrl() === null) {
    throw new z.errors.Error(
      'Instant triggers are not set up for this integration any more. Turn the Zap off, or ask whoever runs the integration to set them up again.',
      'no_relay',
      400,
    );
  }
  const response = await ask(z, bundle, { method: 'POST', url: `${relayUrl()}/digests`, body });
  const answer = s.safeParse(differing, response?.data);
  if (response && response.status < 300 && answer.success) return answer.data.changed;
  const sentence = `What changed is not known: ${reasonOf(response)}`;
  if (!response || response.status >= 500 || response.status === 429) {
    throw new z.errors.ThrottledError(
      `${sentence} Zapier asks again in ${COME_AGAIN_SECONDS} seconds.`,
      COME_AGAIN_SECONDS,
    );
  }
  throw new z.errors.Error(
    `${sentence} If this goes on, turn the Zap off and on again.`,
    'relay_refused',
    response.status,
  );
}
