import { defineInputFields, defineTrigger, type PollingTriggerPerform } from 'zapier-platform-core';
import { readText } from '../fields/inputs/read-text.ts';
import { TRIGGER } from '../fields/keys.ts';
import { orNone } from '../highlevel/account/lookup.ts';
import { connect } from '../highlevel/connect.ts';
import { MOST_PER_LIST_PAGE } from '../highlevel/opportunities/list-search.ts';
import type { OpportunityRecord } from '../highlevel/opportunities/record.ts';
import { dropdown } from './support/dropdown.ts';

/**
 * HighLevel can search as a person types; whether the editor hands the typed text on is not documented. [assumed]
 * Nothing else is read: a dropdown is given the whole step's input, where a pipeline may be the one to move the opportunity to.
 */
const inputFields = defineInputFields([
  {
    key: 'search',
    label: 'Search',
    type: 'string',
    required: false,
    helpText: 'Part of the opportunity’s name, or of its contact’s name, email or phone.',
  },
]);

const perform = dropdown(async (z, bundle) => {
  const highlevel = connect(z, bundle);
  const page = (bundle.meta?.page ?? 0) + 1;
  const filters = { q: readText(bundle.inputData.search) };
  const [{ records }, known] = await Promise.all([
    highlevel.opportunities.listSearch(filters, MOST_PER_LIST_PAGE, { page }),
    orNone(highlevel.account.pipelines.all()),
  ]);
  const names = new Map(known.map(({ id, name }) => [id, name]));
  // Zapier takes no list in which one comes twice.
  const distinct = [...new Map(records.map((record) => [record.id, record])).values()];
  return distinct.map((record) => choice(record, names.get(record.pipelineId ?? '')));
}) satisfies PollingTriggerPerform<typeof inputFields>;

/** Two opportunities of one name are told apart by whose they are and where they stand. */
function choice({ id, name, contact }: OpportunityRecord, pipelineName: string | undefined) {
  const about = [contact?.name, pipelineName].filter(Boolean).join(', ');
  const called = name || id;
  return {
    id,
    name: called,
    contact_name: contact?.name || null,
    pipeline_name: pipelineName ?? null,
    label: about ? `${called} (${about})` : called,
  };
}

export default defineTrigger({
  key: TRIGGER.opportunityList,
  noun: 'Opportunity',
  display: {
    label: 'Opportunity List',
    description: 'Triggers when the opportunities of the sub-account are listed in a dropdown.',
    hidden: true,
  },
  operation: {
    type: 'polling',
    perform,
    canPaginate: true,
    inputFields,
    sample: {
      id: 'yWQobCRIhRguQtD2llvk',
      name: 'Website for Harbor Cafe',
      contact_name: 'Sam Reed',
      pipeline_name: 'Sales',
      label: 'Website for Harbor Cafe (Sam Reed, Sales)',
    },
  },
});
