import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { contactSample } from '../../fields/outputs/contact.ts';
import { startSandbox } from '../../local/sandbox/index.ts';
import { AMPLE } from '../support/ample.ts';
import { type Connection, connect, errorOf, sentenceOf } from '../support/connection.ts';
import { describeOf, type Inputs } from '../support/operation.ts';
import { startRunner } from '../support/runner.ts';

const describe = describeOf(import.meta.filename);

export const inputs: Inputs = {
  find_contact: {
    live: ['Search by an email', 'it is found; by an unknown one nothing is, and the step is no error'],
    runs: ({ seeded, state }) => ({
      all: [
        {
          inputData: {
            email: state.contacts.get(seeded.contactIds[0] ?? '')?.email ?? 'nobody@example.com',
            phone: '+12025550100',
          },
        },
        { inputData: { name: 'Import', name_match: 'part' } },
        { inputData: { contact_id: seeded.contactIds[0] } },
      ],
      least: [{ inputData: { phone: '+12025550100' } }],
    }),
    example: ({ seeded, state }) => ({
      email: state.contacts.get(seeded.contactIds[0] ?? '')?.email,
    }),
  },
};

const PERFORM = 'searches.find_contact.operation.perform';

describe('find_contact by ID', () => {
  let connection: Connection;
  const find = (input: Record<string, unknown>) => connection.run(PERFORM, input);
  beforeAll(async () => {
    connection = await connect();
  });
  afterAll(() => connection.close());

  it('reads the contact whole, in one request, whatever else is filled in', async () => {
    const [id = ''] = connection.sandbox.seeded.contactIds;
    await find({ contact_id: id });
    connection.requests();
    const rows = await find({ contact_id: ` ${id} `, email: 'nobody@example.com' });
    expect(rows).toMatchObject([
      { id, email: connection.sandbox.state.contacts.get(id)?.email, was_created: false },
    ]);
    expect(connection.requests()).toEqual([`GET /contacts/${id}`]);
  });

  it('finds nothing where it is gone', async () => {
    expect(await find({ contact_id: 'AAAAAAAAAAAAAAAAAAAA' })).toEqual([]);
    connection.sandbox.fault({ path: '/contacts/*', status: 404, body: { message: 'Contact not found' } });
    expect(await find({ contact_id: 'AAAAAAAAAAAAAAAAAAAA' })).toEqual([]);
    connection.requests();
    expect(await find({ contact_id: 'test-mode-nothing-saved' })).toEqual([]);
    expect(connection.requests()).toEqual([]);
  });

  it('says what is wrong with what can be no ID, and shows trouble as trouble', async () => {
    connection.requests();
    const error = await errorOf(find({ contact_id: 'Hannah Lee' }));
    expect(sentenceOf(error)).toMatch(/^Contact: "Hannah Lee" is not an ID\./);
    expect(connection.requests()).toEqual([]);
    connection.sandbox.fault({ status: 500, times: 9 });
    expect((await errorOf(find({ contact_id: 'AAAAAAAAAAAAAAAAAAAA' }))).name).not.toBe('HaltedError');
    connection.sandbox.clearFaults();
  });
});

