import type { CatchUpDelivery, Delivery, ProofDelivery } from '../../wire/deliveries.ts';

/** What the app answers by a call of its own; the next one is as good, so that none is kept. */
export type RequestToApp = CatchUpDelivery | ProofDelivery;

/** One change, or a request, on its way to one subscription. */
export interface DeliveryJob {
  id: string;
  /** Of the Zap: the same over all its subscriptions to this kind of event. */
  queueId: string;
  body: Delivery | RequestToApp;
  /** How often it was tried; waiting for a target that asked for it does not count. */
  tries: number;
  /** When the relay took the event in, in ms since the epoch; null for one that is sent again by hand. */
  receivedAt: number | null;
}

export function isRequest(body: DeliveryJob['body']): body is RequestToApp {
  return body.event === 'catch_up' || body.event === 'prove';
}
