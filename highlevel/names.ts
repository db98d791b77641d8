import type { Bundle, ZObject } from 'zapier-platform-core';
import { locationId, opportunityUrl } from './connection.ts';
import { normalise, type Opportunity, type OpportunityRecord } from './opportunity.ts';
import { type Pipeline, pipelines } from './pipelines.ts';
import { hasScope } from './scopes.ts';
import { type User, users } from './users.ts';

/**
 * Records as this app shows them: one shape, with the names of pipeline, stage and owner beside their ids, and a link.
 * Lists come from the cache; an id that the cached list does not have is looked up once more. Where a permission for
 * a list was not granted its names are null, because a deal without its owner's name is worth more than none.
 */
export async function present(
  z: ZObject,
  bundle: Bundle,
  records: OpportunityRecord[],
): Promise<Opportunity[]> {
  const opportunities = records.map(normalise);
  if (opportunities.length === 0) return [];
  const stageIds = wanted(opportunities, 'stage_id');
  const ownerIds = wanted(opportunities, 'owner_id');
  const [pipelineList, userList] = await Promise.all([
    pipelines.withIds(z, bundle, stageIds),
    ownerIds.size > 0 && hasScope(bundle, 'users.readonly') ? users.withIds(z, bundle, ownerIds) : [],
  ]);
  const names = { pipelines: byId(pipelineList), users: byId(userList) };
  return opportunities.map((opportunity) => named(z, bundle, opportunity, names));
}

/** The one record that a read or a write answered with, as `present` shows it. */
export async function presentOne(
  z: ZObject,
  bundle: Bundle,
  record: OpportunityRecord,
): Promise<Opportunity> {
  const [opportunity] = await present(z, bundle, [record]);
  return opportunity as Opportunity;
}

function named(
  z: ZObject,
  bundle: Bundle,
  opportunity: Opportunity,
  names: { pipelines: Map<string, Pipeline>; users: Map<string, User> },
): Opportunity {
  const pipeline = names.pipelines.get(opportunity.pipeline_id ?? '');
  const owner = names.users.get(opportunity.owner_id ?? '');
  const location = opportunity.location_id ?? locationId(z, bundle);
  return {
    ...opportunity,
    pipeline_name: pipeline?.name ?? null,
    stage_name: pipeline?.stages.find(({ id }) => id === opportunity.stage_id)?.name ?? null,
    owner_name: owner?.name ?? null,
    owner_email: owner?.email ?? null,
    location_id: location,
    url: opportunityUrl(bundle, location, opportunity.id),
  };
}

function wanted(opportunities: Opportunity[], key: 'stage_id' | 'owner_id'): Set<string> {
  return new Set(opportunities.map((opportunity) => opportunity[key]).filter((id) => id !== null));
}

function byId<T extends { id: string }>(items: T[]): Map<string, T> {
  return new Map(items.map((item) => [item.id, item]));
}
