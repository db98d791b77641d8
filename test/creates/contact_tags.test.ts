import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { Sandbox } from '../../local/sandbox/index.ts';
import { AMPLE } from '../support/ample.ts';
import { type Connection, connect, errorOf, sentenceOf } from '../support/connection.ts';
import { idsOf } from '../support/inputs.ts';
import { describeOf, type Inputs } from '../support/operation.ts';

const describe = describeOf(import.meta.filename);

const runs = (sandbox: Sandbox) => {
  const inputData = { contact_id: idsOf(sandbox).contactId, tags: ['Lead'] };
  return { all: [{ inputData }, { inputData: { ...inputData, test_mode: 'yes' } }], least: [{ inputData }] };
};

export const inputs: Inputs = {
  add_contact_tags: { live: ['Add a tag', 'the contact has it beside those of before'], runs },
  remove_contact_tags: { live: ['Remove that tag', 'the others are still there'], runs },
};

type Answer = { tags: string[]; is_test: boolean };

describe('the tags of a contact', () => {
  let connection: Connection;
  let contactId = '';
  beforeAll(async () => {
    connection = await connect({ opportunities: 0, ...AMPLE });
    contactId = connection.sandbox.seeded.contactIds[0] ?? '';
  });
  afterAll(() => connection.close());
  beforeEach(() => {
    const contact = connection.sandbox.state.contacts.get(contactId);
    if (contact) contact.tags = ['vip', 'newsletter'];
    connection.requests();
  });

  const run = (key: string, input: Record<string, unknown>) =>
    connection.run<Answer>(`creates.${key}.operation.perform`, { contact_id: contactId, ...input });
  const held = () => connection.sandbox.state.contacts.get(contactId)?.tags;
  const writes = () => connection.requests().filter((request) => !request.startsWith('GET'));

  it('are added to those that are there', async () => {
    const { tags } = await run('add_contact_tags', { tags: ['Lead', ' lead ', 'VIP'] });
    expect(tags).toEqual(expect.arrayContaining(['vip', 'newsletter', 'lead']));
    expect(tags).toEqual(held());
    expect(writes()).toEqual([`POST /contacts/${contactId}/tags`]);
  });

  it('are removed, and the others stay', async () => {
    const { tags } = await run('remove_contact_tags', { tags: 'vip, unheard of' });
    expect(tags).toEqual(['newsletter']);
    expect(held()).toEqual(['newsletter']);
  });

  it.each([
    ['add_contact_tags', ['vip', 'newsletter', 'Lead']],
    ['remove_contact_tags', ['newsletter']],
  ])('%s shows in Test Mode what it would do, and does nothing', async (key, tags) => {
    const input = key === 'add_contact_tags' ? ['VIP', 'Lead'] : ['VIP'];
    expect(await run(key, { tags: input, test_mode: 'yes' })).toMatchObject({ tags, is_test: true });
    expect(writes()).toEqual([]);
    expect(held()).toEqual(['vip', 'newsletter']);
  });

  it.each([
    ['add_contact_tags', ['Lead']],
    ['remove_contact_tags', []],
  ])('%s takes the contact that an earlier step in Test Mode would have made', async (key, tags) => {
    const input = { contact_id: 'test-mode-nothing-saved', tags: ['Lead'] };
    expect(await run(key, { ...input, test_mode: 'yes' })).toMatchObject({ tags, url: null, is_test: true });
    expect(sentenceOf(await errorOf(run(key, input)))).toMatch(
      /^Contact: this comes from a step in Test Mode/,
    );
    expect(connection.requests().filter((request) => request.includes('test-mode'))).toEqual([]);
  });

  it.each([
    'add_contact_tags',
    'remove_contact_tags',
  ])('%s says which field is empty or wrong', async (key) => {
    expect(sentenceOf(await errorOf(run(key, { tags: [] })))).toMatch(/^Tags: this is empty/);
    expect(sentenceOf(await errorOf(run(key, { tags: 'a', contact_id: 'Ann Lee' })))).toMatch(
      /^Contact: "Ann Lee" is not an ID/,
    );
    expect((await errorOf(run(key, { tags: 'a', contact_id: 'gone' }))).name).toBe('HaltedError');
    expect(writes()).toEqual([]);
  });
});
