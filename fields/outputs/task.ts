/** What a task looks like in the Zap editor, for every operation that shows one. */

import type { User } from '../../highlevel/account/users.ts';
import type { TaskRecord } from '../../highlevel/contacts/tasks.ts';
import { isoTime } from '../../highlevel/http/time.ts';

export const taskOutput = [
  { key: 'id', label: 'Task ID', type: 'string', required: true },
  { key: 'title', label: 'Title', type: 'string' },
  { key: 'body', label: 'Text', type: 'string' },
  { key: 'due_date', label: 'Due Date', type: 'datetime' },
  { key: 'completed', label: 'Completed', type: 'boolean' },
  { key: 'owner_id', label: 'Owner ID', type: 'string' },
  { key: 'owner_name', label: 'Owner Name', type: 'string' },
] as const;

export const taskSample = {
  id: 'lJpzYrWdpkC2hX6t2yue',
  title: 'Call back about the quote',
  body: null,
  due_date: '2026-12-01T15:00:00.000Z',
  completed: false,
  owner_id: '082goXVW3lIExEQPOnd3',
  owner_name: 'Maria Lopez',
};

/** A task with its owner's name; null for what it has not. */
export function presentTask(task: TaskRecord, owners: User[]) {
  return {
    id: task.id,
    title: task.title || null,
    body: task.body || null,
    due_date: isoTime(task.dueDate),
    completed: task.completed === true,
    owner_id: task.assignedTo || null,
    owner_name: owners.find(({ id }) => id === task.assignedTo)?.name ?? null,
  };
}
