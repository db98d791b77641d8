import {
  type Bundle,
  defineInputFields,
  defineSearch,
  type SearchPerform,
  type ZObject,
} from 'zapier-platform-core';
import { readChoice } from '../fields/inputs/choices.ts';
import { asksAnything, chosenCriteria } from '../fields/inputs/filters.ts';
import { includeContact, withContact } from '../fields/inputs/include-contact.ts';
import {
  customFieldFilter,
  mainFilters,
  moreFilters,
  opportunityId,
  SEARCH_LABELS,
  searchGroups,
} from '../fields/inputs/search.ts';
import { SEARCH } from '../fields/keys.ts';
import { opportunityRowOutputFields, opportunityRowSample } from '../fields/outputs/opportunity.ts';
import { connect } from '../highlevel/connect.ts';
import { type Criteria, closeness, meets } from '../highlevel/opportunities/criteria.ts';
import { NO_NEW_PAGE_AFTER_MS } from '../highlevel/opportunities/reading.ts';
import type { OpportunityRecord } from '../highlevel/opportunities/record.ts';
import { lookThrough } from './support/look-through.ts';

const MATCH_CHOICES = {
  all_fields: 'Every Field That Is Filled In',
  identity: 'Only ID, Name, Contact, Pipeline and Custom Field',
  custom_field: 'Only ID and Custom Field',
};

const PREFER_CHOICES = { open_first: 'Open Opportunities First', newest_first: 'Newest First' };

const matchBy = {
  key: 'match_by',
  label: 'Match By',
  type: 'string',
  required: false,
  choices: MATCH_CHOICES,
  helpText: `In Find or Create Opportunity choose "${MATCH_CHOICES.identity}", or, if another system’s ID is in a custom field, "${MATCH_CHOICES.custom_field}": an opportunity that has moved on since is then still found, and the other fields only say what it gets. Leave empty for every field.`,
} as const;

const prefer = {
  key: 'prefer',
  label: 'Prefer',
  type: 'string',
  required: false,
  choices: PREFER_CHOICES,
  helpText:
    'Which opportunity to take if several match equally well; the same name always comes before a longer one. Leave empty for open opportunities first, the newest of them.',
} as const;

const inputFields = defineInputFields([
  ...mainFilters,
  opportunityId,
  matchBy,
  prefer,
  includeContact,
  customFieldFilter,
  ...moreFilters,
]);

const perform = (async (z, bundle) => {
  const highlevel = connect(z, bundle);
  const { inputData } = bundle;
  const until = Date.now() + NO_NEW_PAGE_AFTER_MS;
  const openFirst = readChoice(z, prefer.label, inputData.prefer, PREFER_CHOICES) !== 'newest_first';
  const match = readChoice(z, matchBy.label, inputData.match_by, MATCH_CHOICES);
  const { criteria: chosen, noSuchContact } = await chosenCriteria(z, bundle, inputData);
  const criteria =
    match === 'identity' ? identityOf(chosen) : match === 'custom_field' ? keyOf(z, chosen) : chosen;
  if (!asksAnything(criteria) || (noSuchContact && match !== 'custom_field')) return [];
  const found = criteria.id
    ? await findById(z, bundle, criteria, criteria.id, until)
    : await findBySearch(z, bundle, criteria, chosen.contactId, openFirst, until);
  const opportunities = await highlevel.opportunities.present(found ? [found] : []);
  return Promise.all(
    opportunities.map(async (opportunity) => ({
      ...(await withContact(z, bundle, opportunity)),
      was_created: false,
    })),
  );
}) satisfies SearchPerform<typeof inputFields>;

/** What tells one opportunity from another for good, as stage, status, owner and value do not. */
function identityOf({ id, name, wholeName, contactId, pipelineId, customField }: Criteria): Criteria {
  return { id, name, wholeName, contactId, pipelineId, customField };
}

/** @throws HaltedError where there is no key: a find-or-create step would make an opportunity of nothing each time it runs */
function keyOf(z: ZObject, { id, customField }: Criteria): Criteria {
  if (id || customField) return { id, customField };
  throw new z.errors.HaltedError(
    `${matchBy.label}: this goes by ${opportunityId.label} or ${SEARCH_LABELS.field} alone, and both are empty. Fill one of them in; if it comes from an earlier step, that step had no value for it this time.`,
  );
}

