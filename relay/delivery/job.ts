import type { CatchUpDelivery, Delivery } from '../../wire/deliveries.ts';

/** One change, or a request to read, on its way to one subscription. */
export interface DeliveryJob {
  id: string;
  /** Of the Zap: the same over all its subscriptions to this kind of event. */
  queueId: string;
  body: Delivery | CatchUpDelivery;
  /** How often it was tried; waiting for a target that asked for it does not count. */
  tries: number;
  /** When the relay took the event in, in ms since the epoch; null for one that is sent again by hand. */
  receivedAt: number | null;
}
