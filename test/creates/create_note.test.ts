import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { AMPLE } from '../support/ample.ts';
import { type Connection, connect, errorOf, sentenceOf } from '../support/connection.ts';
import { idsOf, newOpportunity } from '../support/inputs.ts';
import { describeOf, type Inputs } from '../support/operation.ts';

const describe = describeOf(import.meta.filename);

export const inputs: Inputs = {
  create_note: {
    live: ['Test it on an opportunity', 'the note stands at the opportunity, or the output says where'],
    runs: (sandbox) => {
      const { id, contactId } = newOpportunity(sandbox);
      const inputData = {
        body: 'Asked for a second quote.',
        title: 'Follow-up',
        author_id: idsOf(sandbox).owner,
      };
      return {
        all: [
          { inputData: { ...inputData, opportunity_id: id } },
          { inputData: { ...inputData, contact_id: contactId } },
        ],
        least: [{ inputData: { body: 'Called.', contact_id: contactId } }],
      };
    },
    example: ({ seeded }) => ({
      body: 'Asked for a second quote.',
      title: 'Follow-Up',
      opportunity_id: seeded.opportunityIds[6],
      author_id: seeded.installerId,
    }),
  },
};

const PERFORM = 'creates.create_note.operation.perform';
const BROAD = 'opportunities.readonly contacts.readonly contacts.write users.readonly notes.write';

