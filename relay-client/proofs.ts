import type { Bundle, ZObject } from 'zapier-platform-core';
import { connect } from '../highlevel/connect.ts';
import type { Proof } from '../wire/subscriptions.ts';
import { relayUrl } from './address.ts';
import { ask } from './request.ts';

/** Shows the relay that this connection still reads its sub-account. Where that fails it asks again tomorrow. */
export async function proveConnection(z: ZObject, bundle: Bundle, proof: string): Promise<void> {
  const body: Proof = { locationId: connect(z, bundle).locationId(), proof };
  await ask(z, bundle, { method: 'POST', url: `${relayUrl()}/subscriptions/proofs`, body });
}
