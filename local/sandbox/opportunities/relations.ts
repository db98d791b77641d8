import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { fail } from '../server/errors.ts';
import { ownLocation } from '../server/guard.ts';
import { check } from '../server/validate.ts';
import type { SandboxContext } from '../state/context.ts';
import type { Relation } from '../state/records.ts';
import { associationId, associationRecord } from './associations.ts';

/** How many contacts an opportunity can have [measured by others]. */
const CONTACTS_MAX = 25;

const createBody = z.strictObject({
  locationId: z.string().min(1),
  associationId: z.string().min(1),
  firstRecordId: z.string().min(1),
  secondRecordId: z.string().min(1),
});
const locationQuery = z.strictObject({ locationId: z.string().min(1) });
// Skip and limit are required, as numbers, by the specification.
const count = z.string().regex(/^\d+$/).transform(Number);
const listQuery = z.strictObject({
  locationId: z.string().min(1),
  skip: count,
  limit: count,
  associationIds: z.union([z.string(), z.array(z.string())]).optional(),
});

/** The records plus what the specification's answer says of the association; it says nothing of the records [assumed]. */
function relationRecord(ctx: SandboxContext, relation: Relation): Record<string, unknown> {
  return { ...associationRecord(ctx, relation.locationId), ...relation };
}

/** Relations between records: create, list of one record, delete [spec: associations]; every error is [assumed]. */
export function registerRelationRoutes(app: FastifyInstance, ctx: SandboxContext): void {
  const { contacts, opportunities, relations } = ctx.state;

  function send(type: 'RelationCreate' | 'RelationDelete', relation: Relation): void {
    const { locationId, ...fields } = relation;
    ctx.emit({ type, locationId, fields });
  }

  app.post('/associations/relations', async ({ caller, body }, reply) => {
    const { locationId, associationId: association, firstRecordId, secondRecordId } = check(createBody, body);
    ownLocation(ctx, caller, locationId);
    if (association !== associationId(ctx)) fail(400, `Association not found for id:${association}`);
    // Either order is taken, as the vendor states none for this association [assumed].
    const ids = [firstRecordId, secondRecordId];
    const opportunity = ids.map((id) => opportunities.get(id)).find((one) => one?.locationId === locationId);
    const contact = ids.map((id) => contacts.get(id)).find((one) => one?.locationId === locationId);
    if (opportunity === undefined || contact === undefined) {
      return fail(400, 'One of the records does not exist in this location.');
    }
    const further = [...relations.values()].filter((one) => one.firstRecordId === opportunity.id);
    if (contact.id === opportunity.contactId || further.some((one) => one.secondRecordId === contact.id)) {
      fail(400, 'The records are already related.');
    }
    // The primary contact counts among them.
    if (further.length + 1 >= CONTACTS_MAX) fail(400, `An opportunity has at most ${CONTACTS_MAX} contacts.`);
    const relation: Relation = {
      id: ctx.newId(),
      locationId,
      associationId: association,
      firstObjectKey: 'opportunity',
      firstRecordId: opportunity.id,
      secondObjectKey: 'contact',
      secondRecordId: contact.id,
    };
    relations.set(relation.id, relation);
    send('RelationCreate', relation);
    return reply.code(201).send(relationRecord(ctx, relation));
  });

  app.get<{ Params: { recordId: string } }>(
    '/associations/relations/:recordId',
    async ({ caller, params, query }) => {
      const { locationId, skip, limit, associationIds } = check(listQuery, query);
      ownLocation(ctx, caller, locationId);
      const wanted = associationIds === undefined ? null : [associationIds].flat();
      const found = [...relations.values()].filter(
        (one) =>
          one.locationId === locationId &&
          [one.firstRecordId, one.secondRecordId].includes(params.recordId) &&
          (wanted === null || wanted.includes(one.associationId)),
      );
      return {
        relations: found.slice(skip, skip + limit).map((one) => relationRecord(ctx, one)),
        total: found.length,
      };
    },
  );

  app.delete<{ Params: { relationId: string } }>(
    '/associations/relations/:relationId',
    async ({ caller, params, query }) => {
      const { locationId } = check(locationQuery, query);
      ownLocation(ctx, caller, locationId);
      const relation = relations.get(params.relationId);
      if (relation?.locationId !== locationId)
        return fail(400, `Relation not found for id:${params.relationId}`);
      relations.delete(relation.id);
      send('RelationDelete', relation);
      return relationRecord(ctx, relation);
    },
  );
}
