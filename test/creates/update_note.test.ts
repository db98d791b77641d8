import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { AMPLE } from '../support/ample.ts';
import { type Connection, connect, errorOf, sentenceOf } from '../support/connection.ts';
import { describeOf, type Inputs } from '../support/operation.ts';

const describe = describeOf(import.meta.filename);

export const inputs: Inputs = {
  update_note: {
    live: ['Change the text', 'the note has it'],
    runs: ({ state }) => {
      const note = [...state.notes.values()].find(({ relations }) => relations[0]?.objectKey === 'contact');
      const named = { contact_id: note?.relations[0]?.recordId, note_id: note?.id };
      return {
        all: [{ inputData: { ...named, title: 'Follow-Up', body: 'Asked for a second quote.' } }],
        least: [{ inputData: { ...named, body: 'Asked for a second quote.' } }],
      };
    },
  },
};

const PERFORM = 'creates.update_note.operation.perform';

describe('update_note', () => {
  let connection: Connection;
  let contactId = '';
  let noteId = '';
  beforeAll(async () => {
    connection = await connect({ opportunities: 0, ...AMPLE });
    contactId = connection.sandbox.seeded.contactIds[0] ?? '';
  });
  afterAll(() => connection.close());
  beforeEach(() => {
    noteId = connection.sandbox.addNote(contactId, 'Asked for a quote.').id;
    connection.requests();
  });

  const update = (input: Record<string, unknown>) =>
    connection.run<Record<string, unknown>>(PERFORM, { contact_id: contactId, note_id: noteId, ...input });
  const held = () => connection.sandbox.state.notes.get(noteId);
  const writes = () => connection.requests().filter((request) => !request.startsWith('GET'));

  it('changes the text and keeps the title', async () => {
    const title = held()?.title ?? null;
    expect(await update({ body: 'Asked for {{two}} quotes.', title: '' })).toMatchObject({
      id: noteId,
      body: 'Asked for {{two}} quotes.',
      contact_id: contactId,
      is_test: false,
    });
    expect(held()).toMatchObject({ body: 'Asked for {{two}} quotes.' });
    expect(held()?.title ?? null).toBe(title);
  });

  it('names the author, and asks for no users where there is none', async () => {
    const [[name, userId] = ['', '']] = Object.entries(connection.sandbox.seeded.users);
    connection.forget();
    expect(await update({ body: 'Other' })).toMatchObject({ author_id: null, author_name: null });
    expect(connection.requests().filter((request) => request.includes('/users'))).toEqual([]);
    noteId = connection.sandbox.addNote(contactId, 'Asked for a quote.', userId).id;
    expect(await update({ title: 'Quote' })).toMatchObject({
      title: 'Quote',
      body: 'Asked for a quote.',
      author_id: userId,
      author_name: name,
    });
  });

  it('shows in Test Mode what it would say, and writes nothing', async () => {
    expect(await update({ body: 'Other', test_mode: 'yes' })).toMatchObject({ body: 'Other', is_test: true });
    expect(writes()).toEqual([]);
  });

  it.each([
    'contact_id',
    'note_id',
  ])('takes in Test Mode a %s of what an earlier step in Test Mode would have made', async (key) => {
    const input = { [key]: 'test-mode-nothing-saved', body: 'Other', test_mode: 'yes' };
    expect(await update(input)).toMatchObject({
      [key.replace('note_', '')]: 'test-mode-nothing-saved',
      body: 'Other',
      is_test: true,
    });
    expect(connection.requests().filter((request) => request.includes('/contacts/'))).toEqual([]);
  });

  it('says that there is nothing to change, and which field is no ID', async () => {
    expect(sentenceOf(await errorOf(update({})))).toMatch(
      /^There is nothing to change: all fields for new values are empty\. If they come from earlier steps,/,
    );
    expect(sentenceOf(await errorOf(update({ note_id: 'the last one', body: 'x' })))).toMatch(
      /^Note: "the last one" is not an ID/,
    );
    expect((await errorOf(update({ note_id: 'gone', body: 'x' }))).name).toBe('HaltedError');
  });

  it('offers the notes of the contact that was chosen, and none before', async () => {
    const list = (input: object) => connection.run('triggers.note_list.operation.perform', { ...input });
    expect(await list({ contact_id: contactId })).toContainEqual({
      id: noteId,
      label: expect.stringMatching(/^Asked for a quote\. \(\d{4}-\d\d-\d\d\)$/),
    });
    expect(await list({})).toEqual([]);
    expect(await list({ contact_id: '{{123__id}}' })).toEqual([]);
  });
});
