import type { FastifyInstance } from 'fastify';
import { MOST_REPORT_BYTES, type Report, report } from '../../wire/readings.ts';
import type { ReadingEvent } from '../changes/readings.ts';
import type { Config } from '../config.ts';
import { rememberDigests } from '../digests/digests.ts';
import type { Db, Queryable } from '../store/db.ts';
import { partitionOf, storeReadings } from '../store/inbox.ts';
import type { Access } from '../subscriptions/access.ts';
import { postFromApp, refuse, routesForApp } from '../subscriptions/app-requests.ts';
import { noteProofOfReader } from '../subscriptions/proofs.ts';
import type { CaughtUpEvent } from './catch-up.ts';
import { findReading, noteProgress } from './readings.ts';

/** What the relay has to offer once it runs. */
interface Inside {
  db: Db;
  /** Something new is in the inbox, in these partitions. */
  arrived(partitions: readonly number[]): void;
}

/**
 * POST /reports, called by the Zapier app with the person's token: what it read of a location, page by page, where the
 * relay waits for that. It goes through the inbox like HighLevel's events.
 *
 * @param inside null while the relay takes nothing in
 */
export function reportsRoute(
  app: FastifyInstance,
  config: Pick<Config, 'sharedSecret'>,
  access: Access,
  inside: () => Inside | null,
): void {
  routesForApp(app, config, (inner) => {
    postFromApp(inner, access, '/reports', {
      bodyLimit: MOST_REPORT_BYTES,
      body: report,
      inside,
      notYet: 'The relay takes nothing in for now.',
      async answer(given, { db, arrived }, request, reply) {
        const { locationId, opportunities, state } = given;
        const isTaken = await db.transaction((tx) => takeReport(tx, given));
        if (!isTaken) {
          return refuse(
            reply,
            404,
            'unknown_reading',
            'The relay waits for no such reading, or not any more.',
          );
        }
        arrived([partitionOf(locationId)]);
        request.log.info({ locationId, opportunities: opportunities.length, state }, 'reported');
        return reply.code(204).send();
      },
    });
  });
}

/** Puts a report into the inbox. @returns false where nobody waits for it */
export async function takeReport(tx: Queryable, given: Report): Promise<boolean> {
  const found = await findReading(tx, given.reading, given.locationId);
  if (!found) return false;
  const { locationId } = given;
  const events: (ReadingEvent | CaughtUpEvent)[] = given.opportunities.flatMap((one) =>
    eventOf(one, locationId, found.since),
  );
  if (found.queueId === null && given.state === 'finished') {
    events.push({ kind: 'caught_up', locationId, at: +found.beganAt });
  }
  await storeReadings(tx, locationId, given.reading, events);
  await noteProofOfReader(tx, given.reading);
  if (found.queueId !== null) {
    await rememberDigests(tx, found.queueId, given.opportunities.flatMap(digestsOf));
  }
  await noteProgress(tx, given);
  return true;
}

/** Of one without the time of its last change nothing can be said: it could override what is newer. */
function eventOf(
  one: Report['opportunities'][number],
  locationId: string,
  since: Date | null,
): ReadingEvent[] {
  const updatedAt = msOf(one.updatedAt);
  if (updatedAt === null) return [];
  return [
    {
      kind: 'reading',
      locationId,
      opportunityId: one.id,
      snapshot: {
        contactId: one.contactId,
        ...(one.stageId ? { stage: { pipelineId: one.pipelineId, stageId: one.stageId } } : {}),
        ...(one.status ? { status: one.status.toLowerCase() } : {}),
        ...(one.value === null ? {} : { value: one.value }),
        owner: one.ownerId,
      },
      createdAt: msOf(one.createdAt),
      updatedAt,
      stageChangedAt: msOf(one.stageChangedAt),
      statusChangedAt: msOf(one.statusChangedAt),
      since: since?.getTime() ?? null,
    },
  ];
}

function digestsOf({ id, updatedAt, digests }: Report['opportunities'][number]) {
  const at = msOf(updatedAt);
  return digests && at !== null ? [{ opportunityId: id, at, digests }] : [];
}

function msOf(time: string | null): number | null {
  return time === null ? null : Date.parse(time);
}
