import { everyField } from '../account/custom-field-value.ts';
import { type CustomField, opportunityFields } from '../account/custom-fields.ts';
import { orNone } from '../account/lookup.ts';
import { type LostReason, lostReasonsWithIds } from '../account/lost-reasons.ts';
import { type Pipeline, pipelines } from '../account/pipelines.ts';
import { type User, usersWithIds } from '../account/users.ts';
import { opportunityUrl } from '../connection/links.ts';
import type { Client } from '../http/client.ts';
import { normalise, type Opportunity, type OpportunityRecord } from './record.ts';

/**
 * Records as this app shows them: one shape, with the names of pipeline, stage and owner beside their ids, and a link.
 * Lists come from the cache; an id that the cached list does not have is looked up once more. Where a permission for
 * a list was not granted, or HighLevel refuses it all the same, names that are not known from before are null, because an
 * opportunity without its owner's name is worth more than none.
 */
export async function present(client: Client, records: OpportunityRecord[]): Promise<Opportunity[]> {
  const opportunities = records.map(normalise);
  if (opportunities.length === 0) return [];
  const ids = (key: 'stage_id' | 'owner_id' | 'lost_reason_id') =>
    new Set(opportunities.map((opportunity) => opportunity[key]).filter((id) => typeof id === 'string'));
  const [pipelineList, userList, reasonList, fieldList] = await Promise.all([
    pipelines.namesOf(client, ids('stage_id')),
    usersWithIds(client, ids('owner_id')),
    lostReasonsWithIds(client, ids('lost_reason_id')),
    client.hasScope('locations/customFields.readonly') ? orNone(opportunityFields.all(client)) : [],
  ]);
  const lists: Lists = {
    pipelines: byId(pipelineList),
    users: byId(userList),
    lostReasons: byId(reasonList),
    fields: fieldList,
  };
  return opportunities.map((opportunity) => named(client, opportunity, lists));
}

/** The one record that a read or a write answered with, as `present` shows it. */
export async function presentOne(client: Client, record: OpportunityRecord): Promise<Opportunity> {
  const [opportunity] = await present(client, [record]);
  return opportunity as Opportunity;
}

type ById<T> = ReadonlyMap<string | null | undefined, T>;

interface Lists {
  pipelines: ById<Pipeline>;
  users: ById<User>;
  lostReasons: ById<LostReason>;
  fields: CustomField[];
}

function named(client: Client, opportunity: Opportunity, lists: Lists): Opportunity {
  const pipeline = lists.pipelines.get(opportunity.pipeline_id);
  const owner = lists.users.get(opportunity.owner_id);
  const location = opportunity.location_id ?? client.locationId();
  return {
    ...opportunity,
    pipeline_name: pipeline?.name ?? null,
    stage_name: pipeline?.stages.find(({ id }) => id === opportunity.stage_id)?.name ?? null,
    owner_name: owner?.name ?? null,
    owner_email: owner?.email ?? null,
    ...(opportunity.lost_reason_id === undefined
      ? {}
      : { lost_reason_name: lists.lostReasons.get(opportunity.lost_reason_id)?.name ?? null }),
    location_id: location,
    url: opportunityUrl(client, opportunity.id, location),
    // Where HighLevel did not say, no field is shown as empty.
    custom_fields: opportunity.custom_fields ? everyField(opportunity.custom_fields, lists.fields) : {},
  };
}

/** By the ids that opportunities name, which may be none. */
function byId<T extends { id: string }>(items: T[]): ById<T> {
  return new Map(items.map((item) => [item.id, item]));
}
