import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { AMPLE } from '../support/ample.ts';
import { type Connection, connect, errorOf, sentenceOf } from '../support/connection.ts';
import { idsOf } from '../support/inputs.ts';
import { describeOf, type Inputs } from '../support/operation.ts';

const describe = describeOf(import.meta.filename);

export const inputs: Inputs = {
  list_notes: {
    live: ['Test it on a contact with notes', 'all of them are listed'],
    runs: (sandbox) => {
      const { contactId, opportunityId } = idsOf(sandbox);
      sandbox.addNote(sandbox.opportunity(opportunityId).contactId, 'Asked for a call.', null);
      return {
        all: [
          { inputData: { opportunity_id: opportunityId, text: 'call', limit: '5' } },
          { inputData: { contact_id: contactId } },
        ],
        least: [{ inputData: { contact_id: contactId } }],
      };
    },
    example: (sandbox) => {
      const contact_id = idsOf(sandbox).contactId;
      Object.assign(sandbox.addNote(contact_id, 'Asked for a quote.', sandbox.seeded.installerId), {
        title: 'Follow-Up',
      });
      return { contact_id };
    },
  },
};

type Answer = {
  count: number;
  is_complete: boolean;
  opportunity_id: string | null;
  notes: { body: string }[];
}[];

describe('list_notes', () => {
  let connection: Connection;
  let opportunity: { id: string; contactId: string };
  beforeAll(async () => {
    connection = await connect({ opportunities: 3, ...AMPLE });
    opportunity = connection.sandbox.opportunity(connection.sandbox.seeded.opportunityIds[0] ?? '');
    connection.sandbox.state.notes.clear();
    for (const body of ['First call', 'Second call', 'Sent the quote']) {
      connection.sandbox.addNote(opportunity.contactId, body);
      connection.sandbox.moveClock({ by: 60_000 });
    }
  });
  afterAll(() => connection.close());

  const list = (input: Record<string, unknown>) =>
    connection.run<Answer>('searches.list_notes.operation.perform', input);
  const bodies = ([answer]: Answer) => answer?.notes.map(({ body }) => body);

  it('lists those of a contact, the newest first', async () => {
    const answer = await list({ contact_id: opportunity.contactId });
    expect(bodies(answer)).toEqual(['Sent the quote', 'Second call', 'First call']);
    expect(answer[0]).toMatchObject({ count: 3, is_complete: true, opportunity_id: null });
  });

  it('lists those of an opportunity’s contact', async () => {
    expect((await list({ opportunity_id: opportunity.id }))[0]).toMatchObject({
      count: 3,
      opportunity_id: opportunity.id,
    });
  });

  it('narrows down by words, and says where it stops', async () => {
    const answer = await list({ contact_id: opportunity.contactId, text: 'CALL', limit: '1' });
    expect(bodies(answer)).toEqual(['Second call']);
    expect(answer[0]?.is_complete).toBe(false);
  });

  it('finds nothing for nobody, and where no note matches', async () => {
    expect(await list({})).toEqual([]);
    expect(await list({ contact_id: 'test-mode-nothing-saved' })).toEqual([]);
    expect(await list({ opportunity_id: 'test-mode-nothing-saved' })).toEqual([]);
    expect(await list({ contact_id: opportunity.contactId, text: 'unheard of' })).toEqual([]);
  });

  it('sorts by the day, names the authors, and takes what a note does not say for nothing', async () => {
    const [[name, userId] = ['', '']] = Object.entries(connection.sandbox.seeded.users);
    const answer = (notes: object[]) =>
      connection.sandbox.fault({
        path: `/contacts/${opportunity.contactId}/notes`,
        status: 200,
        body: { notes },
      });
    const first = { id: 'n1', body: 'First', dateAdded: '2026-11-01T10:00:00Z' };
    const last = { id: 'n3', title: 'Title', dateAdded: '2026-11-03T10:00:00Z', userId };
    const between = { id: 'n2', body: 'Between', dateAdded: '2026-11-02T10:00:00Z' };
    const listed = async (input: object = {}) => {
      const [found] = await list({ contact_id: opportunity.contactId, ...input });
      return [found?.is_complete, found?.notes];
    };
    answer([first, last, between]);
    expect(await listed({ limit: '3' })).toMatchObject([
      true,
      [{ id: 'n3', author_name: name }, { id: 'n2', author_name: null }, { id: 'n1' }],
    ]);
    answer([first, last, between]);
    expect(await listed({ text: 'title' })).toMatchObject([true, [{ id: 'n3' }]]);
    for (const text of ['null', 'undefined']) {
      answer([first, last, between]);
      expect(await list({ contact_id: opportunity.contactId, text })).toEqual([]);
    }
    connection.forget();
    connection.requests();
    answer([first, between]);
    expect(await listed()).toMatchObject([true, [{ id: 'n2' }, { id: 'n1' }]]);
    expect(connection.requests().filter((request) => request.includes('/users'))).toEqual([]);
  });

  it('does not take notes without an ID for none, and says that those with one are not all', async () => {
    const answer = (notes: object[]) =>
      connection.sandbox.fault({
        path: `/contacts/${opportunity.contactId}/notes`,
        status: 200,
        body: { notes },
      });
    answer([{ body: 'Call' }]);
    const error = await errorOf(list({ contact_id: opportunity.contactId }));
    expect(error.name).toBe('AppError');
    expect(sentenceOf(error)).toMatch(/^HighLevel’s list has entries without an ID.*such a note/);
    answer([{ body: 'Call' }, { id: 'n1', body: 'Write' }]);
    expect(await list({ contact_id: opportunity.contactId })).toMatchObject([
      { count: 1, is_complete: false, notes: [{ id: 'n1' }] },
    ]);
  });

  it('refuses a limit that is none', async () => {
    expect(sentenceOf(await errorOf(list({ contact_id: opportunity.contactId, limit: 'all' })))).toMatch(
      /^Maximum Number to List: "all"/,
    );
  });
});
