/** What opportunities can be searched by, the same for every search that shows them. */

import { type Bundle, defineInputFields, type PlainInputField, type ZObject } from 'zapier-platform-core';
import { connect } from '../../highlevel/connect.ts';
import { LABELS } from '../../highlevel/http/labels.ts';
import { TRIGGER } from '../keys.ts';
import * as inputs from './common.ts';
import { nameMatch } from './name-match.ts';
import { DAY_EXAMPLES } from './read-day.ts';
import { YES_NO_CHOICES } from './read-yes-no.ts';

const GROUP = { field: 'custom_field_search', value: 'value_search', dates: 'date_search' };

export const searchGroups = [
  { key: GROUP.field, label: 'Custom Field' },
  { key: GROUP.value, label: 'Value, Source, Tag and Lost Reason' },
  { key: GROUP.dates, label: 'Dates' },
];

const { search: _, ...opportunityDropdown } = inputs.opportunity;

export const opportunityId = {
  ...opportunityDropdown,
  required: false,
  helpText:
    'Only this opportunity, if it also fits what else you fill in. Leave empty to search by the other fields.',
};

/** The labels of the fields below, for errors. */
export const SEARCH_LABELS = {
  contactEmail: 'Contact Email',
  contactPhone: 'Contact Phone',
  withoutOwner: 'Without Owner',
  contactTag: 'Contact Tag',
  field: 'Custom Field',
  fieldValue: 'Custom Field Value',
  minValue: 'Minimum Value',
  maxValue: 'Maximum Value',
  createdFrom: 'Created From',
  createdTo: 'Created To',
  updatedFrom: 'Updated From',
  updatedTo: 'Updated To',
  statusChangedFrom: 'Status Changed From',
  statusChangedTo: 'Status Changed To',
  closeDateFrom: 'Expected Close From',
  closeDateTo: 'Expected Close To',
} as const;

export const mainFilters = defineInputFields([
  {
    ...inputs.name,
    required: false,
    helpText:
      'The opportunity’s whole name, unless you choose otherwise under Name Match. Capitals do not matter.',
  },
  nameMatch,
  {
    ...inputs.contact,
    required: false,
    helpText: 'Only opportunities of this contact. Leave empty for all contacts.',
  },
  {
    key: 'contact_email',
    label: SEARCH_LABELS.contactEmail,
    type: 'string',
    required: false,
    helpText:
      'Only opportunities of the contact with this email address; if no contact has it, nothing is found. Leave empty for all contacts.',
  },
  {
    key: 'contact_phone',
    label: SEARCH_LABELS.contactPhone,
    type: 'string',
    required: false,
    helpText:
      'Only opportunities of the contact with this phone number, written with its country code, for example `+12025550107`. If Contact Email is filled in too, it is used only if no contact has that email.',
  },
  inputs.pipelineFilter,
  inputs.stageFilter,
  inputs.statusFilter,
  inputs.ownerFilter,
  {
    key: 'without_owner',
    label: SEARCH_LABELS.withoutOwner,
    type: 'string',
    required: false,
    choices: YES_NO_CHOICES,
    helpText:
      'Choose Yes for only the opportunities that nobody owns, and leave Owner empty. Leave this empty, or choose No, for all.',
  },
]);

/**
 * The choice among the person's own fields. Its key is not `custom_field_…`: in a find-or-create step it stands beside
 * the fields to fill in, which begin so.
 */
export const customFieldFilter = async (z: ZObject, bundle: Bundle): Promise<PlainInputField[]> => {
  const highlevel = connect(z, bundle);
  if (!highlevel.hasScope('locations/customFields.readonly')) return [];
  const fields = await highlevel.account.opportunityFields.forChoosing();
  if (fields.length === 0) return [];
  return [
    {
      key: 'search_field',
      label: SEARCH_LABELS.field,
      type: 'string',
      required: false,
      group: GROUP.field,
      choices: Object.fromEntries(fields.map(({ id, name }) => [id, name])),
      helpText:
        'A custom field to search by, for example one that holds the opportunity’s ID in another system: choose one, or map its exact name or key. Leave empty to search by the other fields.',
    },
    {
      key: 'search_field_value',
      label: SEARCH_LABELS.fieldValue,
      type: 'string',
      required: false,
      group: GROUP.field,
      helpText:
        'Exactly what the custom field holds, capitals included. If it can hold several choices, write one of them.',
    },
  ];
};

const day = (key: string, label: string, helpText: string) =>
  ({ key, label, type: 'string', required: false, group: GROUP.dates, helpText }) as const;

/** @param what happened to the opportunities, for example `created` */
const from = (what: string) => `Only opportunities ${what} on this day or later, ${DAY_EXAMPLES}.`;
const to = (what: string) => `Only opportunities ${what} on this day or earlier, ${DAY_EXAMPLES}.`;
/** Of a moment it depends on the zone which day it fell on; an expected close is a day already. */
const IN_ZONE = ' Days begin and end in the Zap’s time zone.';

export const moreFilters = defineInputFields([
  {
    key: 'min_value',
    label: SEARCH_LABELS.minValue,
    type: 'string',
    required: false,
    group: GROUP.value,
    helpText: 'Only opportunities worth this much or more. Leave empty for any value.',
  },
  {
    key: 'max_value',
    label: SEARCH_LABELS.maxValue,
    type: 'string',
    required: false,
    group: GROUP.value,
    helpText: 'Only opportunities worth this much or less. Leave empty for any value.',
  },
  {
    ...inputs.source,
    group: GROUP.value,
    helpText: 'Only opportunities with exactly this source, for example `Webinar`.',
  },
  {
    key: 'contact_tag',
    label: SEARCH_LABELS.contactTag,
    type: 'string',
    required: false,
    group: GROUP.value,
    helpText:
      'Only opportunities whose contact has this tag. HighLevel cannot search by it, so fill in a pipeline or dates as well if you have thousands of opportunities.',
  },
  {
    key: 'lost_reason_id',
    label: LABELS.lostReasonId,
    type: 'string',
    required: false,
    group: GROUP.value,
    dynamic: `${TRIGGER.lostReasonList}.id.name`,
    helpText: 'Only opportunities lost for this reason. Leave empty for any.',
  },
  day('created_from', SEARCH_LABELS.createdFrom, from('created') + IN_ZONE),
  day('created_to', SEARCH_LABELS.createdTo, to('created') + IN_ZONE),
  day('updated_from', SEARCH_LABELS.updatedFrom, from('last updated') + IN_ZONE),
  day('updated_to', SEARCH_LABELS.updatedTo, to('last updated') + IN_ZONE),
  day(
    'status_changed_from',
    SEARCH_LABELS.statusChangedFrom,
    `${from('whose status last changed')} With Status set to Won, that is the day it was won; days begin and end in the Zap’s time zone.`,
  ),
  day('status_changed_to', SEARCH_LABELS.statusChangedTo, to('whose status last changed') + IN_ZONE),
  day('close_date_from', SEARCH_LABELS.closeDateFrom, from('expected to close')),
  day('close_date_to', SEARCH_LABELS.closeDateTo, to('expected to close')),
]);
