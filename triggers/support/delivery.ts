import type { Bundle, ZObject } from 'zapier-platform-core';
import * as s from 'zod/mini';
import type { EventKind } from '../../wire/kinds.ts';

/** Whether Zapier runs the trigger for a hook; without one somebody invoked it by hand. [source: zapier-platform-cli] */
export function hasDelivery(bundle: Bundle): boolean {
  return bundle.cleanedRequest !== undefined;
}

/**
 * Reads what the relay posted to the hook.
 *
 * @param schema one of wire/deliveries.ts
 * @throws z.errors.Error where it is not a delivery of this event: a Zap that passes over what it cannot read loses it
 *   without a word
 */
export function readDelivery<S extends s.ZodMiniType<{ event: EventKind }>>(
  z: ZObject,
  bundle: Bundle,
  schema: S,
  event: EventKind,
): s.output<S> {
  const read = s.safeParse(schema, bundle.cleanedRequest);
  if (read.success && read.data.event === event) return read.data;
  throw new z.errors.Error('The relay sent something this trigger cannot read.', 'bad_delivery', 400);
}
