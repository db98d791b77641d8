import type { Bundle, ZObject } from 'zapier-platform-core';
import * as s from 'zod/mini';
import { connect } from '../highlevel/connect.ts';
import { isoTime } from '../highlevel/http/time.ts';

/** What the relay says of a change. `from` is null also where it had not seen the deal before; `from_known` tells. */
export const relayChange = s.looseObject({
  field: s.string(),
  from: s.nullish(s.union([s.string(), s.number()])),
  to: s.nullish(s.union([s.string(), s.number()])),
  at: s.string(),
  from_known: s.boolean(),
});

/** A change as a person sees it: ids with the names they stand for. */
export interface Change {
  field: string;
  from: string | number | null;
  from_name: string | null;
  to: string | number | null;
  to_name: string | null;
  at: string | null;
  /** False where the relay saw this deal for the first time, so that what was before is not known. */
  from_known: boolean;
}

/** @param type of what changed: a number where that is the deal's value, else text */
export const changeOutput = (type: 'string' | 'number') =>
  [
    { key: 'change__field', label: 'What Changed', type: 'string' },
    { key: 'change__from', label: 'Changed From', type },
    { key: 'change__from_name', label: 'Changed From: Name', type: 'string' },
    { key: 'change__to', label: 'Changed To', type },
    { key: 'change__to_name', label: 'Changed To: Name', type: 'string' },
    { key: 'change__at', label: 'Changed At', type: 'datetime' },
    { key: 'change__from_known', label: 'Earlier Value Known', type: 'boolean' },
  ] as const;

/** The change with names; a name that cannot be had is null. */
export async function namedChange(
  z: ZObject,
  bundle: Bundle,
  change: s.output<typeof relayChange>,
): Promise<Change> {
  const nameOf = await namesFor(z, bundle, change.field, [change.from, change.to]);
  return {
    field: change.field,
    from: change.from ?? null,
    from_name: nameOf(change.from),
    to: change.to ?? null,
    to_name: nameOf(change.to),
    at: isoTime(change.at),
    from_known: change.from_known,
  };
}

type Value = string | number | null | undefined;

async function namesFor(
  z: ZObject,
  bundle: Bundle,
  field: string,
  values: Value[],
): Promise<(value: Value) => string | null> {
  const ids = new Set(values.filter((value): value is string => typeof value === 'string'));
  const highlevel = connect(z, bundle);
  const names = new Map<string, string>();
  if (field === 'stage') {
    for (const { stages } of await highlevel.account.pipelines.withIds(ids)) {
      for (const { id, name } of stages) names.set(id, name);
    }
  }
  if (field === 'owner') {
    for (const { id, name } of await highlevel.account.usersWithIds(ids)) names.set(id, name);
  }
  return (value) => names.get(String(value)) ?? null;
}
