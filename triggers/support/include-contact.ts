import type { Bundle, ZObject } from 'zapier-platform-core';
import { wantsContact } from '../../fields/inputs/include-contact.ts';
import type { Opportunity } from '../../highlevel/opportunities/record.ts';
import { hydrators } from '../../hydrators.ts';

/** The opportunities of a poll, each with a pointer to its whole contact where the person chose so. */
export function withContacts<T extends Opportunity>(z: ZObject, bundle: Bundle, opportunities: T[]): T[] {
  if (!wantsContact(z, bundle)) return opportunities;
  return opportunities.map((opportunity) => ({
    ...opportunity,
    contact: opportunity.contact_id
      ? z.dehydrate(hydrators.contact, { contact_id: opportunity.contact_id })
      : null,
  }));
}
