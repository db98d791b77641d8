import { defineTrigger, type PollingTriggerPerform } from 'zapier-platform-core';
import { TRIGGER } from '../fields/keys.ts';
import { connect } from '../highlevel/connect.ts';
import { dropdown } from './support/dropdown.ts';

const perform = dropdown((z, bundle) =>
  connect(z, bundle).account.users.forChoosing(),
) satisfies PollingTriggerPerform;

export default defineTrigger({
  key: TRIGGER.userList,
  noun: 'User',
  display: {
    label: 'User List',
    description: 'Triggers when the users of the sub-account are listed in a dropdown.',
    hidden: true,
  },
  operation: {
    type: 'polling',
    perform,
    sample: { id: '082goXVW3lIExEQPOnd3', name: 'Maria Lopez', email: 'maria@example.com' },
  },
});
