import type { Bundle, HttpResponse, ZObject } from 'zapier-platform-core';
import { connect } from '../highlevel/connect.ts';
import { isNetworkError, jsonText } from '../highlevel/http/transport.ts';

/** The relay beside this app, which gives each Zap a subscription of its own (see docs/relay.md). */

/** What a Zap can subscribe to. */
export type RelayEvent =
  | 'opportunity_created'
  | 'stage_changed'
  | 'status_changed'
  | 'value_changed'
  | 'owner_changed'
  | 'opportunity_deleted'
  | 'note_created';

/** Only changes that match all of these are delivered. */
export interface RelayFilters {
  pipelineId?: string;
  stageFrom?: string;
  stageTo?: string;
  status?: string;
  ownerId?: string;
  valueDirection?: 'up' | 'down';
  minValue?: number;
}

/** Where the relay runs; null where the publisher of this integration has set none up. */
function relayUrl(): string | null {
  return process.env.RELAY_URL?.replace(/\/+$/, '') || null;
}

/** Whether an instant trigger could never fire, and is hidden. Known when the integration is built and pushed. */
export function withoutRelay(): boolean {
  return relayUrl() === null;
}

/**
 * Subscribes a Zap to an event of its sub-account. The person's token goes along, so that the relay can prove with
 * HighLevel that it may read there; the relay does not keep it.
 *
 * @param twin the label of the polling trigger that does the same, or null where there is none
 * @returns what Zapier hands back when the Zap is turned off
 * @throws z.errors.Error where there is no relay, or it refuses
 */
export async function subscribe(
  z: ZObject,
  bundle: Bundle,
  event: RelayEvent,
  filters: RelayFilters,
  twin: string | null,
): Promise<{ id: string }> {
  const highlevel = connect(z, bundle);
  const base = relayUrl();
  if (!base)
    throw new z.errors.Error(
      `Instant triggers are not set up for this integration. ${insteadUse(twin)}`,
      'no_relay',
      400,
    );
  const body = {
    locationId: highlevel.locationId(),
    event,
    targetUrl: bundle.targetUrl,
    filters,
    // Deprecated; without it the relay tells Zaps apart by their hooks. [docs]
    zap: bundle.meta?.zap?.id ? String(bundle.meta.zap.id) : undefined,
  };
  const response = await ask(z, bundle, {
    method: 'POST',
    url: `${base}/subscriptions`,
    body: jsonText(body),
  });
  const id = (response?.data as { id?: unknown } | undefined)?.id;
  if (!response || response.status >= 300 || typeof id !== 'string') {
    throw new z.errors.Error(
      `The Zap could not be turned on: ${reason(response)} ${insteadUse(twin)}`,
      'relay_refused',
      response?.status ?? 503,
    );
  }
  return { id };
}

/** Ends a Zap's subscription. One that is gone already, or a connection that was removed, is no error. */
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
        `The Zap’s subscription could not be ended: ${reason(response)} Turn the Zap on and off again in a few minutes.`,
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

/** Null where the relay gave no answer. */
async function ask(
  z: ZObject,
  bundle: Bundle,
  request: { method: 'POST' | 'DELETE'; url: string; body?: string },
): Promise<HttpResponse | null> {
  const key = process.env.RELAY_SHARED_KEY;
  try {
    return await z.request({
      ...request,
      headers: {
        authorization: `Bearer ${bundle.authData.access_token}`,
        ...(request.body ? { 'content-type': 'application/json' } : {}),
        ...(key ? { 'x-relay-key': key } : {}),
      },
      timeout: 20_000,
      redirect: 'manual',
      skipThrowForStatus: true,
    });
  } catch (error) {
    if (isNetworkError(error)) return null;
    throw error;
  }
}

function reason(response: HttpResponse | null): string {
  if (!response) return 'the relay, the server that sends instant triggers on to Zapier, did not answer.';
  const message = (response.data as { message?: unknown } | undefined)?.message;
  return typeof message === 'string'
    ? `${message.replace(/[.\s]+$/, '')}.`
    : `the relay answered with status ${response.status}.`;
}

function insteadUse(twin: string | null): string {
  return twin
    ? `Use the trigger "${twin}" instead: it does the same, a few minutes later.`
    : 'Ask whoever runs this integration to set up its relay.';
}
