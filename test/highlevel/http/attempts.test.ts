/** Zapier runs a step again that ended in an error. What the first run made must not be made twice. */

import { afterEach, describe, expect, it } from '@jest/globals';
import type { ContraryName } from '../../../local/sandbox/index.ts';
import { AMPLE } from '../../support/ample.ts';
import { type Connection, connect, errorOf, sentenceOf } from '../../support/connection.ts';

let connection: Connection;

afterEach(() => connection.close());

const CREATIONS = {
  create_opportunity: { pipeline_id: 'Sales', name: 'New site' },
  create_note: { body: 'Asked for a <second> quote.' },
  create_task: { title: 'Call', due_date: '2026-12-01 9:00' },
};
type Creation = keyof typeof CREATIONS;
const creations = Object.keys(CREATIONS) as Creation[];

const begin = async (...contrary: ContraryName[]) => {
  connection = await connect({ opportunities: 0, contrary, ...AMPLE });
};

const run = (key: Creation, over: Record<string, unknown> = {}) =>
  connection.run<{ id: string }>(`creates.${key}.operation.perform`, {
    contact_id: connection.sandbox.seeded.contactIds[0],
    ...CREATIONS[key],
    ...over,
  });

const held = (key: Creation) => {
  const { opportunities, notes, tasks } = connection.sandbox.state;
  return { create_opportunity: opportunities, create_note: notes, create_task: tasks }[key].size;
};

describe.each(creations)('%s', (key) => {
  it.each([
    'post-answer-lost',
    'post-answer-502',
  ] as const)('gives back what the first run made (%s)', async (contrary) => {
    await begin(contrary);
    const before = held(key);
    expect(sentenceOf(await errorOf(run(key)))).toMatch(/HighLevel did not say whether it could create/);
    const again = await run(key);
    expect(held(key)).toBe(before + 1);
    expect(again.id).toMatch(/^\w{20}$/);
  });

  it('makes what another payload asks for', async () => {
    await begin('post-answer-lost');
    const before = held(key);
    await run(key).catch(() => null);
    connection.sandbox.setContraries([]);
    const contact_id = connection.sandbox.seeded.contactIds[1];
    await run(key, { contact_id });
    expect(held(key)).toBe(before + 2);
  });

  it('looks for nothing where the answer came', async () => {
    await begin();
    await run(key);
    connection.requests();
    await run(key, { contact_id: connection.sandbox.seeded.contactIds[1] });
    expect(connection.requests().filter((request) => /search|GET .*(notes|tasks)$/.test(request))).toEqual(
      [],
    );
  });
});

describe('a mark', () => {
  it('is gone once HighLevel answered, so that the same note can be written twice on purpose', async () => {
    await begin();
    const before = held('create_note');
    await run('create_note');
    await run('create_note');
    expect(held('create_note')).toBe(before + 2);
  });

  it('is gone once HighLevel refused, so that nothing is looked for', async () => {
    await begin();
    await run('create_opportunity');
    expect(sentenceOf(await errorOf(run('create_opportunity')))).toMatch(/already has an opportunity/);
    connection.requests();
    await run('create_opportunity').catch(() => null);
    expect(connection.requests()[0]).toMatch(/^POST/);
  });

  it('finds the first by the refusal of the second while the search runs behind', async () => {
    await begin('post-answer-lost', 'search-index-late');
    await run('create_opportunity').catch(() => null);
    const again = await run('create_opportunity');
    expect(connection.sandbox.opportunity(again.id).name).toBe('New site');
  });

  it('does not take an older opportunity of that name for an earlier try’s', async () => {
    await begin('post-answer-lost');
    await run('create_opportunity').catch(() => null);
    const made = [...connection.sandbox.state.opportunities.values()].at(-1);
    const createdAt = new Date(Date.now() - 48 * 60 * 60 * 1000).toISOString();
    connection.sandbox.editOpportunity(made?.id ?? '', { createdAt });
    connection.sandbox.context.index.rebuild();
    expect(sentenceOf(await errorOf(run('create_opportunity')))).toMatch(/already has an opportunity/);
  });
});

describe('what an earlier try made', () => {
  /** The first run's answer is lost, and then HighLevel lists what it made in another way. */
  const odd = async (key: Creation, change: (row: Record<string, unknown>) => unknown) => {
    await begin('post-answer-lost');
    const before = held(key);
    await run(key).catch(() => null);
    connection.sandbox.setContraries([]);
    const contactId = connection.sandbox.seeded.contactIds[0];
    const { opportunities, notes, tasks } = connection.sandbox.state;
    const made = [
      ...{ create_opportunity: opportunities, create_note: notes, create_task: tasks }[key].values(),
    ].at(-1) as unknown as Record<string, unknown>;
    const row = change({ ...made });
    const list = { create_opportunity: 'opportunities', create_note: 'notes', create_task: 'tasks' }[key];
    for (const path of [`/contacts/${contactId}/${list}`, '/opportunities/search']) {
      connection.sandbox.fault({ method: 'GET', path, status: 200, body: { [list]: [row] }, times: 9 });
    }
    const byId = change({ ...made }) as object | null;
    const path = `/opportunities/${made.id}`;
    connection.sandbox.fault({ method: 'GET', path, status: 200, body: { opportunity: byId }, times: 9 });
    const ended = await run(key).then(
      ({ id }) => ({ id, sentence: null }),
      (error: Error) => ({ id: null, sentence: sentenceOf(error) }),
    );
    return { ...ended, made: held(key) - before, first: made.id };
  };

  it.each<[Creation, string, (row: Record<string, unknown>) => unknown]>([
    ['create_opportunity', 'its ID', (row) => ({ ...row, id: undefined })],
    ['create_opportunity', 'anything', () => null],
    ['create_opportunity', 'a readable value', (row) => ({ ...row, createdAt: 'soon' })],
    ['create_opportunity', 'its date', (row) => ({ ...row, createdAt: null })],
    ['create_note', 'its ID', (row) => ({ ...row, id: undefined })],
    ['create_note', 'its date', (row) => ({ ...row, dateAdded: null })],
    ['create_note', 'a readable date', (row) => ({ ...row, dateAdded: 'soon' })],
    ['create_task', 'its ID', (row) => ({ ...row, id: undefined })],
    ['create_task', 'its date', (row) => ({ ...row, dueDate: null })],
  ])('is not made twice where HighLevel lists it without telling: %s without %s', async (key, _, change) => {
    expect(await odd(key, change)).toMatchObject({
      made: 1,
      id: null,
      sentence: expect.stringMatching(/Nothing was created this time\. Look in HighLevel|cannot read/),
    });
  });

  it.each<[Creation]>([
    ['create_opportunity'],
    ['create_note'],
    ['create_task'],
  ])('is given back where its id is a number or under _id: %s', async (key) => {
    const { id, made, first } = await odd(key, ({ id, ...row }) => ({ ...row, _id: id }));
    expect([id, made]).toEqual([first, 1]);
    await connection.close();
    expect(await odd(key, (row) => ({ ...row, id: 4711 }))).toMatchObject({ id: '4711', made: 1 });
  });
});

describe('a mark that Zapier forgot', () => {
  it('leaves HighLevel’s own rule', async () => {
    await begin('post-answer-lost');
    await run('create_opportunity').catch(() => null);
    connection.forget();
    // With the mark forgotten HighLevel's own rule is what is left.
    expect(sentenceOf(await errorOf(run('create_opportunity')))).toMatch(/already has an opportunity/);
  });
});
