import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { api } from '../api.ts';
import { Button } from '../parts/Button.tsx';
import { TextField } from '../parts/form.tsx';
import { dayOf } from '../parts/format.ts';
import type { OpportunityDetail } from './types.ts';

/** The notes on the opportunity's contact. */
export function Notes({ opportunity: { contactId, notes } }: { opportunity: OpportunityDetail }) {
  const [body, setBody] = useState('');
  const add = useMutation(api.boards.addNote.mutationOptions({ onSuccess: () => setBody('') }));
  return (
    <section className="block">
      <h3>Notes</h3>
      {notes.length === 0 && <p className="quiet">No notes yet.</p>}
      <ul className="plain-list">
        {notes.map((note) => (
          <li key={note.id}>
            <p className="note-body">{note.body}</p>
            <p className="quiet">{dayOf(note.dateAdded)}</p>
          </li>
        ))}
      </ul>
      <Form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (body.trim()) add.mutate({ contactId, body });
        }}
      >
        <TextField label="New note" rows={2} value={body} onChange={setBody} />
        <Button type="submit" isDisabled={!body.trim() || add.isPending}>
          Add note
        </Button>
      </Form>
    </section>
  );
}
