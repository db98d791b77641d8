import {
  type Bundle,
  defineInputField,
  defineInputFields,
  defineSearch,
  type SearchPerform,
  type ZObject,
} from 'zapier-platform-core';
import { chosenCriteria } from '../fields/inputs/filters.ts';
import { readWholeNumber } from '../fields/inputs/read-whole-number.ts';
import { customFieldFilter, mainFilters, moreFilters, searchGroups } from '../fields/inputs/search.ts';
import { customFieldOutputs } from '../fields/outputs/custom-fields.ts';
import {
  attributionOutputs,
  opportunityOutput,
  opportunityRowSample,
} from '../fields/outputs/opportunity.ts';
import { opportunityFields } from '../highlevel/account/custom-fields.ts';
import { connect } from '../highlevel/connect.ts';
import { NO_NEW_PAGE_AFTER_MS } from '../highlevel/opportunities/reading.ts';
import { lookThrough, NOTHING } from './support/look-through.ts';
import { worth } from './support/opportunity-sums.ts';

const MOST = 500;
const USUAL = 100;

const limit = defineInputField({
  key: 'limit',
  label: 'Maximum Number to List',
  type: 'string',
  required: false,
  default: String(USUAL),
  helpText: `From 1 to ${MOST}, the newest first; leave empty for ${USUAL}. If none match, this step still succeeds, with 0 as "Number Listed", and the Zap goes on.`,
});

const inputFields = defineInputFields([...mainFilters, limit, customFieldFilter, ...moreFilters]);

const perform = (async (z, bundle) => {
  const highlevel = connect(z, bundle);
  const until = Date.now() + NO_NEW_PAGE_AFTER_MS;
  const most = readWholeNumber(z, limit.label, bundle.inputData.limit, { least: 1, most: MOST }) ?? USUAL;
  const { criteria, noSuchContact } = await chosenCriteria(z, bundle, bundle.inputData);
  const found = noSuchContact
    ? NOTHING
    : await lookThrough(highlevel, criteria, {
        likely: most,
        enough: (records) => records.length >= most,
        until,
      });
  const opportunities = await highlevel.opportunities.present(found.records.slice(0, most));
  return [
    {
      count: opportunities.length,
      total_value: worth(opportunities.map(({ monetary_value }) => ({ value: monetary_value ?? 0 }))),
      matching_count: found.matching,
      is_complete: found.whole && found.leftOut === 0 && found.records.length <= most,
      opportunities,
    },
  ];
}) satisfies SearchPerform<typeof inputFields>;

const LINES = 'opportunities[]';
const ownOutputs = customFieldOutputs(opportunityFields, LINES);

/** Given by a function, as core pays for every field of the definition in each call. */
const lineOutputs = async (z: ZObject, bundle: Bundle) => [
  ...[...opportunityOutput, ...attributionOutputs].map((field) => ({
    ...field,
    key: `${LINES}${field.key}`,
  })),
  ...(await ownOutputs(z, bundle)),
];

export default defineSearch({
  key: 'list_opportunities',
  noun: 'Opportunity',
  display: {
    label: 'List Opportunities',
    description: 'Lists up to 500 opportunities that match, as line items, with their count and total value.',
  },
  operation: {
    perform,
    inputFields,
    inputFieldGroups: searchGroups,
    outputFields: [
      { key: 'count', label: 'Number Listed', type: 'integer' },
      { key: 'total_value', label: 'Value of Those Listed', type: 'number' },
      { key: 'matching_count', label: 'Number Matching', type: 'integer' },
      { key: 'is_complete', label: 'All That Match Are Listed', type: 'boolean' },
      lineOutputs,
    ],
    sample: {
      count: 1,
      total_value: 4800,
      matching_count: 1,
      is_complete: true,
      opportunities: [opportunityRowSample],
    },
  },
});
