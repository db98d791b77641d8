import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { TEST_ID } from '../../fields/inputs/test-mode.ts';
import type { Sandbox } from '../../local/sandbox/index.ts';
import { AMPLE } from '../support/ample.ts';
import { type Connection, connect, errorOf, sentenceOf } from '../support/connection.ts';
import { describeOf, type Inputs } from '../support/operation.ts';
import { writes } from '../support/writes.ts';

const describe = describeOf(import.meta.filename);

/** An opportunity, its own contact, and somebody else. */
function people({ seeded, state }: Sandbox, index = 0) {
  const opportunity_id =
    seeded.opportunityIds.filter((id) => state.opportunities.get(id)?.status === 'open')[index] ?? '';
  const own = state.opportunities.get(opportunity_id)?.contactId ?? '';
  const further_contact_id = seeded.contactIds.find((id) => id !== own) ?? '';
  return { opportunity_id, own, further_contact_id };
}

const runs = (sandbox: Sandbox) => {
  const { opportunity_id, further_contact_id } = people(sandbox);
  const run = { inputData: { opportunity_id, further_contact_id } };
  return { all: [run], least: [run] };
};

export const inputs: Inputs = {
  add_opportunity_contact: { live: ['Add a second contact', 'the opportunity shows both'], runs },
  remove_opportunity_contact: {
    live: ['Remove it', 'the first is still there'],
    runs: (sandbox) => {
      const { opportunity_id, further_contact_id } = people(sandbox, 1);
      const id = `of-${opportunity_id}`;
      sandbox.state.relations.set(id, {
        id,
        locationId: sandbox.locationId,
        associationId: 'OPPORTUNITIES_CONTACTS_ASSOCIATION',
        firstObjectKey: 'opportunity',
        firstRecordId: opportunity_id,
        secondObjectKey: 'contact',
        secondRecordId: further_contact_id,
      });
      const run = { inputData: { opportunity_id, further_contact_id } };
      return { all: [run], least: [run] };
    },
  },
};

