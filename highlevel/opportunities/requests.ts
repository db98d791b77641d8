import * as s from 'zod/mini';
import type { Client, Endpoint } from '../http/client.ts';
import { type OpportunityRecord, singleOpportunity } from './record.ts';

const GET: Endpoint = {
  method: 'GET',
  path: '/opportunities/{id}',
  scope: 'opportunities.readonly',
  doing: 'read the opportunity',
  repeatable: true,
};

/** How a creation answers. [spec] */
export const oneOpportunity = s.lazy(() => s.looseObject({ opportunity: singleOpportunity }));

/** One that is gone was seen to be answered with null in its place. [measured by others] */
const oneOrNone = s.lazy(() => s.looseObject({ opportunity: s.nullable(singleOpportunity) }));

/**
 * One opportunity, as it stands now: unlike the search, this read has no lag. [measured by others]
 *
 * @throws HaltedError with kind `not_found` for one that is gone
 */
export async function getOpportunity(client: Client, id: string): Promise<OpportunityRecord> {
  const { opportunity } = await client.call(GET, oneOrNone, { path: { id } });
  return opportunity ?? client.refuseAsGone(GET);
}
