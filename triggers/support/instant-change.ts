import type { Bundle, ZObject } from 'zapier-platform-core';
import { only } from '../../fields/outputs/pick.ts';
import { connect } from '../../highlevel/connect.ts';
import { isoTime } from '../../highlevel/http/time.ts';
import type { DeliveredChange } from '../../wire/deliveries.ts';
import { CHANGED_FIELD, type OpportunityEventKind } from '../../wire/kinds.ts';
import { INSTANT_KINDS } from './instant-kinds.ts';

/** A change as a person sees it: ids with the names they stand for. What a kind of change cannot have is no key of it. */
export interface Change {
  field: string;
  from?: string | number | null;
  from_name?: string | null;
  to?: string | number | null;
  to_name?: string | null;
  at: string | null;
  /** False where the relay saw this opportunity for the first time, so that what was before is not known. */
  from_known?: boolean;
  /** Whether HighLevel’s event never came and a catch-up found it: it may then stand for several changes. */
  recovered: boolean;
}

/** What a change of a kind looks like in the Zap editor. */
export function changeSample(event: OpportunityEventKind): Change {
  const { sample } = INSTANT_KINDS[event];
  return {
    field: CHANGED_FIELD[event],
    at: '2026-11-20T14:30:00.000Z',
    ...('from' in sample ? { from_known: true } : {}),
    recovered: false,
    ...sample,
  };
}

/** The keys that a change of a kind has; from and to are numbers where the opportunity's value changed, else text. */
export function changeOutput(event: OpportunityEventKind) {
  const { type, names } = INSTANT_KINDS[event];
  const keys = Object.keys(changeSample(event)).map((key) => `change__${key}`);
  const all = [
    { key: 'change__field', label: 'What Changed', type: 'string' as const },
    { key: 'change__from', label: names ? 'Changed From: ID' : 'Changed From', type },
    { key: 'change__from_name', label: 'Changed From: Name', type: 'string' as const },
    { key: 'change__to', label: names ? 'Changed To: ID' : 'Changed To', type },
    { key: 'change__to_name', label: 'Changed To: Name', type: 'string' as const },
    { key: 'change__at', label: 'Changed At', type: 'datetime' as const },
    { key: 'change__from_known', label: 'Changed From Is Known', type: 'boolean' as const },
    { key: 'change__recovered', label: 'Found After an Outage', type: 'boolean' as const },
  ];
  return async () => all.filter(({ key }) => keys.includes(key));
}

/** The change with names; a name that cannot be had is null. */
export async function namedChange(
  z: ZObject,
  bundle: Bundle,
  event: OpportunityEventKind,
  change: DeliveredChange,
): Promise<Change> {
  const nameOf = await namesFor(z, bundle, event, [change.from, change.to]);
  const whole: Required<Change> = {
    field: change.field,
    from: change.from,
    from_name: nameOf(change.from),
    to: change.to,
    to_name: nameOf(change.to),
    at: isoTime(change.at),
    from_known: change.from_known,
    recovered: change.recovered,
  };
  const keys = Object.keys(changeSample(event)) as (keyof Change)[];
  return only(keys, whole) as Change;
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
    for (const { stages } of await account.pipelines.namesOf(ids)) {
      for (const { id, name } of stages) names.set(id, name);
    }
  }
  if (namesOf === 'users') {
    for (const { id, name } of await account.usersWithIds(ids)) names.set(id, name);
  }
  return (value) => names.get(String(value)) ?? null;
}
