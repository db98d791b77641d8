import type { Queryable } from '../store/db.ts';
import type { OpportunityState } from './changes.ts';

/** An opportunity and what is remembered of it: null for one never seen. */
export interface Opportunity {
  locationId: string;
  opportunityId: string;
  state: OpportunityState | null;
  /** When what is remembered was received, in ms since the epoch. */
  seenAt: number;
  /** When events of its location may last have been lost that it is not caught up with since, in ms; null for never. */
  gapEndedAt: number | null;
}

/** Opportunities by `opportunityKey`. */
export type KnownOpportunities = Map<string, Opportunity>;

export function opportunityKey({
  locationId,
  opportunityId,
}: Pick<Opportunity, 'locationId' | 'opportunityId'>): string {
  return `${locationId}/${opportunityId}`;
}

/** What is remembered of these opportunities; each is there, seen or not. */
export async function loadOpportunities(
  q: Queryable,
  wanted: readonly Pick<Opportunity, 'locationId' | 'opportunityId'>[],
): Promise<KnownOpportunities> {
  const opportunities: KnownOpportunities = new Map();
  for (const { locationId, opportunityId } of wanted) {
    const opportunity = { locationId, opportunityId, state: null, seenAt: 0, gapEndedAt: null };
    opportunities.set(opportunityKey(opportunity), opportunity);
  }
  if (opportunities.size === 0) return opportunities;
  const known = await q.query<Opportunity & { isStale: boolean | null }>(
    `select one.location_id as "locationId", opportunity_id as "opportunityId", state,
       (extract(epoch from updated_at) * 1000)::float8 as "seenAt", updated_at < known_since as "isStale",
       (select floor(extract(epoch from gap_ended_at) * 1000) from relay.intake
         where caught_up_at < gap_ended_at)::float8
         as "gapEndedAt"
     from relay.opportunities one left join relay.locations on locations.location_id = one.location_id
     where (one.location_id, opportunity_id) in (select * from unnest($1::text[], $2::text[]))`,
    columns(opportunities).slice(0, 2),
  );
  for (const { isStale, ...opportunity } of known) {
    const state = isStale ? withoutFields(opportunity.state) : opportunity.state;
    opportunities.set(opportunityKey(opportunity), { ...opportunity, state });
  }
  return opportunities;
}

/** What may have changed unseen is not known any more; that it is gone, or when it was made, still is. */
function withoutFields(state: OpportunityState | null): OpportunityState | null {
  return state && { ...state, stage: [], status: [], value: [], owner: [] };
}

/** Remembers them as they are now. */
export async function saveOpportunities(q: Queryable, opportunities: KnownOpportunities): Promise<void> {
  if (opportunities.size === 0) return;
  await q.query(
    `insert into relay.opportunities (location_id, opportunity_id, state, updated_at)
     select location_id, opportunity_id, state, to_timestamp(seen_at / 1000)
     from unnest($1::text[], $2::text[], $3::jsonb[], $4::float8[]) as seen (location_id, opportunity_id, state, seen_at)
     where state is not null
     on conflict (location_id, opportunity_id) do update
       set state = excluded.state, updated_at = greatest(opportunities.updated_at, excluded.updated_at)`,
    columns(opportunities),
  );
}

function columns(opportunities: KnownOpportunities): (string | number | null)[][] {
  const all = [...opportunities.values()];
  return [
    all.map(({ locationId }) => locationId),
    all.map(({ opportunityId }) => opportunityId),
    all.map(({ state }) => state && JSON.stringify(state)),
    all.map(({ seenAt }) => seenAt),
  ];
}
