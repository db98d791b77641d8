import { defineInputFields, defineTrigger, type PollingTriggerPerform } from 'zapier-platform-core';
import { contact } from '../fields/inputs/common.ts';
import { isId } from '../fields/inputs/read-id.ts';
import { readText } from '../fields/inputs/read-text.ts';
import { TRIGGER } from '../fields/keys.ts';
import { connect } from '../highlevel/connect.ts';
import type { TaskRecord } from '../highlevel/contacts/tasks.ts';
import { unlessGone } from '../highlevel/http/problem.ts';
import { dropdown } from './support/dropdown.ts';

const inputFields = defineInputFields([contact]);

/** Empty until a contact is chosen, and for one that is gone; while a Zap is built the contact can still be a placeholder of an earlier step. */
const perform = dropdown(async (z, bundle) => {
  const contactId = readText(bundle.inputData.contact_id);
  if (!contactId || !isId(contactId)) return [];
  const tasks = (await unlessGone(connect(z, bundle).contacts.tasks.list(contactId))) ?? [];
  return tasks.map((task) => ({ id: task.id, label: labelOf(task) }));
}) satisfies PollingTriggerPerform<typeof inputFields>;

function labelOf({ id, title, dueDate, completed }: TaskRecord): string {
  const parts = [completed ? 'completed' : null, dueDate?.slice(0, 10)].filter(Boolean);
  return parts.length > 0 ? `${title || id} (${parts.join(', ')})` : title || id;
}

export default defineTrigger({
  key: TRIGGER.taskList,
  noun: 'Task',
  display: {
    label: 'Task List',
    description: 'Triggers when the tasks of a contact are listed in a dropdown.',
    hidden: true,
  },
  operation: {
    type: 'polling',
    perform,
    inputFields,
    sample: { id: 'lJpzYrWdpkC2hX6t2yue', label: 'Call back about the quote (2026-12-01)' },
  },
});
