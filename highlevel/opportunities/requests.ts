import * as s from 'zod/mini';
import type { Client, Endpoint } from '../http/client.ts';
import { type OpportunityRecord, opportunityRecord } from './record.ts';

const GET: Endpoint = {
  method: 'GET',
  path: '/opportunities/{id}',
  scope: 'opportunities.readonly',
  doing: 'read the opportunity',
  repeatable: true,
};

/** How reads and writes of one opportunity answer. [spec] */
export const oneOpportunity = s.looseObject({ opportunity: opportunityRecord });

/** One opportunity, as it stands now: unlike the search, this read has no lag. [measured by others] */
export async function getOpportunity(client: Client, id: string): Promise<OpportunityRecord> {
  return (await client.call(GET, oneOpportunity, { path: { id } })).opportunity;
}
