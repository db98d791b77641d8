import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { api } from '../api.ts';
import { Button } from '../parts/Button.tsx';
import { Checkbox, TextField } from '../parts/form.tsx';
import { dayOf } from '../parts/format.ts';
import type { OpportunityDetail } from './types.ts';

const WEEK_MS = 7 * 86_400_000;

/** The tasks on the opportunity's contact. */
export function Tasks({ opportunity: { contactId, tasks } }: { opportunity: OpportunityDetail }) {
  const [title, setTitle] = useState('');
  const [dueDate, setDueDate] = useState(() => new Date(Date.now() + WEEK_MS).toISOString().slice(0, 10));
  const add = useMutation(api.boards.addTask.mutationOptions({ onSuccess: () => setTitle('') }));
  const complete = useMutation(api.boards.completeTask.mutationOptions());
  return (
    <section className="block">
      <h3>Tasks</h3>
      {tasks.length === 0 && <p className="quiet">No tasks yet.</p>}
      <ul className="plain-list">
        {tasks.map((task) => (
          <li key={task.id}>
            <Checkbox
              isSelected={task.completed}
              onChange={(completed) => complete.mutate({ contactId, taskId: task.id, completed })}
            >
              {task.title}
            </Checkbox>
            <p className="quiet">
              due {dayOf(task.dueDate)}
              {task.owner ? `, ${task.owner}` : ''}
            </p>
          </li>
        ))}
      </ul>
      <Form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (title.trim()) add.mutate({ contactId, title, dueDate });
        }}
      >
        <div className="pair">
          <TextField label="New task" value={title} onChange={setTitle} />
          <TextField label="Due" type="date" value={dueDate} onChange={setDueDate} />
        </div>
        <Button type="submit" isDisabled={!title.trim() || add.isPending}>
          Add task
        </Button>
      </Form>
    </section>
  );
}
