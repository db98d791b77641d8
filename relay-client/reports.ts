import type { Bundle, ZObject } from 'zapier-platform-core';
import { connect } from '../highlevel/connect.ts';
import { jsonText } from '../highlevel/http/transport.ts';
import { MOST_REPORT_BYTES, MOST_REPORTED, type ReadOpportunity, type Report } from '../wire/readings.ts';
import { relayUrl } from './address.ts';
import { ask } from './request.ts';

/** What stands around the opportunities takes less. */
const ENVELOPE_BYTES = 1024;

/**
 * Tells the relay what was read of the sub-account, in as many parts as it takes. The last one alone says where the
 * reading stands, so that one which breaks off goes on before all of them.
 *
 * @returns whether it took that; where not, it waits for the reading no more, or cannot take it for now
 */
export async function report(
  z: ZObject,
  bundle: Bundle,
  { reading, opportunities, before, state }: Omit<Report, 'locationId'>,
): Promise<boolean> {
  const locationId = connect(z, bundle).locationId();
  const parts = partsOf(opportunities);
  for (const [index, part] of parts.entries()) {
    const stands =
      index === parts.length - 1 ? { before, state } : { before: null, state: 'reading' as const };
    const body: Report = { locationId, reading, opportunities: part, ...stands };
    const response = await ask(z, bundle, { method: 'POST', url: `${relayUrl()}/reports`, body });
    if (response === null || response.status >= 300) return false;
  }
  return true;
}

/** As many at once as the relay takes. */
function partsOf(opportunities: readonly ReadOpportunity[]): ReadOpportunity[][] {
  const last: ReadOpportunity[] = [];
  const parts = [last];
  let bytes = ENVELOPE_BYTES;
  for (const one of opportunities) {
    const size = Buffer.byteLength(jsonText(one)) + 1;
    const part = parts.at(-1) ?? last;
    if (part.length < MOST_REPORTED && bytes + size <= MOST_REPORT_BYTES) {
      part.push(one);
      bytes += size;
    } else {
      parts.push([one]);
      bytes = ENVELOPE_BYTES + size;
    }
  }
  return parts;
}
