import type { BeforeRequestMiddleware, Bundle, ZObject } from 'zapier-platform-core';
import type { AnnouncedWrite } from '../wire/writes.ts';
import { relayUrl } from './address.ts';
import { relayHeaders } from './request.ts';
import { writeOf } from './written.ts';

/** No write waits longer for a relay that is slow or down, in ms. */
const PATIENCE_MS = 500;

/**
 * Tells the relay what is about to be written to an opportunity, so that instant triggers can leave it out. It never
 * fails the write.
 */
export const announceWrites: BeforeRequestMiddleware = async (request, z, bundle) => {
  const { locationId } = bundle.authData ?? {};
  if (relayUrl() === null || request.method === 'GET' || !locationId) return request;
  const write = writeOf(request, locationId);
  if (write) await announce(z, bundle, write);
  return request;
};

/** By plain fetch: what runs before a request has no request of core's. [run: `z.request is not a function`] */
async function announce(z: ZObject, bundle: Bundle, write: AnnouncedWrite): Promise<void> {
  try {
    const response = await fetch(`${relayUrl()}/writes`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...relayHeaders(bundle) },
      body: JSON.stringify(write),
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    await response.body?.cancel();
  } catch (error) {
    z.console.log(`The relay was not told of this write: ${String(error)}`);
  }
}
