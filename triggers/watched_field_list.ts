import { defineTrigger, type PollingTriggerPerform } from 'zapier-platform-core';
import { TRIGGER } from '../fields/keys.ts';
import { connect } from '../highlevel/connect.ts';
import { dropdown } from './support/dropdown.ts';
import { watchableFields } from './support/watched-fields.ts';

/** Without the permission for custom fields those that every account has are left. */
const perform = dropdown(async (z, bundle) => {
  const highlevel = connect(z, bundle);
  const own = highlevel.hasScope('locations/customFields.readonly')
    ? await highlevel.account.opportunityFields.forChoosing()
    : [];
  return watchableFields(own).map(({ id, name }) => ({ id, name }));
}) satisfies PollingTriggerPerform;

export default defineTrigger({
  key: TRIGGER.watchedFieldList,
  noun: 'Field',
  display: {
    label: 'Watched Field List',
    description: 'Triggers when the fields of an opportunity that can be watched are listed in a dropdown.',
    hidden: true,
  },
  operation: { type: 'polling', perform, sample: { id: 'monetary_value', name: 'Value' } },
});
