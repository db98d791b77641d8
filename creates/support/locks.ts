/**
 * Zapier runs one after the other what has the same lock [source: zapier-platform-schema, LockObjectSchema], so that a
 * step sees what a run at the same moment has made or changed. The id of a contact or an opportunity is one in all of
 * HighLevel [assumed], so its lock needs no owner, and two connections to one sub-account wait for each other. What a
 * person is found by is not, so its lock is one of the Zapier account's.
 *
 * A search has none, and in a find-or-create step it is over before its action waits. So the action looks once more.
 */

import type { SEARCH } from '../../fields/keys.ts';

/** A step has 30 s in all [docs]; a lock that is held longer was left behind. */
const timeout = 40;

/** One at a time for a contact, whose opportunity is looked for and then made. */
export const ofContact = { key: 'contact-{{bundle.inputData.contact_id}}', timeout };

/** One at a time for a person, by what they are found by. Whoever has neither email nor phone waits for the others. */
export const ofPerson = {
  key: 'person-{{bundle.inputData.email}}-{{bundle.inputData.phone}}',
  scope: ['account' as const],
  timeout,
};

/** One at a time for an opportunity, whose value is read and then added to. */
export const ofOpportunity = { key: 'opportunity-{{bundle.inputData.opportunity_id}}', timeout };

/** Whether an action runs in a find-or-create step, whose search found nothing. */
export function isAfterSearch(
  { meta }: { meta?: { withSearch?: string } },
  search: (typeof SEARCH)[keyof typeof SEARCH],
): boolean {
  return meta?.withSearch === search;
}