describe('create_note', () => {
  let connection: Connection;
  let notes = 0;

  beforeAll(async () => {
    connection = await connect({
      opportunities: 5,
      ...AMPLE,
    });
    await connection.run('triggers.user_list.operation.perform');
  });
  afterAll(() => connection.close());
  beforeEach(() => {
    notes = connection.sandbox.state.notes.size;
    connection.requests();
  });
  afterEach(() => {
    connection.sandbox.clearFaults();
    connection.sandbox.setSettings({ notesAcceptOpportunity: false });
  });

  const write = (input: Record<string, unknown>, scope = '') =>
    connection.run<Record<string, unknown>>(
      PERFORM,
      { body: 'Asked for a second quote.', ...input },
      { bundle: { authData: { ...connection.authData, scope } } },
    );
  const opportunity = () => connection.sandbox.opportunity(connection.sandbox.seeded.opportunityIds[0] ?? '');
  const author = () => Object.entries(connection.sandbox.seeded.users)[0] ?? ['', ''];
  const made = () => [...connection.sandbox.state.notes.values()].slice(notes);
  const lastBody = () => connection.sandbox.requests().findLast(({ method }) => method === 'POST')?.body;

  it('writes on the contact of an opportunity, sending only what was set', async () => {
    const { id, name, contactId } = opportunity();
    const result = await write({ opportunity_id: id, title: '', author_id: null, contact_id: '' });
    expect(lastBody()).toEqual({ body: 'Asked for a second quote.' });
    expect(connection.requests()).toEqual([`GET /opportunities/${id}`, `POST /contacts/${contactId}/notes`]);
    expect(result).toEqual({
      id: made()[0]?.id,
      title: null,
      body: 'Asked for a second quote.',
      author_id: null,
      author_name: null,
      created_at: expect.stringMatching(/Z$/),
      related_to_opportunity: false,
      contact_id: contactId,
      contact_name: expect.any(String),
      opportunity_id: id,
      opportunity_name: name,
      url: expect.stringContaining(id),
      notice: null,
      is_test: false,
    });
  });

  it('writes a note without an author for somebody who left, and says so', async () => {
    const { contactId } = opportunity();
    const result = await write({ contact_id: contactId, author_id: 'goneUser000000000000' });
    expect(result).toMatchObject({
      author_id: null,
      notice:
        'Author: the user with the ID "goneUser000000000000" is not in this sub-account, or not any more, so the note has no author.',
    });
  });

  it('writes on a contact, with a title and an author', async () => {
    const { contactId } = opportunity();
    const [name, id] = author();
    const result = await write({ contact_id: contactId, title: 'Follow-Up', author_id: name });
    expect(lastBody()).toEqual({ body: 'Asked for a second quote.', title: 'Follow-Up', userId: id });
    expect(result).toMatchObject({
      title: 'Follow-Up',
      author_id: id,
      author_name: name,
      contact_id: contactId,
      opportunity_id: null,
      opportunity_name: null,
      url: expect.stringContaining(`/contacts/detail/${contactId}`),
    });
  });

  it('ties the note to the opportunity itself where that was granted and HighLevel takes it', async () => {
    connection.sandbox.setSettings({ notesAcceptOpportunity: true });
    const { id, contactId } = opportunity();
    const [name, userId] = author();
    const result = await write({ opportunity_id: id, author_id: name }, BROAD);
    expect(lastBody()).toEqual({
      body: 'Asked for a second quote.',
      userId,
      relations: [
        { objectKey: 'opportunity', recordId: id },
        { objectKey: 'contact', recordId: contactId },
      ],
    });
    expect(connection.sandbox.requests().at(-1)).toMatchObject({
      path: '/notes/',
      query: { locationId: connection.sandbox.locationId },
    });
    expect(made()).toHaveLength(1);
    expect(result).toMatchObject({ id: made()[0]?.id, related_to_opportunity: true, contact_id: contactId });
  });

  it.each([
    400, 404, 422,
  ])('falls back to the contact when HighLevel refuses the relation with %i', async (status) => {
    connection.sandbox.fault({ path: '/notes/', status, body: { statusCode: status, message: 'no' } });
    const { id, contactId } = opportunity();
    const result = await write({ opportunity_id: id, author_id: author()[1] }, BROAD);
    expect(result).toMatchObject({ related_to_opportunity: false, contact_id: contactId });
    expect(made()).toHaveLength(1);
  });

  it('does not fall back when the note may have been written', async () => {
    connection.sandbox.setSettings({ notesAcceptOpportunity: true });
    connection.sandbox.fault({ path: '/notes/', status: 502, body: 'bad gateway', when: 'after' });
    const error = await errorOf(write({ opportunity_id: opportunity().id, author_id: author()[1] }, BROAD));
    expect(sentenceOf(error)).toMatch(/It may have been saved all the same/);
    expect(made()).toHaveLength(1);
  });

  it.each([
    ['the connection does not say that notes.write was granted', '', true],
    ['there is no author', BROAD, false],
  ])('does not try the opportunity itself when %s', async (_, scope, withAuthor) => {
    const { id } = opportunity();
    await write({ opportunity_id: id, ...(withAuthor ? { author_id: author()[1] } : {}) }, scope);
    expect(connection.requests()).not.toContain('POST /notes/');
  });

  it.each([
    ['an empty text', { body: ' ', contact_id: 'x' }, /^Text: this is empty/],
    ['neither an opportunity nor a contact', {}, /^Opportunity, Contact: both are empty/],
    [
      'a name in place of an opportunity',
      { opportunity_id: 'Big opportunity' },
      /^Opportunity: "Big opportunity" is not an ID/,
    ],
    [
      'an unknown author',
      { author_id: 'Nobody', contact_id: 'x' },
      /^Author: there is no user called "Nobody"/,
    ],
    [
      'a contact that is gone',
      { contact_id: 'goneContact000000000' },
      /HighLevel could not read the contact/,
    ],
    [
      'an opportunity that is gone',
      { opportunity_id: 'goneOpportunity000000000000' },
      /could not read the opportunity/,
    ],
  ])('stops at %s, and writes nothing', async (_, input, sentence) => {
    const error = await errorOf(write(input));
    expect(error.name).toBe('HaltedError');
    expect(sentenceOf(error)).toMatch(sentence);
    expect(made()).toEqual([]);
  });

  it('shows in Test Mode what would be written, and writes nothing', async () => {
    const [name, authorId] = author();
    const result = await write(
      { opportunity_id: opportunity().id, title: 'Hi', author_id: name, test_mode: 'yes' },
      BROAD,
    );
    expect(result).toMatchObject({
      id: 'test-mode-nothing-saved',
      title: 'Hi',
      body: 'Asked for a second quote.',
      author_id: authorId,
      created_at: null,
      related_to_opportunity: true,
      opportunity_id: opportunity().id,
      is_test: true,
    });
    expect(connection.requests()).toEqual([`GET /opportunities/${opportunity().id}`]);
  });
});
