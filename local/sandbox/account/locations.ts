import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { fail } from '../server/errors.ts';
import { ownLocation } from '../server/guard.ts';
import { check } from '../server/validate.ts';
import type { SandboxContext } from '../state/context.ts';
import type { CustomField, Location } from '../state/records.ts';

interface ById {
  Params: { locationId: string };
}

interface FieldById {
  Params: { locationId: string; id: string };
}

const fieldsQuery = z.strictObject({ model: z.enum(['contact', 'opportunity', 'all']).optional() });

function locationRecord(location: Location): Record<string, unknown> {
  const { id, companyId, name, timezone, settings } = location;
  return {
    id,
    companyId,
    name,
    timezone,
    country: 'US',
    business: { name, country: 'US', timezone },
    social: {},
    settings: {
      ...settings,
      allowFacebookNameMerge: false,
      disableContactTimezone: false,
      // Not in the specification; the order in which duplicates are looked for [measured by others].
      contactUniqueIdentifiers: ['email', 'phone'],
    },
  };
}

function fieldRecord(field: CustomField): Record<string, unknown> {
  const { picklistOptions, ...record } = field;
  return {
    ...record,
    // That a field without options lacks the key is [assumed].
    ...(picklistOptions.length === 0 ? {} : { picklistOptions, isAllowedCustomOption: false }),
    ...(field.dataType === 'FILE_UPLOAD' ? { isMultiFileAllowed: true, maxFileLimit: 5 } : {}),
  };
}

// Tags have no records of their own here, so a tag's id is made from its name.
function tagId(locationId: string, name: string): string {
  const digest = createHash('sha256').update(`${locationId}/${name}`).digest('base64');
  return digest.replace(/[^A-Za-z0-9]/g, 'x').slice(0, 20);
}

/** A location, its custom fields and its tags [spec: locations]. */
export function registerLocationRoutes(app: FastifyInstance, ctx: SandboxContext): void {
  app.get<ById>('/locations/:locationId', async ({ caller, params }) => {
    ownLocation(ctx, caller, params.locationId);
    const location = ctx.state.locations.get(params.locationId);
    // Only a token that outlived its location can come here [assumed].
    if (location === undefined) return fail(400, `Location with id ${params.locationId} not found`);
    return { location: locationRecord(location) };
  });

  app.get<ById>('/locations/:locationId/customFields', async ({ caller, params, query }) => {
    ownLocation(ctx, caller, params.locationId);
    // Without a model only the contacts' fields come [measured by others].
    const asked = check(fieldsQuery, query).model ?? 'contact';
    const model = ctx.contrary.has('custom-fields-all-models') ? 'all' : asked;
    const fields = [...ctx.state.customFields.values()].filter(
      (field) => field.locationId === params.locationId && (model === 'all' || field.model === model),
    );
    return { customFields: fields.map(fieldRecord) };
  });

  app.get<FieldById>('/locations/:locationId/customFields/:id', async ({ caller, params }) => {
    ownLocation(ctx, caller, params.locationId);
    const field = ctx.state.customFields.get(params.id);
    // Status and words are [assumed].
    if (field?.locationId !== params.locationId) {
      return fail(400, `Custom field not found for id:${params.id}`);
    }
    return { customField: fieldRecord(field) };
  });

  app.get<ById>('/locations/:locationId/tags', async ({ caller, params: { locationId } }) => {
    ownLocation(ctx, caller, locationId);
    const names = new Set<string>();
    for (const contact of ctx.state.contacts.values()) {
      if (contact.locationId === locationId) for (const tag of contact.tags) names.add(tag);
    }
    const tags = [...names].sort().map((name) => ({ id: tagId(locationId, name), name, locationId }));
    return { tags };
  });
}
