import { defineTrigger, type PollingTriggerPerform } from 'zapier-platform-core';
import { TRIGGER } from '../fields/keys.ts';
import { connect } from '../highlevel/connect.ts';
import { dropdown } from './support/dropdown.ts';

const perform = dropdown((z, bundle) =>
  connect(z, bundle).account.lostReasons.forChoosing(),
) satisfies PollingTriggerPerform;

export default defineTrigger({
  key: TRIGGER.lostReasonList,
  noun: 'Lost Reason',
  display: {
    label: 'Lost Reason List',
    description: 'Triggers when the lost reasons of the sub-account are listed in a dropdown.',
    hidden: true,
  },
  operation: { type: 'polling', perform, sample: { id: 'CLu7JRXTbSJWTKAKNXPp', name: 'Price Too High' } },
});
