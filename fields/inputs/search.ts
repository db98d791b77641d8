import { type Bundle, defineInputFields, type PlainInputField, type ZObject } from 'zapier-platform-core';
import { connect } from '../../highlevel/connect.ts';
import { LABELS } from '../../highlevel/http/labels.ts';
import { TRIGGER } from '../keys.ts';
import * as inputs from './common.ts';
import { nameMatch } from './name-match.ts';
import { DAY_HELP } from './read-day.ts';
import { YES_NO_CHOICES } from './read-yes-no.ts';

/** What opportunities can be searched by, the same for every search that shows them. */

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
  helpText: 'Exactly this opportunity, if it also fits whatever else you fill in.',
};

/** The labels of the fields below, for errors. */
export const SEARCH_LABELS = {
  contactEmail: 'Contact Email',
  contactPhone: 'Contact Phone',
  withoutOwner: 'Without Owner',
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
  { ...inputs.contact, required: false, helpText: 'Only opportunities of this contact.' },
  {
    key: 'contact_email',
    label: SEARCH_LABELS.contactEmail,
    type: 'string',
    required: false,
    helpText:
      'Only opportunities of the contact with this email address. Where no contact has it, nothing is found. Leave empty for the opportunities of every contact.',
  },
  {
    key: 'contact_phone',
    label: SEARCH_LABELS.contactPhone,
    type: 'string',
    required: false,
    helpText:
      'As Contact Email, by the phone number with its country code, for example `+12025550107`. With both filled in, it is used where no contact has the email.',
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
    helpText: 'Choose Yes for only the opportunities that nobody owns. Leave Owner empty then.',
  },
]);

/**
 * The choice among the person's own fields. Its key is not `custom_field_…`: in a find-or-create step it stands beside
 * the fields to fill in, which begin so.
 */
export const customFieldFilter = async (z: ZObject, bundle: Bundle): Promise<PlainInputField[]> => {
  const highlevel = connect(z, bundle);
  if (!highlevel.hasScope('locations/customFields.readonly')) return [];
  const fields = await highlevel.account.opportunityFields.all();
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
        'A custom field to search by, for example one that holds the opportunity’s ID in another system. A field’s exact name or key can be mapped too.',
    },
    {
      key: 'search_field_value',
      label: SEARCH_LABELS.fieldValue,
      type: 'string',
      required: false,
      group: GROUP.field,
      helpText:
        'Exactly what the custom field holds, capitals included. Of a field with several choices, one of them.',
    },
  ];
};

const day = (key: string, label: string, helpText: string) =>
  ({ key, label, type: 'string', required: false, group: GROUP.dates, helpText }) as const;

const FROM = `This day and later. ${DAY_HELP}`;
const TO = `This day and earlier, the whole day included. ${DAY_HELP}`;
/** Of a moment it depends on the zone which day it fell on; an expected close is a day already. */
const IN_ZONE = ' Days begin and end in the Zap’s time zone.';

export const moreFilters = defineInputFields([
  {
    key: 'min_value',
    label: SEARCH_LABELS.minValue,
    type: 'string',
    required: false,
    group: GROUP.value,
    helpText: 'Only opportunities worth this much or more.',
  },
  {
    key: 'max_value',
    label: SEARCH_LABELS.maxValue,
    type: 'string',
    required: false,
    group: GROUP.value,
    helpText: 'Only opportunities worth this much or less.',
  },
  {
    ...inputs.source,
    group: GROUP.value,
    helpText: 'Only opportunities with exactly this source, for example `Webinar`.',
  },
  {
    key: 'contact_tag',
    label: 'Contact Tag',
    type: 'string',
    required: false,
    group: GROUP.value,
    helpText:
      'Only opportunities whose contact has this tag. HighLevel cannot search by it, so fill in a pipeline or dates as well where you have thousands of opportunities.',
  },
  {
    key: 'lost_reason_id',
    label: LABELS.lostReasonId,
    type: 'string',
    required: false,
    group: GROUP.value,
    dynamic: `${TRIGGER.lostReasonList}.id.name`,
    helpText: 'Only opportunities lost for this reason.',
  },
  day('created_from', SEARCH_LABELS.createdFrom, FROM + IN_ZONE),
  day('created_to', SEARCH_LABELS.createdTo, TO + IN_ZONE),
  day('updated_from', SEARCH_LABELS.updatedFrom, FROM + IN_ZONE),
  day('updated_to', SEARCH_LABELS.updatedTo, TO + IN_ZONE),
  day(
    'status_changed_from',
    SEARCH_LABELS.statusChangedFrom,
    `The day the status last changed: with Status set to Won, the day the opportunity was won. ${DAY_HELP}${IN_ZONE}`,
  ),
  day('status_changed_to', SEARCH_LABELS.statusChangedTo, TO + IN_ZONE),
  day('close_date_from', SEARCH_LABELS.closeDateFrom, FROM),
  day('close_date_to', SEARCH_LABELS.closeDateTo, TO),
]);