describe('the further contacts of an opportunity', () => {
  let connection: Connection;
  const call = (key: string, input: object) =>
    connection.run<Record<string, unknown>>(`creates.${key}.operation.perform`, { ...input });
  const add = (input: object) => call('add_opportunity_contact', input);
  const remove = (input: object) => call('remove_opportunity_contact', input);
  const relations = () => [...connection.sandbox.state.relations.values()];
  const shown = async (opportunity_id: string) => {
    const [row] = await connection
      .run(
        'triggers.stale_opportunity.operation.perform',
        { days: '1' },
        {
          meta: { isPopulatingDedupe: true },
        },
      )
      .then((rows) => rows.filter(({ id }) => id === opportunity_id));
    return (row?.further_contacts as { id: string }[] | undefined)?.map(({ id }) => id);
  };

  beforeAll(async () => {
    connection = await connect({ opportunities: 12, ...AMPLE });
  });
  afterAll(() => connection.close());
  beforeEach(() => {
    connection.sandbox.state.relations.clear();
    connection.sandbox.setContraries([]);
    connection.sandbox.clearRequests();
    connection.requests();
  });

  it('are added by a relation, and shown by what lists the opportunity', async () => {
    const { opportunity_id, further_contact_id } = people(connection.sandbox);
    const contact = connection.sandbox.state.contacts.get(further_contact_id);
    await add({ opportunity_id, further_contact_id });
    connection.sandbox.state.relations.clear();
    connection.sandbox.clearRequests();
    expect(await add({ opportunity_id, further_contact_id })).toMatchObject({
      id: opportunity_id,
      further_contact_id,
      further_contact_email: contact?.email,
      was_added: true,
      notice: null,
      is_test: false,
    });
    const made = connection.sandbox.requests();
    expect(made.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `GET /opportunities/${opportunity_id}`,
      `GET /contacts/${further_contact_id}`,
      `GET /associations/relations/${opportunity_id}`,
      'POST /associations/relations',
    ]);
    expect(made.at(-1)?.body).toEqual({
      locationId: connection.sandbox.locationId,
      associationId: 'OPPORTUNITIES_CONTACTS_ASSOCIATION',
      firstRecordId: opportunity_id,
      secondRecordId: further_contact_id,
    });
    connection.sandbox.context.index.rebuild();
    expect(await shown(opportunity_id)).toEqual([further_contact_id]);
    await remove({ opportunity_id, further_contact_id });
    connection.sandbox.context.index.rebuild();
    expect(await shown(opportunity_id)).toEqual([]);
  });

  it('are added under the id that the account’s association has', async () => {
    connection.forget();
    connection.sandbox.setContraries(['association-own-id']);
    const { opportunity_id, further_contact_id } = people(connection.sandbox);
    expect(await add({ opportunity_id, further_contact_id })).toMatchObject({ was_added: true });
    expect(relations()).toMatchObject([{ firstRecordId: opportunity_id }]);
    connection.forget();
  });

  it('are added without looking the association up where that is not allowed', async () => {
    const { opportunity_id, further_contact_id } = people(connection.sandbox);
    const scope = String(connection.authData.scope).replace('associations.readonly', '');
    await connection.run(
      'creates.add_opportunity_contact.operation.perform',
      { opportunity_id, further_contact_id },
      { bundle: { authData: { ...connection.authData, scope } } },
    );
    expect(relations()).toHaveLength(1);
    expect(connection.requests().some((one) => one.includes('/associations/key/'))).toBe(false);
  });

  it('are not added twice, nor is the opportunity’s own contact', async () => {
    const { opportunity_id, own, further_contact_id } = people(connection.sandbox);
    await add({ opportunity_id, further_contact_id });
    connection.sandbox.clearRequests();
    expect(await add({ opportunity_id, further_contact_id })).toMatchObject({
      was_added: false,
      notice: 'Contact: this was an additional contact of the opportunity already.',
    });
    expect(await add({ opportunity_id, further_contact_id: own })).toMatchObject({
      was_added: false,
      notice: 'Contact: this is the opportunity’s primary contact already.',
    });
    expect(writes(connection)).toEqual([]);
    expect(relations()).toHaveLength(1);
  });

  it('are removed, once', async () => {
    const { opportunity_id, further_contact_id } = people(connection.sandbox);
    await add({ opportunity_id, further_contact_id });
    connection.requests();
    expect(await remove({ opportunity_id, further_contact_id })).toMatchObject({
      id: opportunity_id,
      further_contact_id,
      was_removed: true,
      notice: null,
    });
    expect(connection.requests()).toHaveLength(4);
    expect(relations()).toEqual([]);
    expect(await remove({ opportunity_id, further_contact_id })).toMatchObject({
      was_removed: false,
      notice: 'Contact: this is no additional contact of the opportunity, or not any more.',
    });
  });

  it.each([
    ['add', 'POST', 'was_added'],
    ['remove', 'DELETE', 'was_removed'],
  ])('are told of as changed by the step whose answer was lost: %s', async (what, method, done) => {
    const { opportunity_id, further_contact_id } = people(connection.sandbox);
    const pair = { opportunity_id, further_contact_id };
    const act = what === 'add' ? add : remove;
    if (what === 'remove') await add(pair);
    connection.sandbox.fault({ method, path: '/associations/relations*', cut: true, when: 'after' });
    expect(sentenceOf(await errorOf(act(pair)))).toMatch(/did not say whether it could/);
    connection.sandbox.clearRequests();
    expect(await act(pair)).toMatchObject({ [done]: true, notice: null });
    expect(writes(connection)).toEqual([]);
    expect(relations()).toHaveLength(what === 'add' ? 1 : 0);
    expect(await act(pair)).toMatchObject({ [done]: false });
  });

  /** HighLevel's list as it stood a moment ago. */
  const listedOnce = (relations: unknown[]) =>
    connection.sandbox.fault({
      method: 'GET',
      path: '/associations/relations/*',
      status: 200,
      body: { relations },
    });

  it('are there where another run added them since they were looked for', async () => {
    const { opportunity_id, further_contact_id } = people(connection.sandbox);
    const pair = { opportunity_id, further_contact_id };
    await add(pair);
    listedOnce([]);
    expect(await add(pair)).toMatchObject({
      was_added: false,
      notice: 'Contact: this was an additional contact of the opportunity already.',
    });
    expect(relations()).toHaveLength(1);
  });

  it('are gone where another run removed them since they were looked for', async () => {
    const { opportunity_id, further_contact_id } = people(connection.sandbox);
    const pair = { opportunity_id, further_contact_id };
    await add(pair);
    const listed = relations();
    connection.sandbox.fault({
      method: 'DELETE',
      path: '/associations/relations*',
      cut: true,
      when: 'after',
    });
    await errorOf(remove(pair));
    listedOnce(listed);
    expect(await remove(pair)).toMatchObject({ was_removed: true, notice: null });
    listedOnce(listed);
    expect(await remove(pair)).toMatchObject({
      was_removed: false,
      notice: 'Contact: this is no additional contact of the opportunity, or not any more.',
    });
  });

  it('are not called gone where HighLevel does not tell how they are tied', async () => {
    const { opportunity_id, further_contact_id } = people(connection.sandbox);
    await add({ opportunity_id, further_contact_id });
    connection.sandbox.clearRequests();
    const listed = relations().map(({ id: _, ...relation }) => relation);
    const fault = { method: 'GET', path: '/associations/relations/*', status: 200, times: 9 };
    connection.sandbox.fault({ ...fault, body: { relations: [null, ...listed] } });
    expect(await add({ opportunity_id, further_contact_id })).toMatchObject({ was_added: false });
    expect(sentenceOf(await errorOf(remove({ opportunity_id, further_contact_id })))).toMatch(
      /^Contact: HighLevel lists this contact and does not say how it is tied.*Remove it in HighLevel/,
    );
    expect(writes(connection)).toEqual([]);
    connection.sandbox.clearFaults();
  });

  it('are found behind a hundred other relations', async () => {
    const { opportunity_id, further_contact_id } = people(connection.sandbox);
    const other = { id: 'r', firstRecordId: opportunity_id, secondRecordId: 'task' };
    const fault = { method: 'GET', path: '/associations/relations/*', status: 200 };
    connection.sandbox.fault({ ...fault, body: { relations: Array(100).fill(other) } });
    const last = { ...other, id: 'r101', secondRecordId: further_contact_id };
    connection.sandbox.fault({ ...fault, body: { relations: [last] } });
    expect(await add({ opportunity_id, further_contact_id })).toMatchObject({ was_added: false });
  });

  it('are told of as there already, where the step whose answer was lost added none', async () => {
    const { opportunity_id, further_contact_id } = people(connection.sandbox);
    const pair = { opportunity_id, further_contact_id };
    connection.sandbox.fault({ method: 'POST', path: '/associations/relations', status: 502 });
    await errorOf(add(pair));
    expect(await add(pair)).toMatchObject({ was_added: true });
    expect(await add(pair)).toMatchObject({ was_added: false });
  });

  it('are never the opportunity’s own contact, which stays', async () => {
    const { opportunity_id, own } = people(connection.sandbox);
    const error = await errorOf(remove({ opportunity_id, further_contact_id: own }));
    expect(error.name).toBe('HaltedError');
    expect(sentenceOf(error)).toMatch(/is the opportunity’s primary contact, which it cannot be without/);
    expect(writes(connection)).toEqual([]);
  });

  it.each([
    'add_opportunity_contact',
    'remove_opportunity_contact',
  ])('%s writes nothing in Test Mode, with what was never made as well', async (key) => {
    const { opportunity_id, further_contact_id } = people(connection.sandbox);
    if (key.startsWith('remove')) await add({ opportunity_id, further_contact_id });
    connection.sandbox.clearRequests();
    const done = key.startsWith('remove') ? 'was_removed' : 'was_added';
    for (const input of [
      { opportunity_id, further_contact_id },
      { opportunity_id: TEST_ID, further_contact_id },
      { opportunity_id, further_contact_id: TEST_ID },
      { opportunity_id: TEST_ID, further_contact_id: TEST_ID },
    ]) {
      expect(await call(key, { ...input, test_mode: 'yes' })).toMatchObject({
        id: input.opportunity_id,
        further_contact_id: input.further_contact_id,
        [done]: true,
        is_test: true,
      });
    }
    expect(writes(connection)).toEqual([]);
    const error = await errorOf(call(key, { opportunity_id, further_contact_id: TEST_ID }));
    expect(sentenceOf(error)).toMatch(/^Contact: this comes from a step in Test Mode/);
  });

  it.each([
    ['add_opportunity_contact', 'associations/relation.write'],
    ['remove_opportunity_contact', 'associations/relation.readonly'],
  ])('%s asks for the permission %s first', async (key, missing) => {
    const { opportunity_id, further_contact_id } = people(connection.sandbox);
    const scope = String(connection.authData.scope).replace(missing, '');
    const error = await errorOf(
      connection.run(
        `creates.${key}.operation.perform`,
        { opportunity_id, further_contact_id },
        { bundle: { authData: { ...connection.authData, scope } } },
      ),
    );
    expect(sentenceOf(error)).toContain(`(${missing}) was not granted`);
    expect(connection.requests()).toEqual([]);
  });

  it('say what is empty, what is gone, and what HighLevel refuses', async () => {
    const { opportunity_id, further_contact_id } = people(connection.sandbox);
    expect(sentenceOf(await errorOf(add({ opportunity_id })))).toMatch(/^Contact: this is empty/);
    const gone = await errorOf(add({ opportunity_id, further_contact_id: 'AAAAAAAAAAAAAAAAAAAA' }));
    expect(gone.name).toBe('HaltedError');
    connection.sandbox.fault({
      method: 'POST',
      path: '/associations/relations',
      status: 400,
      body: { statusCode: 400, message: 'An opportunity has at most 25 contacts.' },
    });
    const error = await errorOf(add({ opportunity_id, further_contact_id }));
    expect(sentenceOf(error)).toMatch(/add the contact to the opportunity.*at most 25 contacts.*trace ID/s);
  });
});
