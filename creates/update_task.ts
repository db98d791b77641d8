import {
  type Bundle,
  type CreatePerform,
  defineCreate,
  defineInputField,
  defineInputFields,
  type ZObject,
} from 'zapier-platform-core';
import { readChoice } from '../fields/inputs/choices.ts';
import * as inputs from '../fields/inputs/common.ts';
import { requiredId } from '../fields/inputs/read-id.ts';
import { MOMENT_EXAMPLES, requiredMoment } from '../fields/inputs/read-moment.ts';
import { optionalText, readText } from '../fields/inputs/read-text.ts';
import { isTest, marked, testMode, testOutput } from '../fields/inputs/test-mode.ts';
import { TRIGGER } from '../fields/keys.ts';
import { presentTask, taskOutput, taskSample } from '../fields/outputs/task.ts';
import { connect } from '../highlevel/connect.ts';
import { type TaskRecord, UPDATE_TASK } from '../highlevel/contacts/tasks.ts';
import { LABELS } from '../highlevel/http/labels.ts';
import { setValues } from './support/set-values.ts';
import { isTestId } from './support/test-records.ts';

const STATE_CHOICES = { done: 'Completed', open: 'Open' };

const task = defineInputField({
  key: 'task_id',
  label: 'Task',
  type: 'string',
  required: true,
  dynamic: `${TRIGGER.taskList}.id.label`,
  helpText: 'Choose a contact first to see its tasks, or map the task’s ID from an earlier step.',
});

const state = defineInputField({
  key: 'state',
  label: LABELS.status,
  type: 'string',
  required: false,
  choices: STATE_CHOICES,
  helpText:
    'Choose Completed to mark the task as completed, Open to reopen it. Leave empty to keep the status it has.',
});

const inputFields = defineInputFields([
  { ...inputs.contact, helpText: 'The contact that has the task.' },
  task,
  state,
  {
    key: 'title',
    label: LABELS.title,
    type: 'string',
    required: false,
    helpText: 'The new title. Leave empty to keep the one it has.',
  },
  {
    key: 'due_date',
    label: LABELS.dueDate,
    type: 'string',
    required: false,
    helpText: `When the task is due, ${MOMENT_EXAMPLES}; times are in the Zap’s time zone, and a day without a time means 9:00 AM. Leave empty to keep the due date it has.`,
  },
  {
    key: 'body',
    label: LABELS.body,
    type: 'text',
    required: false,
    helpText: 'The new text. Leave empty to keep the one it has.',
  },
  {
    ...inputs.owner,
    helpText:
      'The user who is to do the task: choose one, or map a user’s ID, exact name or email address. Leave empty to keep the owner it has.',
  },
  testMode,
]);

type Input = Parameters<CreatePerform<typeof inputFields>>[1]['inputData'];

const perform = (async (z, bundle) => {
  const highlevel = connect(z, bundle);
  const test = isTest(z, bundle.inputData);
  highlevel.requirePermission(UPDATE_TASK);
  const contactId = requiredId(z, inputs.contact.label, bundle.inputData.contact_id, test);
  const taskId = requiredId(z, task.label, bundle.inputData.task_id, test);
  const change = await read(z, bundle, bundle.inputData);
  const isMadeUp = isTestId(contactId, test) || isTestId(taskId, test);
  const record: TaskRecord = test
    ? {
        ...(isMadeUp ? { id: taskId } : await highlevel.contacts.tasks.get({ contactId, taskId })),
        ...change,
      }
    : await highlevel.contacts.tasks.update({ contactId, taskId }, change);
  const owners = await highlevel.account.usersWithIds(new Set(record.assignedTo ? [record.assignedTo] : []));
  return marked(
    {
      ...presentTask(record, owners),
      id: taskId,
      contact_id: contactId,
      url: isTestId(contactId, test) ? null : highlevel.connection.contactUrl(contactId),
    },
    test,
  );
}) satisfies CreatePerform<typeof inputFields>;

/** What is set, and nothing else; everything is read and found before the one request that writes. */
async function read(z: ZObject, bundle: Bundle, input: Input) {
  const chosen = readChoice(z, state.label, input.state, STATE_CHOICES);
  const ownerText = readText(input.owner_id);
  const change = {
    title: optionalText(z, LABELS.title, input.title),
    body: optionalText(z, LABELS.body, input.body),
    dueDate: readText(input.due_date) && (await requiredMoment(z, bundle, LABELS.dueDate, input.due_date)),
    completed: chosen === undefined ? undefined : chosen === 'done',
    assignedTo: ownerText && (await connect(z, bundle).account.resolveOwner(ownerText)).id,
  };
  return setValues(z, change);
}

export default defineCreate({
  key: 'update_task',
  noun: 'Task',
  display: {
    label: 'Update Task',
    description:
      'Updates a task of a contact: marks it as completed, reopens it, or changes its title, text, due date or owner.',
  },
  operation: {
    perform,
    inputFields,
    outputFields: [
      ...taskOutput,
      { key: 'contact_id', label: 'Contact ID', type: 'string' },
      { key: 'url', label: 'Link', type: 'string' },
      testOutput,
    ],
    sample: marked(
      {
        ...taskSample,
        completed: true,
        contact_id: 'mTkSCb1UBjb5tk4OvB69',
        url: 'https://app.gohighlevel.com/v2/location/ve9EPM428h8vShlRW1KT/contacts/detail/mTkSCb1UBjb5tk4OvB69',
      },
      false,
    ),
  },
});
