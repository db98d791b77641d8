import { type CreatePerform, defineCreate, defineInputFields } from 'zapier-platform-core';
import * as inputs from '../fields/inputs/common.ts';
import { moreGroup } from '../fields/inputs/groups.ts';
import {
  contactInput,
  opportunityInput,
  readTarget,
  targetOutput,
  targetSample,
} from '../fields/inputs/opportunity-or-contact.ts';
import { MOMENT_EXAMPLES, MOMENT_HELP, requiredMoment } from '../fields/inputs/read-moment.ts';
import { optionalText, readText, requiredText } from '../fields/inputs/read-text.ts';
import { isTest, marked, TEST_ID, testMode, testOutput } from '../fields/inputs/test-mode.ts';
import { idNotTold, noticeOf, noticeOutput } from '../fields/outputs/notice.ts';
import { taskOutput, taskSample } from '../fields/outputs/task.ts';
import { hasLeft } from '../highlevel/account/resolve.ts';
import { connect } from '../highlevel/connect.ts';
import { CREATE_TASK, type NewTask } from '../highlevel/contacts/tasks.ts';
import { LABELS } from '../highlevel/http/labels.ts';
import { isoTime } from '../highlevel/http/time.ts';

const inputFields = defineInputFields([
  {
    key: 'title',
    label: LABELS.title,
    type: 'string',
    required: true,
    helpText: 'What is to be done, for example `Call back about the quote`.',
  },
  {
    key: 'due_date',
    label: LABELS.dueDate,
    type: 'string',
    required: true,
    helpText: `When the task is due, ${MOMENT_EXAMPLES}. ${MOMENT_HELP}`,
  },
  opportunityInput('The task goes to the contact of this opportunity'),
  contactInput,
  { key: 'body', label: LABELS.body, type: 'text', required: false, helpText: 'More about the task.' },
  {
    ...inputs.owner,
    helpText:
      'The user who is to do the task: choose one, or map a user’s ID, exact name or email address. Leave empty for nobody; for a user who has left the task has no owner either, and the output "Notice" says so.',
  },
  { ...testMode, group: moreGroup.key },
]);

const perform = (async (z, bundle) => {
  const highlevel = connect(z, bundle);
  const input = bundle.inputData;
  const test = isTest(z, input);
  highlevel.requirePermission(CREATE_TASK);
  const title = requiredText(z, LABELS.title, input.title);
  const dueDate = await requiredMoment(z, bundle, LABELS.dueDate, input.due_date);
  const ownerText = readText(input.owner_id);
  const person = ownerText ? await highlevel.account.resolveUserOrGone(ownerText, inputs.owner.label) : null;
  const left =
    ownerText && !person ? `${inputs.owner.label}: ${hasLeft(ownerText)}, so the task has no owner.` : null;
  const target = await readTarget(z, bundle, input, test);
  const task: NewTask = {
    title,
    dueDate,
    body: optionalText(z, LABELS.body, input.body),
    assignedTo: person?.id,
  };
  const written = test
    ? { ...task, id: TEST_ID }
    : await highlevel.contacts.tasks.create(target.contact_id, task, readText(input.due_date));
  return marked(
    {
      id: written.id || null,
      title: written.title || title,
      body: written.body || task.body || null,
      due_date: isoTime(written.dueDate) ?? dueDate,
      completed: false,
      owner_id: person?.id ?? null,
      owner_name: person?.name ?? null,
      ...target,
      notice: noticeOf(left, written.id ? null : idNotTold('task')),
    },
    test,
  );
}) satisfies CreatePerform<typeof inputFields>;

export default defineCreate({
  key: 'create_task',
  noun: 'Task',
  display: {
    label: 'Create Task',
    description: 'Creates a task on the contact of an opportunity, or on any contact.',
  },
  operation: {
    perform,
    inputFields,
    inputFieldGroups: [moreGroup],
    outputFields: [...taskOutput, ...targetOutput, noticeOutput, testOutput],
    sample: marked(
      {
        ...taskSample,
        ...targetSample,
        notice: null,
      },
      false,
    ),
  },
});
