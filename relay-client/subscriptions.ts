/** The app's side of the relay, which gives each Zap a subscription of its own (see docs/relay.md). */

import type { Bundle, ZObject } from 'zapier-platform-core';
import * as s from 'zod/mini';
import { connect } from '../highlevel/connect.ts';
import type { EventKind } from '../wire/kinds.ts';
import type { Reading, ReadingCriteria } from '../wire/readings.ts';
import { type Filters, type NewSubscription, subscribed } from '../wire/subscriptions.ts';
import { relayUrl } from './address.ts';
import { ask, reasonOf } from './request.ts';

/**
 * Subscribes a Zap to an event of its sub-account.
 *
 * @param twin the label of the polling trigger that does the same, or null where there is none
 * @param read what the app will read after that; null for nothing
 * @param watch the fields that it will report digests of
 * @returns what Zapier hands back when the Zap is turned off, and the reading that the relay waits for
 * @throws z.errors.Error where there is no relay, or it refuses
 */
export async function subscribe(
  z: ZObject,
  bundle: Bundle,
  event: EventKind,
  filters: Filters,
  twin: string | null,
  read: ReadingCriteria | null = null,
  watch: string[] = [],
): Promise<{ id: string; reading: Reading | null }> {
  const base = relayUrl();
  if (!base)
    throw new z.errors.Error(
      `Instant triggers are not set up for this integration. ${insteadUse(twin, 'Ask whoever runs it to set them up.')}`,
      'no_relay',
      400,
    );
  const body: NewSubscription = {
    locationId: connect(z, bundle).locationId(),
    event,
    targetUrl: bundle.targetUrl ?? '',
    filters,
    // Deprecated; without it the relay takes the hook's address for the Zap. [docs]
    zap: bundle.meta?.zap?.id ? String(bundle.meta.zap.id) : undefined,
    ...(read ? { read } : {}),
    ...(watch.length > 0 ? { watch } : {}),
  };
  const response = await ask(z, bundle, { method: 'POST', url: `${base}/subscriptions`, body });
  const answer = s.safeParse(subscribed, response?.data);
  if (!response || response.status >= 300 || !answer.success) {
    throw new z.errors.Error(
      `The Zap could not be turned on: ${reasonOf(response)} ${insteadUse(twin, 'Try again in a few minutes; if this goes on, tell whoever runs this integration.')}`,
      'relay_refused',
      response?.status ?? 503,
    );
  }
  return { id: answer.data.id, reading: answer.data.reading ?? null };
}

/**
 * Ends a Zap's subscription. One that is gone already, or a connection that was removed, is no error.
 *
 * @throws z.errors.Error where the relay does not answer, or cannot do it for now
 */
export async function unsubscribe(z: ZObject, bundle: Bundle): Promise<Record<string, never>> {
  const base = relayUrl();
  const id = bundle.subscribeData?.id;
  if (!base || !id) return {};
  try {
    const response = await ask(z, bundle, {
      method: 'DELETE',
      url: `${base}/subscriptions/${encodeURIComponent(id)}`,
    });
    if (!response || response.status >= 500 || response.status === 429) {
      throw new z.errors.Error(
        `The Zap could not be turned off for good: ${reasonOf(response)} Turn it on and off again in a few minutes.`,
        'relay_unavailable',
        response?.status ?? 503,
      );
    }
  } catch (error) {
    // Core makes "refresh me" of a 401, even for a connection that nobody can refresh any more. [source: core]
    if (!(error instanceof Error && error.name === 'RefreshAuthError')) throw error;
  }
  return {};
}

function insteadUse(twin: string | null, otherwise: string): string {
  return twin ? `Use the trigger "${twin}" instead: it does the same, a few minutes later.` : otherwise;
}
