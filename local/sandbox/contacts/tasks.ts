import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { checkUser } from '../account/user-check.ts';
import { fail } from '../server/errors.ts';
import type { Caller } from '../server/guard.ts';
import { check } from '../server/validate.ts';
import type { SandboxContext } from '../state/context.ts';
import type { Task } from '../state/records.ts';
import { isoTime } from '../state/time.ts';
import { contactOf } from './store.ts';
import { SUCCEEDED } from './views.ts';

interface OfContact {
  Params: { contactId: string };
}

interface ById {
  Params: { contactId: string; taskId: string };
}

const title = z.string().min(1);
// ISO 8601 [spec]; the sentence is [assumed].
const dueDate = z.string().refine((text) => isoTime(text) !== null, {
  error: 'dueDate must be a valid ISO 8601 date string',
});
const extras = { body: z.string().optional(), assignedTo: z.string().min(1).optional() };
const createBody = z.strictObject({ title, dueDate, completed: z.boolean(), ...extras });
const updateBody = z.strictObject({
  title: title.optional(),
  dueDate: dueDate.optional(),
  completed: z.boolean().optional(),
  ...extras,
});

/** A checked time as HighLevel answers it. */
function inUtc(text: string): string {
  return new Date(isoTime(text) ?? Number.NaN).toISOString();
}

function taskRecord(task: Task): Record<string, unknown> {
  const { id, title, body, assignedTo, dueDate, completed, contactId } = task;
  return {
    id,
    title,
    ...(body === null ? {} : { body }),
    ...(assignedTo === null ? {} : { assignedTo }),
    dueDate,
    completed,
    contactId,
  };
}

function send(ctx: SandboxContext, type: 'TaskCreate' | 'TaskComplete' | 'TaskDelete', task: Task): void {
  const { completed, ...fields } = taskRecord(task);
  // A real TaskCreate comes without its contact and body [issue #332].
  if (type === 'TaskCreate') {
    delete fields.contactId;
    delete fields.body;
  }
  ctx.emit({ type, locationId: task.locationId, fields: { ...fields, dateAdded: task.dateAdded } });
}

/** Changes a task, and sends the event of one that is done now. */
export function changeTask(ctx: SandboxContext, before: Task, patch: Partial<Task>): Task {
  checkUser(ctx, before.locationId, patch.assignedTo);
  const after: Task = { ...before, ...patch };
  ctx.state.tasks.set(after.id, after);
  if (after.completed && !before.completed) send(ctx, 'TaskComplete', after);
  return after;
}

/** Tasks of a contact: list, create, read, update, complete, delete [spec: contacts]. There is no event for an update. */
export function registerContactTasks(app: FastifyInstance, ctx: SandboxContext): void {
  // 400 and its words after the pattern of contacts [assumed].
  function taskOf(caller: Caller, { contactId, taskId }: ById['Params']): Task {
    contactOf(ctx, caller, contactId);
    const task = ctx.state.tasks.get(taskId);
    return task?.contactId === contactId ? task : fail(400, `Task not found for id:${taskId}`);
  }

  app.get<OfContact>('/contacts/:contactId/tasks', async ({ caller, params }) => {
    const contact = contactOf(ctx, caller, params.contactId);
    const tasks = [...ctx.state.tasks.values()].filter((task) => task.contactId === contact.id);
    return { tasks: tasks.map(taskRecord) };
  });

  app.post<OfContact>('/contacts/:contactId/tasks', async ({ caller, params, body }, reply) => {
    const contact = contactOf(ctx, caller, params.contactId);
    const written = check(createBody, body);
    checkUser(ctx, contact.locationId, written.assignedTo);
    const task: Task = {
      body: null,
      assignedTo: null,
      ...written,
      dueDate: inUtc(written.dueDate),
      id: ctx.newId(),
      locationId: contact.locationId,
      contactId: contact.id,
      dateAdded: ctx.nowIso(),
    };
    ctx.state.tasks.set(task.id, task);
    send(ctx, 'TaskCreate', task);
    return reply.code(201).send({ task: taskRecord(task) });
  });

  app.get<ById>('/contacts/:contactId/tasks/:taskId', async ({ caller, params }) => ({
    task: taskRecord(taskOf(caller, params)),
  }));

  app.put<ById>('/contacts/:contactId/tasks/:taskId', async ({ caller, params, body }) => {
    const { dueDate, ...patch } = check(updateBody, body);
    const due = dueDate === undefined ? {} : { dueDate: inUtc(dueDate) };
    return { task: taskRecord(changeTask(ctx, taskOf(caller, params), { ...patch, ...due })) };
  });

  app.put<ById>('/contacts/:contactId/tasks/:taskId/completed', async ({ caller, params, body }) => {
    const { completed } = check(z.strictObject({ completed: z.boolean() }), body);
    return { task: taskRecord(changeTask(ctx, taskOf(caller, params), { completed })) };
  });

  app.delete<ById>('/contacts/:contactId/tasks/:taskId', async ({ caller, params }) => {
    const task = taskOf(caller, params);
    ctx.state.tasks.delete(task.id);
    send(ctx, 'TaskDelete', task);
    return SUCCEEDED;
  });
}
