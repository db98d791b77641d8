import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { contactRow, fullName } from '../contacts/views.ts';
import { fail } from '../server/errors.ts';
import { ownLocation } from '../server/guard.ts';
import { check } from '../server/validate.ts';
import type { SandboxContext } from '../state/context.ts';
import type { Contact, Opportunity } from '../state/records.ts';
import { contactField, SORT_FIELDS } from './contact-fields.ts';
import { contactFilter } from './contact-filters.ts';

/** Paging by number reaches this many rows; beyond it goes `searchAfter` [docs]. */
const PAGED_MAX = 10_000;

const sorting = z.strictObject({ field: z.string(), direction: z.enum(['asc', 'desc']) });

const searchBody = z.strictObject({
  locationId: z.string().min(1),
  // Missing is 422 [issue #31].
  pageLimit: z.number().int().min(1).max(500),
  page: z.number().int().min(1).optional(),
  searchAfter: z.array(z.union([z.string(), z.number(), z.null()])).optional(),
  query: z.string().max(75).optional(),
  filters: z.array(z.unknown()).optional(),
  sort: z
    .array(sorting)
    .max(2)
    .refine((list) => list.every(({ field }) => SORT_FIELDS.includes(field)), {
      error: `sort field must be one of the following values: ${SORT_FIELDS.join(', ')}`,
    })
    .optional(),
});

type Sorting = z.infer<typeof sorting>;
type Cursor = (string | number | null)[];

/** What `query` looks into is a setting of the account [docs]; name, email, phone and company are [assumed]. */
function answers(contact: Contact, text: string): boolean {
  return [fullName(contact), contact.email, contact.phone, contact.companyName].some((value) =>
    value?.toLowerCase().includes(text),
  );
}

function compare(a: string | number | null, b: string | number | null): number {
  if (a === b) return 0;
  // Empty ones come last in either direction [assumed].
  if (a === null) return Number.POSITIVE_INFINITY;
  if (b === null) return Number.NEGATIVE_INFINITY;
  return a < b ? -1 : 1;
}

function compareCursors(a: Cursor, b: Cursor, sort: Sorting[]): number {
  for (const [index, { direction }] of sort.entries()) {
    const order = compare(a[index] ?? null, b[index] ?? null);
    if (order !== 0) return direction === 'asc' || !Number.isFinite(order) ? order : -order;
  }
  return compare(a[sort.length] ?? null, b[sort.length] ?? null);
}

/**
 * POST /contacts/search [docs: the vendor's page on it, as the OpenAPI leaves its body empty]. Newest first unless sorted
 * [assumed]; `total` stands at the root, each row has the `searchAfter` of its own cursor.
 */
export function registerContactSearch(app: FastifyInstance, ctx: SandboxContext): void {
  app.post('/contacts/search', async ({ caller, body }) => {
    const asked = check(searchBody, body);
    const { locationId, pageLimit, searchAfter } = asked;
    ownLocation(ctx, caller, locationId);
    // The words for both refusals are [assumed]; the rules are the vendor's [docs].
    if (asked.page !== undefined && searchAfter !== undefined) {
      fail(400, 'page should not be provided along with searchAfter');
    }
    const page = asked.page ?? 1;
    if (page * pageLimit > PAGED_MAX) fail(400, 'Use searchAfter to retrieve more than 10000 records');

    const text = asked.query?.trim().toLowerCase() ?? '';
    const accepts = contactFilter(ctx, locationId, asked.filters ?? []);
    const sort: Sorting[] =
      asked.sort === undefined || asked.sort.length === 0
        ? [{ field: 'dateAdded', direction: 'desc' }]
        : asked.sort;
    const keys = sort.flatMap(({ field }) => contactField(ctx, locationId, field) ?? []);
    const cursorOf = (contact: Contact): Cursor => [
      ...keys.map((key) => {
        const value = key.values(contact)[0] ?? null;
        return typeof value === 'boolean' ? Number(value) : value;
      }),
      contact.id,
    ];

    const found: { contact: Contact; cursor: Cursor }[] = [];
    for (const contact of ctx.state.contacts.values()) {
      if (contact.locationId !== locationId || !accepts(contact)) continue;
      if (text !== '' && !answers(contact, text)) continue;
      found.push({ contact, cursor: cursorOf(contact) });
    }
    found.sort((a, b) => compareCursors(a.cursor, b.cursor, sort));
    const rest =
      searchAfter === undefined
        ? found.slice((page - 1) * pageLimit)
        : found.filter(({ cursor }) => compareCursors(cursor, searchAfter, sort) > 0);
    const shown = rest.slice(0, pageLimit);

    const opportunities = opportunitiesByContact(ctx, new Set(shown.map(({ contact }) => contact.id)));
    return {
      contacts: shown.map(({ contact, cursor }) =>
        contactRow(ctx, contact, opportunities.get(contact.id) ?? [], cursor),
      ),
      total: found.length,
    };
  });
}

function opportunitiesByContact(ctx: SandboxContext, contactIds: Set<string>): Map<string, Opportunity[]> {
  const opportunities = new Map<string, Opportunity[]>();
  if (contactIds.size === 0) return opportunities;
  for (const opportunity of ctx.state.opportunities.values()) {
    if (!contactIds.has(opportunity.contactId)) continue;
    const known = opportunities.get(opportunity.contactId);
    if (known === undefined) opportunities.set(opportunity.contactId, [opportunity]);
    else known.push(opportunity);
  }
  return opportunities;
}
