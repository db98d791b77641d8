import type { Bundle, ZObject } from 'zapier-platform-core';
import { connect } from '../highlevel/connect.ts';
import type { Report } from '../wire/readings.ts';
import { relayUrl } from './address.ts';
import { ask } from './request.ts';

/**
 * Tells the relay what was read of the sub-account.
 *
 * @returns whether it took that; where not, it waits for the reading no more, or cannot take it for now
 */
export async function report(z: ZObject, bundle: Bundle, part: Omit<Report, 'locationId'>): Promise<boolean> {
  const body: Report = { locationId: connect(z, bundle).locationId(), ...part };
  const response = await ask(z, bundle, { method: 'POST', url: `${relayUrl()}/reports`, body });
  return response !== null && response.status < 300;
}