/** @param contactId whose opportunity it would have been, where it was created a moment ago */
async function findBySearch(
  z: ZObject,
  bundle: Bundle,
  criteria: Criteria,
  contactId: string | undefined,
  openFirst: boolean,
  until: number,
): Promise<OpportunityRecord | null> {
  const { opportunities } = connect(z, bundle);
  const { best, leftOut } = await findBest(z, bundle, criteria, openFirst, until);
  const found = best ?? (await opportunities.findJustCreated(criteria, { ...criteria, contactId }));
  if (!found && leftOut > 0) throw unreadable(z, leftOut);
  return found;
}

/** Read directly, which has no lag; a filter by what that read may leave out [conflict] is left to the search. */
async function findById(
  z: ZObject,
  bundle: Bundle,
  criteria: Criteria,
  id: string,
  until: number,
): Promise<OpportunityRecord | null> {
  const highlevel = connect(z, bundle);
  if (criteria.customField || criteria.lostReasonId) {
    return findBySearch(z, bundle, criteria, undefined, false, until);
  }
  const record = await highlevel.opportunities.getWholeIfThere(id);
  return record && meets(record, criteria) ? record : null;
}

/**
 * The best match: the whole name before the beginning of one before a part; among equals an open opportunity, if those are
 * preferred, then the newest.
 *
 * @param closed what was found of those that are not open, where open ones alone are looked for
 * @returns with it how many rows could not be told from others
 * @throws HaltedError where nothing was found among as many as one step can look through, and there are more
 */
async function findBest(
  z: ZObject,
  bundle: Bundle,
  criteria: Criteria,
  openFirst: boolean,
  until: number,
  closed: OpportunityRecord | null = null,
): Promise<{ best: OpportunityRecord | null; leftOut: number }> {
  const highlevel = connect(z, bundle);
  const rank = (record: OpportunityRecord) =>
    (criteria.name === undefined ? 0 : closeness(record, criteria.name)) * 2 +
    (openFirst && record.status !== 'open' ? 1 : 0);
  const anyStatus = openFirst && !criteria.status && criteria.name === undefined;
  const { records, looked, whole, leftOut } = await lookThrough(highlevel, criteria, {
    likely: 1,
    enough: (found) => (anyStatus ? found.length > 0 : found.some((record) => rank(record) === 0)),
    until,
  });
  // Sorting keeps the newest first among equals.
  const [best] = [...records].sort((a, b) => rank(a) - rank(b));
  if (anyStatus && !whole && best && rank(best) > 0) {
    // Open opportunities may lie far behind newer ones that are closed.
    const open = await findBest(z, bundle, { ...criteria, status: 'open' }, false, until, best);
    if (open.best) return open;
  }
  if (!best && !whole) throw tooMany(z, looked, closed);
  return { best: best ?? null, leftOut };
}

/** "Nothing found" would be a guess, and in a find-or-create step make a second opportunity. */
function tooMany(z: ZObject, looked: number, closed: OpportunityRecord | null): Error {
  const count = looked.toLocaleString('en-US');
  const example = 'for example with Pipeline, Contact or Created From.';
  return new z.errors.HaltedError(
    closed
      ? `${prefer.label}: "${closed.name || closed.id}" matches and is ${closed.status || 'not open'}, and none of the ${count} open opportunities that this step looked through does, but there are more than it can read in one run. Choose "${PREFER_CHOICES.newest_first}" to take it, or narrow the search down, ${example}`
      : `This step looked through ${count} opportunities and none of them matches, but there are more than it can read in one run. Narrow the search down, ${example}`,
  );
}

/** A row without its ID, or one that cannot be read, may be the very one; "nothing found" would be a guess here too. */
function unreadable(z: ZObject, leftOut: number): Error {
  const some = leftOut === 1 ? 'an opportunity' : `${leftOut} opportunities`;
  return new z.errors.HaltedError(
    `HighLevel’s search gave ${some} without an ID or with values this integration cannot read, so this step cannot tell whether the one that it looks for is there. Replay the step later; if this goes on, look for it by ${opportunityId.label}.`,
  );
}

export default defineSearch({
  key: SEARCH.findOpportunity,
  noun: 'Opportunity',
  display: {
    label: 'Find Opportunity',
    description:
      'Finds an opportunity by name, contact, pipeline, stage, status, owner, custom field, value or dates.',
  },
  operation: {
    perform,
    inputFields,
    inputFieldGroups: searchGroups,
    // As in the action that a find-or-create step shows beside it, so that the step's result has it either way.
    outputFields: [
      ...opportunityRowOutputFields,
      { key: 'was_created', label: 'Was Created', type: 'boolean' },
    ],
    sample: { ...opportunityRowSample, was_created: false },
  },
});
