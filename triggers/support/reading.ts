import type { Bundle, ZObject } from 'zapier-platform-core';
import * as s from 'zod/mini';
import { connect, type HighLevel } from '../../highlevel/connect.ts';
import { isoTime, momentMs } from '../../highlevel/http/time.ts';
import type { Criteria } from '../../highlevel/opportunities/criteria.ts';
import { NO_NEW_PAGE_AFTER_MS } from '../../highlevel/opportunities/reading.ts';
import type { OpportunityRecord } from '../../highlevel/opportunities/record.ts';
import { tellNoFields, withoutFields } from '../../highlevel/opportunities/untold-fields.ts';
import { report } from '../../relay-client/reports.ts';
import type { Digests } from '../../wire/digests.ts';
import type { EventKind } from '../../wire/kinds.ts';
import {
  type Reading,
  type ReadingCriteria,
  type ReadOpportunity,
  readOpportunity,
} from '../../wire/readings.ts';
import type { Filters } from '../../wire/subscriptions.ts';
import { watchedDigests } from './watched-digests.ts';
import { fieldsStillThere } from './watched-fields.ts';

/**
 * What is to be read when a Zap subscribes, so that the first change of each opportunity has a known "from": the open
 * ones that match, or those of the status that was chosen. An event of one that comes to match shows it whole.
 *
 * @returns null for a kind of event that has no "from"
 */
export function readBefore(event: EventKind, filters: Filters): ReadingCriteria | null {
  if (event === 'opportunity_created') return null;
  const { pipelineId, ownerId, status } = filters;
  return {
    ...(pipelineId ? { pipelineId } : {}),
    // Of these two the filter says what they change to.
    ...(ownerId && event !== 'owner_changed' ? { ownerId } : {}),
    status: event === 'status_changed' ? 'open' : (status ?? 'open'),
  };
}

/**
 * Reads opportunities for the relay and reports each page, until all are read, the time is up or the relay takes no
 * more. It is told where the reading stopped, and asks some Zap of the location for the rest.
 *
 * @throws the errors of HighLevel's search
 */
export async function readForRelay(z: ZObject, bundle: Bundle, reading: Reading): Promise<void> {
  const highlevel = connect(z, bundle);
  const { opportunities } = highlevel;
  const watch = await fieldsStillThere(highlevel, reading.watch);
  const locationId = highlevel.locationId();
  const until = Date.now() + NO_NEW_PAGE_AFTER_MS;
  const settle = watch.some(({ custom }) => custom) ? settler(highlevel) : null;
  let before = reading.before;
  let isFinished = false;
  for await (const page of opportunities.read({ where: criteriaOf(reading), until })) {
    const records = settle ? await settle(page.records) : page.records;
    before = goOnBefore(records, before);
    isFinished = page.isLast;
    const rows = records.flatMap((record) => shown(record, watchedDigests(record, watch, locationId)));
    const state = isFinished ? 'finished' : 'reading';
    const isTaken = await report(z, bundle, { reading: reading.id, opportunities: rows, before, state });
    if (!isTaken) return;
  }
  if (!isFinished)
    await report(z, bundle, { reading: reading.id, opportunities: [], before, state: 'paused' });
}

/**
 * Settles pages that tell no custom field, the first of them by reads of its own: without a digest the first value of a
 * field would be no change.
 */
function settler({ opportunities }: HighLevel): (rows: OpportunityRecord[]) => Promise<OpportunityRecord[]> {
  let haveNone = false;
  return async (rows) => {
    if (!tellNoFields(rows)) return rows;
    if (haveNone) return rows.map(withoutFields);
    const settled = await opportunities.settleFields(rows, true);
    haveNone = !tellNoFields(settled);
    return settled;
  };
}

function criteriaOf({ criteria, since, before }: Reading): Criteria {
  return {
    ...criteria,
    ...(since ? { updated: { from: Date.parse(since) } } : {}),
    ...(before ? { created: { before: Date.parse(before) } } : {}),
  };
}

/** Just after the oldest of a page, as others may have been created in the same moment; or at it, where that is no step. */
function goOnBefore(records: OpportunityRecord[], before: string | null): string | null {
  const oldest = Math.min(
    ...records.map(({ createdAt }) => momentMs(createdAt)).filter((at) => !Number.isNaN(at)),
  );
  if (oldest === Number.POSITIVE_INFINITY) return before;
  const isStep = before === null || oldest + 1 < Date.parse(before);
  return new Date(isStep ? oldest + 1 : oldest).toISOString();
}

/** Ids, times, a status and a number; no name, and nothing that a person wrote. */
function shown(record: OpportunityRecord, digests: Digests): ReadOpportunity[] {
  const read = s.safeParse(readOpportunity, {
    id: record.id,
    contactId: record.contactId || null,
    pipelineId: record.pipelineId || null,
    stageId: record.pipelineStageId || null,
    status: record.status || null,
    value: record.monetaryValue ?? null,
    ownerId: record.assignedTo || null,
    createdAt: isoTime(record.createdAt),
    updatedAt: isoTime(record.updatedAt),
    stageChangedAt: isoTime(record.lastStageChangeAt),
    statusChangedAt: isoTime(record.lastStatusChangeAt),
    ...(Object.keys(digests).length > 0 ? { digests } : {}),
  });
  return read.success ? [read.data] : [];
}
