import { defineInputFields, defineSearch, type SearchPerform } from 'zapier-platform-core';
import { readChoice } from '../fields/inputs/choices.ts';
import { contact } from '../fields/inputs/common.ts';
import { requiredId } from '../fields/inputs/read-id.ts';
import { MOMENT_EXAMPLES, MOMENT_HELP, requiredMoment } from '../fields/inputs/read-moment.ts';
import { readText } from '../fields/inputs/read-text.ts';
import { TEST_ID } from '../fields/inputs/test-mode.ts';
import { presentTask, taskOutput, taskSample } from '../fields/outputs/task.ts';
import { cannotTell, simplify } from '../highlevel/account/resolve.ts';
import { connect } from '../highlevel/connect.ts';
import type { TaskRecord } from '../highlevel/contacts/tasks.ts';
import { LABELS } from '../highlevel/http/labels.ts';
import { unlessGone } from '../highlevel/http/problem.ts';
import { momentMs } from '../highlevel/http/time.ts';

const STATUS_CHOICES = { open: 'Open', done: 'Completed' };
const DUE_BEFORE = 'Due Before';

const inputFields = defineInputFields([
  {
    ...contact,
    helpText:
      'The contact whose tasks are looked through; the dropdown shows the newest first. To use one from an earlier step, map that step’s contact ID.',
  },
  {
    key: 'title',
    label: LABELS.title,
    type: 'string',
    required: false,
    helpText: 'The task’s title, or a part of it. Capitals do not matter.',
  },
  {
    key: 'status',
    label: LABELS.status,
    type: 'string',
    required: false,
    choices: STATUS_CHOICES,
    helpText: 'Only tasks with this status. Leave empty for both.',
  },
  {
    key: 'due_before',
    label: DUE_BEFORE,
    type: 'string',
    required: false,
    helpText: `Only tasks that are due earlier than this, ${MOMENT_EXAMPLES}. ${MOMENT_HELP}`,
  },
]);

const perform = (async (z, bundle) => {
  const highlevel = connect(z, bundle);
  const { inputData } = bundle;
  const title = simplify(readText(inputData.title));
  const status = readChoice(z, LABELS.status, inputData.status, STATUS_CHOICES);
  const before = readText(inputData.due_before)
    ? await requiredMoment(z, bundle, DUE_BEFORE, inputData.due_before)
    : null;
  if (!readText(inputData.contact_id)) return [];
  const contactId = requiredId(z, contact.label, inputData.contact_id, true);
  if (contactId === TEST_ID) return [];

  const { kept: tasks, leftOut } = (await unlessGone(highlevel.contacts.tasks.all(contactId))) ?? {
    kept: [],
    leftOut: 0,
  };
  const found = tasks
    .filter((task) => simplify(task.title).includes(title))
    .filter((task) => !status || status === statusOf(task))
    .filter((task) => before === null || dueMs(task) < Date.parse(before))
    .sort(soonestFirst);
  if (found.length === 0 && leftOut > 0) throw cannotTell(highlevel, '', 'such a task');
  const owners = new Set(found.flatMap(({ assignedTo }) => assignedTo || []));
  const users = await highlevel.account.usersWithIds(owners);
  return found.map((task) => ({
    ...presentTask(task, users),
    contact_id: contactId,
    url: highlevel.connection.contactUrl(contactId),
  }));
}) satisfies SearchPerform<typeof inputFields>;

const statusOf = ({ completed }: TaskRecord) => (completed === true ? 'done' : 'open');

/** A task without a due date is due after every other. */
const dueMs = ({ dueDate }: TaskRecord) => momentMs(dueDate) || Number.MAX_SAFE_INTEGER;

/** Open tasks before done ones, since Zapier goes on with the first. */
function soonestFirst(a: TaskRecord, b: TaskRecord): number {
  if (statusOf(a) !== statusOf(b)) return statusOf(a) === 'open' ? -1 : 1;
  return dueMs(a) - dueMs(b);
}

export default defineSearch({
  key: 'find_task',
  noun: 'Task',
  display: {
    label: 'Find Task',
    description: 'Finds a task of a contact by its title, whether it is completed, or when it is due.',
  },
  operation: {
    perform,
    inputFields,
    outputFields: [
      ...taskOutput,
      { key: 'contact_id', label: 'Contact ID', type: 'string' },
      { key: 'url', label: 'Link', type: 'string' },
    ],
    sample: {
      ...taskSample,
      contact_id: 'mTkSCb1UBjb5tk4OvB69',
      url: 'https://app.gohighlevel.com/v2/location/ve9EPM428h8vShlRW1KT/contacts/detail/mTkSCb1UBjb5tk4OvB69',
    },
  },
});
