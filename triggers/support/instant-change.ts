import type { Bundle, ZObject } from 'zapier-platform-core';
import { orNone } from '../../highlevel/account/lookup.ts';
import { connect } from '../../highlevel/connect.ts';
import { isoTime } from '../../highlevel/http/time.ts';
import type { DeliveredChange } from '../../wire/deliveries.ts';
import type { OpportunityEventKind } from '../../wire/kinds.ts';
import { INSTANT_KINDS } from './instant-kinds.ts';

/** A change as a person sees it: ids with the names they stand for. */
export interface Change {
  field: string;
  from: string | number | null;
  from_name: string | null;
  to: string | number | null;
  to_name: string | null;
  at: string | null;
  /** False where the relay saw this opportunity for the first time, so that what was before is not known. */
  from_known: boolean;
  /** Whether HighLevel’s event never came and a catch-up found it: it may then stand for several changes. */
  recovered: boolean;
}

const changeOutput = (type: 'string' | 'number') => async () => [
  { key: 'change__field', label: 'What Changed', type: 'string' as const },
  { key: 'change__from', label: 'Changed From', type },
  { key: 'change__from_name', label: 'Changed From: Name', type: 'string' as const },
  { key: 'change__to', label: 'Changed To', type },
  { key: 'change__to_name', label: 'Changed To: Name', type: 'string' as const },
  { key: 'change__at', label: 'Changed At', type: 'datetime' as const },
  { key: 'change__from_known', label: 'Earlier Value Known', type: 'boolean' as const },
  { key: 'change__recovered', label: 'Found by Catching Up', type: 'boolean' as const },
];

/** By the type of what changed: a number where that is the opportunity's value, else text. */
export const CHANGE_OUTPUT = { string: changeOutput('string'), number: changeOutput('number') };

/** The change with names; a name that cannot be had is null. */
export async function namedChange(
  z: ZObject,
  bundle: Bundle,
  event: OpportunityEventKind,
  change: DeliveredChange,
): Promise<Change> {
  const nameOf = await namesFor(z, bundle, event, [change.from, change.to]);
  return {
    field: change.field,
    from: change.from,
    from_name: nameOf(change.from),
    to: change.to,
    to_name: nameOf(change.to),
    at: isoTime(change.at),
    from_known: change.from_known,
    recovered: change.recovered,
  };
}

async function namesFor(
  z: ZObject,
  bundle: Bundle,
  event: OpportunityEventKind,
  values: DeliveredChange['from'][],
): Promise<(value: DeliveredChange['from']) => string | null> {
  const ids = new Set(values.filter((value): value is string => typeof value === 'string'));
  const { account } = connect(z, bundle);
  const names = new Map<string, string>();
  const { names: namesOf } = INSTANT_KINDS[event];
  if (namesOf === 'stages') {
    for (const { stages } of await orNone(account.pipelines.withIds(ids))) {
      for (const { id, name } of stages) names.set(id, name);
    }
  }
  if (namesOf === 'users') {
    for (const { id, name } of await account.usersWithIds(ids)) names.set(id, name);
  }
  return (value) => names.get(String(value)) ?? null;
}
