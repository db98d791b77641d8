import * as s from 'zod/mini';
import { simplify } from '../account/resolve.ts';
import { createOnce } from '../http/attempts.ts';
import type { Client, Endpoint } from '../http/client.ts';
import { NOT_READABLE, undecided, WITHOUT_DATE } from '../http/errors.ts';
import { countedEntries, flag, moment, shown, textOrNumber, UNREADABLE } from '../http/shapes.ts';
import { momentMs } from '../http/time.ts';
import { byId, changed } from './shapes.ts';

export const CREATE_TASK: Endpoint = {
  method: 'POST',
  path: '/contacts/{contactId}/tasks',
  scope: 'contacts.write',
  doing: 'create the task',
  repeatable: false,
};

/** [spec: CreateTaskParams] */
export interface NewTask {
  title: string;
  /** ISO 8601. */
  dueDate: string;
  body?: string;
  assignedTo?: string;
}

const taskRecord = s.lazy(() =>
  byId(
    s.looseObject({
      id: s.string(),
      title: shown(textOrNumber),
      body: shown(textOrNumber),
      assignedTo: shown(textOrNumber),
      dueDate: shown(moment),
      completed: shown(flag),
    }),
  ),
);

export type TaskRecord = s.output<typeof taskRecord>;

const answer = s.lazy(() => s.looseObject({ task: taskRecord }));

/** A write was saved, whatever its answer says. */
const written = s.lazy(() =>
  s.catch(s.looseObject({ task: s.optional(s.catch(s.nullish(taskRecord), undefined)) }), {}),
);

/** [spec] */
const LIST_TASKS: Endpoint = {
  method: 'GET',
  path: '/contacts/{contactId}/tasks',
  scope: 'contacts.readonly',
  doing: 'list the tasks',
  repeatable: true,
};

const listAnswer = s.lazy(() => s.looseObject({ tasks: countedEntries(taskRecord) }));

/** The tasks of a contact that can be told apart; in which order is not said. */
export async function listTasks(client: Client, contactId: string): Promise<TaskRecord[]> {
  return (await allTasks(client, contactId)).kept;
}

/** As `listTasks`, with how many could not be told apart. */
export async function allTasks(
  client: Client,
  contactId: string,
): Promise<{ kept: TaskRecord[]; leftOut: number }> {
  const { tasks } = await client.call(LIST_TASKS, listAnswer, { path: { contactId } });
  if (tasks.leftOut > 0)
    client.log(`${tasks.leftOut} tasks had no id or were not as expected, and were left out`);
  return tasks;
}

/** [spec] */
const GET_TASK: Endpoint = {
  method: 'GET',
  path: '/contacts/{contactId}/tasks/{taskId}',
  scope: 'contacts.readonly',
  doing: 'read the task',
  repeatable: true,
};

/** One task of a contact. */
export async function getTask(
  client: Client,
  path: { contactId: string; taskId: string },
): Promise<TaskRecord> {
  return (await client.call(GET_TASK, answer, { path })).task;
}

/** [spec] */
export const UPDATE_TASK: Endpoint = {
  method: 'PUT',
  path: '/contacts/{contactId}/tasks/{taskId}',
  scope: 'contacts.write',
  doing: 'update the task',
  repeatable: true,
};

/**
 * Changes what is given of a task; `completed` among it. What the answer leaves out is as it was sent, or is read again.
 * [spec: UpdateTaskBody]
 */
export async function updateTask(
  client: Client,
  path: { contactId: string; taskId: string },
  change: Partial<NewTask> & { completed?: boolean },
): Promise<TaskRecord> {
  const { task } = await client.call(UPDATE_TASK, written, { path, body: { ...change } });
  return { ...(await changed(SHOWN, task, change, () => getTask(client, path))), id: path.taskId };
}

const SHOWN = ['title', 'body', 'dueDate', 'completed', 'assignedTo'] as const;

/**
 * Creates an open task on a contact; HighLevel wants to be told that it is open. [spec] Its id is empty where it is
 * neither told nor found.
 *
 * @param dueText the due date as it was written: `in 2 hours` is the same task when the step runs again
 */
export async function createTask(
  client: Client,
  contactId: string,
  task: NewTask,
  dueText: string = task.dueDate,
): Promise<TaskRecord> {
  const path = { contactId };
  return createOnce(client, {
    kind: 'task',
    payload: { path, body: { ...task, dueDate: dueText } },
    dueDate: task.dueDate,
    make: async (dueDate = task.dueDate) => {
      const sent = { ...task, dueDate };
      const { task: answered } = await client.call(CREATE_TASK, written, {
        path,
        body: { ...sent, completed: false },
      });
      return answered ?? (await openTask(client, contactId, sent).catch(() => null)) ?? { ...sent, id: '' };
    },
    findEarlier: (_since, _refusal, dueDate = task.dueDate) =>
      openTask(client, contactId, { ...task, dueDate }),
  });
}

/**
 * The contact's open task with that title and due date. When a task was made is not told, so an equal one that was there
 * before counts as well: a second of the same would be of no use.
 *
 * @throws errors.Error where it cannot be told whether there is one
 */
async function openTask(
  client: Client,
  contactId: string,
  { title, dueDate }: NewTask,
): Promise<TaskRecord | null> {
  const { kept, leftOut } = await allTasks(client, contactId);
  const same = kept.filter((task) => task.completed !== true && simplify(task.title) === simplify(title));
  const found = same.find((task) => momentMs(task.dueDate) === Date.parse(dueDate));
  if (found) return found;
  if (same.some((task) => !task.dueDate || task.dueDate === UNREADABLE)) {
    throw undecided(client.errors, 'the task', WITHOUT_DATE);
  }
  if (leftOut > 0) throw undecided(client.errors, 'the task', NOT_READABLE);
  return null;
}