describe('find_contact', () => {
  let connection: Connection;

  beforeAll(async () => {
    connection = await connect({
      opportunities: 60,
      ...AMPLE,
    });
    await connection.run('creates.create_or_update_contact.operation.inputFields');
    await connection.run('triggers.user_list.operation.perform');
  });
  afterAll(() => connection.close());
  beforeEach(() => {
    connection.requests();
  });

  const find = (input: Record<string, unknown>) => connection.run(PERFORM, input);
  const contacts = () =>
    [...connection.sandbox.state.contacts.values()].filter(
      ({ locationId }) => locationId === connection.sandbox.locationId,
    );
  const duplicate = 'GET /contacts/search/duplicate';

  it('finds the one who has the email address, in the one shape', async () => {
    const sam = contacts().find(({ email, customFields }) => email && customFields.length > 0);
    const [found, ...rest] = await find({ email: ` ${sam?.email?.toUpperCase()} ` });
    expect(rest).toEqual([]);
    expect(found).toMatchObject({
      id: sam?.id,
      name: `${sam?.firstName} ${sam?.lastName}`,
      first_name: sam?.firstName,
      email: sam?.email,
      tags: sam?.tags,
      was_created: false,
    });
    expect(Object.keys(found ?? {}).sort()).toEqual(Object.keys(contactSample).sort());
    expect(connection.requests()).toEqual([duplicate]);
  });

  it('looks for an address and a number without what links and spreadsheets add', async () => {
    const sam = contacts().find(({ email }) => email);
    expect(await find({ email: `<mailto:${sam?.email}>` })).toMatchObject([{ id: sam?.id }]);
    expect(await find({ email: `"Reed, Sam" <${sam?.email}>` })).toMatchObject([{ id: sam?.id }]);
    await find({ phone: '+44 (0)20 7946 0958' });
    expect(connection.sandbox.requests().at(-1)?.query).toMatchObject({ number: '+442079460958' });
  });

  it('reads a contact’s own fields by their types', async () => {
    const sam = contacts().find(({ email, customFields }) => email && customFields.length > 0);
    const [found] = await find({ email: sam?.email });
    const ids = connection.sandbox.seeded.customFields;
    expect(found?.custom_fields).toEqual({
      [ids['contact.account_number'] ?? '']: expect.stringMatching(/^HP-/),
      [ids['contact.customer_since'] ?? '']: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      [ids['contact.preferred_channel'] ?? '']: expect.any(String),
      [ids['contact.signed_contract'] ?? '']: [expect.stringMatching(/^https:\/\//)],
      [ids['contact.interests'] ?? '']: expect.arrayContaining([expect.any(String)]),
    });
  });

  it('finds by phone where no contact has the email address', async () => {
    const sam = contacts().find(({ phone }) => phone);
    expect(await find({ email: 'nobody@nowhere.example', phone: sam?.phone })).toMatchObject([
      { id: sam?.id },
    ]);
    expect(connection.requests()).toEqual([duplicate, duplicate]);
    const queries = await find({ phone: sam?.phone }).then(() => connection.sandbox.requests().at(-1)?.query);
    expect(queries).toEqual({ locationId: connection.sandbox.locationId, number: sam?.phone });
  });

  it('prefers the email address when another contact has the phone number', async () => {
    const [one, other] = contacts().filter(({ email, phone }) => email && phone);
    expect(await find({ email: one?.email, phone: other?.phone })).toMatchObject([{ id: one?.id }]);
  });

  it('finds by name, written as the person wrote it', async () => {
    const sam = contacts()[3];
    const [found] = await find({ name: `${sam?.firstName} ${sam?.lastName}`.toLowerCase() });
    expect(found).toMatchObject({ id: sam?.id, first_name: sam?.firstName, last_name: sam?.lastName });
    expect(connection.requests()).toEqual(['POST /contacts/search', `GET /contacts/${sam?.id}`]);
  });

  it('takes nobody whose name only contains the name, unless a part will do', async () => {
    const save = (input: Record<string, unknown>) =>
      connection.run<Record<string, unknown>>('creates.create_or_update_contact.operation.perform', input);
    const hannah = await save({ email: 'hannah@new.example', name: 'Quannah Lee' });
    expect(await find({ name: 'Quann' })).toEqual([]);
    expect(await find({ name: 'uannah', name_match: 'whole' })).toEqual([]);
    expect(await find({ name: 'Quann', name_match: 'part' })).toMatchObject([{ id: hannah.id }]);
    expect(await find({ name: 'quannah lee' })).toMatchObject([{ id: hannah.id }]);
    // What begins with it goes before what only holds it, though that changed later.
    connection.sandbox.moveClock({ by: 60_000 });
    await save({ email: 'later@new.example', name: 'Ann Quann' });
    expect(await find({ name: 'Quann', name_match: 'part' })).toMatchObject([{ id: hannah.id }]);
  });

  it('prefers the exact name, and among namesakes the one that changed last', async () => {
    const save = (input: Record<string, unknown>) =>
      connection.run<Record<string, unknown>>('creates.create_or_update_contact.operation.perform', input);
    const older = await save({ email: 'z1@new.example', name: 'Zora Quill' });
    connection.sandbox.moveClock({ by: 60_000 });
    const newer = await save({ email: 'z2@new.example', name: 'Zora Quill' });
    connection.sandbox.moveClock({ by: 60_000 });
    await save({ email: 'z3@new.example', name: 'Zora Quillfeather' });
    expect(await find({ name: 'zora  quill' })).toMatchObject([{ id: newer.id }]);
    expect(await find({ name: 'zora  quill', name_match: 'part' })).toMatchObject([{ id: newer.id }]);
    connection.sandbox.moveClock({ by: 60_000 });
    await save({ email: 'z1@new.example', source: 'Webinar' });
    expect(await find({ name: 'Zora Quill' })).toMatchObject([{ id: older.id }]);
  });

  it.each([
    ['an unknown email address', { email: 'nobody@nowhere.example' }],
    ['an unknown phone number', { phone: '+19995550000' }],
    ['an unknown name', { name: 'Nobody Nowhere' }],
    [
      'an email address that only the contact search would find',
      { name: 'mail.example', name_match: 'part' },
    ],
  ])('finds nothing for %s', async (_, input) => {
    expect(await find(input)).toEqual([]);
  });

  it('does not take a namesake for the person with an unknown email address', async () => {
    const sam = contacts()[3];
    expect(
      await find({ email: 'nobody@nowhere.example', name: `${sam?.firstName} ${sam?.lastName}` }),
    ).toEqual([]);
  });

  it('asks nothing when it has nothing to look for', async () => {
    expect(await find({ email: '', phone: null, name: ' ' })).toEqual([]);
    expect(connection.requests()).toEqual([]);
  });
});

describe('find or create contact', () => {
  it('makes one contact of two runs, and finds it the second time', async () => {
    const sandbox = await startSandbox({ opportunities: 0 });
    const { runner, connection } = await startRunner(sandbox);
    const input = { email: 'sam@new.example', first_name: 'Sam', tags: ['lead'] };
    const step = { id: 'lead', kind: 'searchOrCreate' as const, key: 'find_contact', input };
    const zap = { name: 'Leads', trigger: { key: 'new_opportunity' }, steps: [step] };
    const before = sandbox.state.contacts.size;
    const run = async () => (await runner.test(zap, connection, { steps: true })).task?.outputs.lead;
    const first = await run();
    const second = await run();
    expect(first).toMatchObject({ first_name: 'Sam', tags: ['lead'], was_created: true });
    expect(second).toMatchObject({ id: first?.id, was_created: false });
    expect(sandbox.state.contacts.size).toBe(before + 1);
    await runner.close();
    await sandbox.close();
  });
});

describe('find_contact by name, among rows that do not tell', () => {
  let connection: Connection;
  beforeAll(async () => {
    connection = await connect({ opportunities: 0, ...AMPLE });
  });
  afterAll(() => connection.close());
  beforeEach(() => connection.sandbox.clearFaults());

  const find = (name: string) => connection.run(PERFORM, { name });
  const rows = (contacts: unknown[], times = 1) =>
    connection.sandbox.fault({ path: '/contacts/search', status: 200, body: { contacts }, times });

  it.each([
    ['a number for its first name', { firstName: 7, lastName: 'Seas' }, '7 Seas'],
    ['a number for its phone', { firstName: 'Kim', phone: 12025550107 }, 'Kim'],
    ['its change in ms', { firstName: 'Kim', dateUpdated: 1_764_000_000_000 }, 'Kim'],
  ])('finds one with %s', async (_, row, name) => {
    const [id = ''] = connection.sandbox.seeded.contactIds;
    rows([{ id, ...row }]);
    expect(await find(name)).toMatchObject([{ id }]);
  });

  it('does not take a row without an ID for nobody', async () => {
    rows([{ firstName: 'Kim', lastName: 'Reed' }, null]);
    const error = await errorOf(find('Kim Reed'));
    expect(error.name).toBe('HaltedError');
    expect(sentenceOf(error)).toMatch(/2 contacts without an ID.*called "Kim Reed".*by email or phone/);
    rows([{ firstName: 'Kim', lastName: 'Reed' }]);
    expect(sentenceOf(await errorOf(find('Kim Reed')))).toMatch(/gave a contact without an ID/);
  });

  it('looks beyond the first page, and halts where there are more than it can read', async () => {
    const [id = ''] = connection.sandbox.seeded.contactIds;
    const full = Array.from({ length: 500 }, (_, at) => ({
      id: `c${at}`,
      firstName: 'Kim',
      lastName: `${at}`,
    }));
    rows(full);
    rows([{ id, firstName: 'Kim' }]);
    expect(await find('Kim')).toMatchObject([{ id }]);
    rows(full, 9);
    const error = await errorOf(find('Kim'));
    expect(error.name).toBe('HaltedError');
    expect(sentenceOf(error)).toMatch(/looked through 2,000 contacts.*for "Kim".*by email or phone/);
  });
});
