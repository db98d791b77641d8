import { type Bundle, defineTrigger, type ZObject } from 'zapier-platform-core';
import { presentTask, taskOutput, taskSample } from '../fields/outputs/task.ts';
import { connect } from '../highlevel/connect.ts';
import type { TaskRecord } from '../highlevel/contacts/tasks.ts';
import { withoutRelay } from '../relay-client/address.ts';
import { unsubscribe } from '../relay-client/subscriptions.ts';
import { type TaskDelivery, taskDelivery } from '../wire/deliveries.ts';
import { hookPerform, noneIfGone, subscribeToContacts } from './support/delivery.ts';
import {
  CONTACT_SAMPLE,
  type ContactOf,
  contactOutputs,
  presentContactOf,
  sampleOfContacts,
} from './support/instant-contact.ts';
import { listing } from './support/polling.ts';

const EVENT = 'task_completed';

const NO_CONTACT: ContactOf = { contact_id: null, contact_name: null, contact_email: null, url: null };

/** A task is read by its contact; of one whose contact is not told, what the event says is all there is. */
async function deliver(z: ZObject, bundle: Bundle, { task_id: id, snapshot }: TaskDelivery) {
  const { contact_id: contactId, name, owner_id } = snapshot;
  if (contactId === null) {
    const task = { id, title: name, assignedTo: owner_id, completed: true };
    return [await present(z, bundle, task, NO_CONTACT)];
  }
  return noneIfGone(async () => {
    const task = await connect(z, bundle).contacts.tasks.get({ contactId, taskId: id });
    // The read may lag behind the event.
    const done = { ...task, completed: true };
    return present(z, bundle, done, await presentContactOf(z, bundle, contactId));
  });
}

/** A done one if there is, or else any: without a sample nobody can go on. */
async function recent(z: ZObject, bundle: Bundle) {
  return sampleOfContacts(z, bundle, async (contactId) => {
    const tasks = await connect(z, bundle).contacts.tasks.list(contactId);
    const task = tasks.find(({ completed }) => completed === true) ?? tasks[0];
    return task && present(z, bundle, task, await presentContactOf(z, bundle, contactId));
  });
}

async function present(z: ZObject, bundle: Bundle, task: TaskRecord, contact: ContactOf) {
  const owners = new Set(task.assignedTo ? [task.assignedTo] : []);
  return { ...presentTask(task, await connect(z, bundle).account.usersWithIds(owners)), ...contact };
}

export default defineTrigger({
  key: 'task_completed_instant',
  noun: 'Task',
  display: {
    label: 'Task Completed (Instant)',
    description: 'Triggers when a task of a contact is marked as completed, within seconds.',
    hidden: withoutRelay(),
  },
  operation: {
    type: 'hook',
    performSubscribe: (z, bundle) => subscribeToContacts(z, bundle, EVENT),
    performUnsubscribe: (z, bundle) => unsubscribe(z, bundle),
    perform: hookPerform(taskDelivery, EVENT, deliver, recent),
    performList: listing(async (z: ZObject, bundle: Bundle) => recent(z, bundle)),
    outputFields: [...taskOutput, contactOutputs],
    sample: { ...taskSample, completed: true, ...CONTACT_SAMPLE },
  },
});
