import * as s from 'zod/mini';
import type { Client, Endpoint } from '../http/client.ts';

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

const taskRecord = s.looseObject({
  id: s.string(),
  title: s.nullish(s.string()),
  body: s.nullish(s.string()),
  assignedTo: s.nullish(s.string()),
  dueDate: s.nullish(s.string()),
  completed: s.nullish(s.boolean()),
});

export type TaskRecord = s.output<typeof taskRecord>;

const answer = s.looseObject({ task: taskRecord });

/** Creates an open task on a contact; HighLevel wants to be told that it is open. [spec] */
export async function createTask(client: Client, contactId: string, task: NewTask): Promise<TaskRecord> {
  const parts = { path: { contactId }, body: { ...task, completed: false } };
  return (await client.call(CREATE_TASK, answer, parts)).task;
}
