import type { DealState } from '../changes.ts';
import type { Queryable } from './db.ts';

/** A deal and what is remembered of it: null for one never seen. */
export interface Deal {
  locationId: string;
  opportunityId: string;
  state: DealState | null;
}

/** Deals by `dealKey`. */
export type Deals = Map<string, Deal>;

export function dealKey({ locationId, opportunityId }: Pick<Deal, 'locationId' | 'opportunityId'>): string {
  return `${locationId}/${opportunityId}`;
}

/** What is remembered of these deals; each is there, seen or not. */
export async function loadDeals(
  q: Queryable,
  wanted: readonly Pick<Deal, 'locationId' | 'opportunityId'>[],
): Promise<Deals> {
  const deals: Deals = new Map();
  for (const { locationId, opportunityId } of wanted) {
    const deal = { locationId, opportunityId, state: null };
    deals.set(dealKey(deal), deal);
  }
  if (deals.size === 0) return deals;
  const known = await q.query<Deal>(
    `select location_id as "locationId", opportunity_id as "opportunityId", state from relay.deals
     where (location_id, opportunity_id) in (select * from unnest($1::text[], $2::text[]))`,
    columns(deals).slice(0, 2),
  );
  for (const deal of known) deals.set(dealKey(deal), deal);
  return deals;
}

/** Remembers them as they are now. */
export async function saveDeals(q: Queryable, deals: Deals): Promise<void> {
  if (deals.size === 0) return;
  await q.query(
    `insert into relay.deals (location_id, opportunity_id, state)
     select * from unnest($1::text[], $2::text[], $3::jsonb[]) as seen (location_id, opportunity_id, state)
     where state is not null
     on conflict (location_id, opportunity_id) do update set state = excluded.state, updated_at = now()`,
    columns(deals),
  );
}

function columns(deals: Deals): (string | null)[][] {
  const all = [...deals.values()];
  return [
    all.map(({ locationId }) => locationId),
    all.map(({ opportunityId }) => opportunityId),
    all.map(({ state }) => state && JSON.stringify(state)),
  ];
}
