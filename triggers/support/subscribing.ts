import type { Bundle, ZObject } from 'zapier-platform-core';
import { subscribe } from '../../relay-client/subscriptions.ts';
import type { EventKind } from '../../wire/kinds.ts';
import type { Filters } from '../../wire/subscriptions.ts';
import { readBefore, readForRelay } from './reading.ts';

/**
 * Subscribes a Zap, and reads for the relay what its opportunities are like. That is done after it, so that no change
 * falls between the two; where it fails, the relay asks for it later.
 *
 * @param watch the ids of the fields that are watched
 * @param twin the label of the polling trigger that does the same, or null where there is none
 * @returns what Zapier hands back when the Zap is turned off
 * @throws z.errors.Error where there is no relay, or it refuses
 */
export async function subscribeAndRead(
  z: ZObject,
  bundle: Bundle,
  event: EventKind,
  filters: Filters,
  twin: string | null,
  watch: string[] = [],
): Promise<{ id: string }> {
  const { id, reading } = await subscribe(z, bundle, event, filters, twin, readBefore(event, filters), watch);
  if (reading) {
    await readForRelay(z, bundle, reading).catch((error: unknown) =>
      z.console.log(`The opportunities could not be read for now: ${String(error)}`),
    );
  }
  return { id };
}
