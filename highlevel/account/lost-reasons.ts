import * as s from 'zod/mini';
import type { Client, Endpoint } from '../http/client.ts';
import { countedEntries, shown, textOrNumber } from '../http/shapes.ts';
import { createLookup, type Listed } from './lookup.ts';

export interface LostReason {
  id: string;
  name: string;
}

/** Refused with 401 in early 2026, public since [issue #245]; in both versions of the specification. [spec] */
const LIST_LOST_REASONS: Endpoint = {
  method: 'GET',
  path: '/opportunities/lost-reason',
  scope: 'opportunities.readonly',
  doing: 'list the lost reasons',
  repeatable: true,
  takesInput: false,
};

const answer = s.lazy(() =>
  s.looseObject({
    lostReasons: countedEntries(s.looseObject({ id: s.string(), name: shown(textOrNumber) })),
  }),
);

/** The most that one answer holds. [spec] */
const LIMIT = 100;
/** Nobody keeps more reasons than this, those since deleted included; a list without end must not hold a Zap up. */
const MOST = 1000;

function listLostReasons(deleted: boolean) {
  return async (client: Client): Promise<Listed<LostReason>> => {
    const found = new Map<string, LostReason>();
    let leftOut = 0;
    for (let skip = 0; skip < MOST; skip += LIMIT) {
      const rest = { ...(deleted ? { deleted } : {}), ...(skip > 0 ? { skip } : {}) };
      const query = { locationId: client.locationId(), limit: LIMIT, ...rest };
      const { lostReasons } = await client.call(LIST_LOST_REASONS, answer, { query });
      const fresh = lostReasons.kept.filter(({ id }) => !found.has(id));
      for (const { id, name } of fresh) found.set(id, { id, name: name || id });
      leftOut += lostReasons.leftOut;
      if (lostReasons.rows < LIMIT || fresh.length === 0) break;
    }
    return { items: [...found.values()], leftOut };
  };
}

export const lostReasons = createLookup('lost_reasons', listLostReasons(false), ({ id }) => [id]);

/** Those since deleted, which opportunities lost before still name. [measured by others] */
const formerReasons = createLookup('former_lost_reasons', listLostReasons(true), ({ id }) => [id]);

/**
 * The reasons that these ids are of, for their names: those that can be chosen, and those since deleted; none where
 * neither list can be had.
 */
export async function lostReasonsWithIds(client: Client, ids: Set<string>): Promise<LostReason[]> {
  if (ids.size === 0) return [];
  const found = await lostReasons.namesOf(client, ids);
  const missing = ids.difference(new Set(found.map(({ id }) => id)));
  return missing.size === 0 ? found : [...found, ...(await formerReasons.namesOf(client, missing))];
}
