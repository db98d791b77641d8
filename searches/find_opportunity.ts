import { defineInputFields, defineSearch, type SearchPerform } from 'zapier-platform-core';
import { chosenFilters } from '../fields/filters.ts';
import { contact, name, ownerFilter, pipelineFilter, stageFilter, statusFilter } from '../fields/inputs.ts';
import { SEARCH } from '../fields/keys.ts';
import { opportunityOutputFields, opportunitySample } from '../fields/opportunity.ts';
import { readText } from '../fields/values.ts';
import { present } from '../highlevel/names.ts';
import type { OpportunityRecord } from '../highlevel/opportunity.ts';
import { readNewest } from '../highlevel/paging.ts';
import { simplify } from '../highlevel/resolve.ts';

const inputFields = defineInputFields([
  {
    ...name,
    required: false,
    helpText: 'The deal’s name, or a part of it. A deal with exactly this name is preferred.',
  },
  { ...contact, required: false, helpText: 'Only deals of this contact.' },
  pipelineFilter,
  stageFilter,
  statusFilter,
  ownerFilter,
]);

/** A name is rarely shared by more; reading on for ever would end in Zapier's 30 s instead of an answer. */
const MOST_PAGES = 5;

const perform = (async (z, bundle) => {
  const wanted = simplify(readText(bundle.inputData.name) ?? '');
  const filters = {
    ...(await chosenFilters(z, bundle, bundle.inputData)),
    contactId: readText(bundle.inputData.contact_id),
    q: wanted || undefined,
  };
  // With nothing to look for, any deal at all would be "found".
  if (Object.values(filters).every((filter) => filter === undefined)) return [];
  const records = await readNewest(z, bundle, filters, {
    mostPages: wanted ? MOST_PAGES : 1,
    readOn: (page) => !page.some((record) => simplify(record.name ?? '') === wanted),
  });
  // HighLevel's text search also looks at the contact; a person who gave a name means the deal's.
  const named = records.filter((record) => simplify(record.name ?? '').includes(wanted));
  return present(z, bundle, bestFirst(named, wanted).slice(0, 1));
}) satisfies SearchPerform<typeof inputFields>;

/** Exact name, then beginning with it; among equals an open deal, then the one that changed last. */
function bestFirst(records: OpportunityRecord[], wanted: string): OpportunityRecord[] {
  const closeness = ({ name }: OpportunityRecord) => {
    const simple = simplify(name ?? '');
    return simple === wanted ? 0 : simple.startsWith(wanted) ? 1 : 2;
  };
  return [...records].sort(
    (a, b) =>
      closeness(a) - closeness(b) ||
      Number(b.status === 'open') - Number(a.status === 'open') ||
      Date.parse(b.updatedAt ?? '') - Date.parse(a.updatedAt ?? ''),
  );
}

export default defineSearch({
  key: SEARCH.findOpportunity,
  noun: 'Opportunity',
  display: {
    label: 'Find Opportunity',
    description: 'Finds an opportunity by name, contact, pipeline, stage, status or owner.',
  },
  operation: {
    perform,
    inputFields,
    outputFields: opportunityOutputFields,
    sample: opportunitySample,
  },
});
