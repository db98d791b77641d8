import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import nock from 'nock';
import type { NoteEventKind, OpportunityEventKind } from '../../wire/kinds.ts';
import { AMPLE } from '../support/ample.ts';
import { type Connection, connect, errorOf, sentenceOf } from '../support/connection.ts';
import { noteDelivery, opportunityDelivery, taskDelivery } from '../support/deliveries.ts';
import { hookRuns, idsOf } from '../support/inputs.ts';
import { describeOf, type Inputs, type RunsOf } from '../support/operation.ts';

const describe = describeOf(import.meta.filename);

export const inputs: Inputs = {
  new_opportunity_instant: {
    live: ['Add an opportunity', 'the Zap runs within seconds'],
    runs: hookRuns('opportunity_created', null, null, () => ({})),
  },
  stage_changed_instant: {
    live: ['Drag a card to another stage', 'the Zap runs within seconds, and says from where to where'],
    runs: hookRuns('stage_changed', null, null, (sandbox) => ({
      from_stage_id: idsOf(sandbox).secondStage,
    })),
  },
  status_changed_instant: {
    live: ['Mark an opportunity as lost, with a reason', 'the Zap names the reason'],
    runs: hookRuns('status_changed', 'open', 'won', () => ({})),
  },
  value_changed_instant: {
    live: ['Raise a value', 'the Zap has the value before and after'],
    runs: hookRuns('value_changed', 100, 200, () => ({
      direction: 'up',
      min_value: '100',
      only_crossing: 'no',
    })),
  },
  owner_changed_instant: {
    live: ['Give an opportunity to somebody else', 'the Zap names both people'],
    runs: hookRuns('owner_changed', null, null, () => ({})),
  },
  opportunity_deleted_instant: {
    live: ['Delete an opportunity', 'the Zap has its name and its contact'],
    runs: hookRuns('opportunity_deleted', null, null, () => ({})),
  },
  new_note_instant: {
    live: ['Write a note on a contact', 'the Zap has its text'],
    runs: noteRuns('note_created'),
  },
  note_updated_instant: {
    live: ['Edit that note', 'the Zap has the new text'],
    runs: noteRuns('note_updated'),
  },
  task_completed_instant: {
    live: ['Tick a task off', 'the Zap has its title and its contact'],
    runs: (sandbox) => {
      const [task] = sandbox.state.tasks.values();
      const delivery = taskDelivery(task?.id ?? '', { contact_id: task?.contactId ?? '' });
      const delivered = { bundle: { cleanedRequest: delivery } };
      return { all: [delivered, { method: 'performList' }], least: [delivered] };
    },
  },
};

function noteRuns(event: NoteEventKind): RunsOf {
  return (sandbox) => {
    const [note] = sandbox.state.notes.values();
    const [relation] = note?.relations.filter(({ objectKey }) => objectKey === 'contact') ?? [];
    const delivery = noteDelivery(note?.id ?? '', relation?.recordId ?? '', event);
    const delivered = { bundle: { cleanedRequest: delivery } };
    return { all: [delivered, { method: 'performList' }], least: [delivered] };
  };
}

const RELAY = 'http://relay.test';
const HOOK = 'https://hooks.zapier.com/hooks/standard/1/a/';

/** What each instant trigger asks of the relay, and what it makes of a delivery. */
describe('the instant triggers', () => {
  let connection: Connection;
  const call = <T>(key: string, member: string, input: Record<string, unknown> = {}, bundle: object = {}) =>
    connection.run<T>(`triggers.${key}.operation.${member}`, input, {
      bundle: { targetUrl: HOOK, ...bundle },
    });

  beforeAll(async () => {
    process.env.RELAY_URL = RELAY;
    connection = await connect(AMPLE);
  });
  beforeEach(() => {
    connection.sandbox.clearFaults();
  });
  afterEach(() => nock.cleanAll());
  afterAll(async () => {
    delete process.env.RELAY_URL;
    await connection.close();
  });

  const subscriptionOf = async (key: string, input: Record<string, unknown>) => {
    let body: unknown;
    nock(RELAY)
      .post('/subscriptions', (sent) => {
        body = sent;
        return true;
      })
      .reply(201, { id: 's1' });
    expect(await call(key, 'performSubscribe', input)).toEqual({ id: 's1' });
    return body;
  };

  it.each([
    ['new_opportunity_instant', 'opportunity_created'],
    ['stage_changed_instant', 'stage_changed'],
    ['status_changed_instant', 'status_changed'],
    ['value_changed_instant', 'value_changed'],
    ['owner_changed_instant', 'owner_changed'],
    ['opportunity_deleted_instant', 'opportunity_deleted'],
    ['new_note_instant', 'note_created'],
    ['note_updated_instant', 'note_updated'],
    ['task_completed_instant', 'task_completed'],
  ])('%s waits for %s, of every opportunity where nothing is chosen', async (key, event) => {
    // What has a "from" is read first.
    const hasFrom = !/^(opportunity_created|note_|task_)/.test(event);
    expect(await subscriptionOf(key, {})).toEqual({
      locationId: connection.sandbox.locationId,
      event,
      targetUrl: HOOK,
      filters: {},
      ...(hasFrom ? { read: { status: 'open' } } : {}),
    });
  });

  it('read what they can compare with: what is open and matches, or has the status that was chosen', async () => {
    const { pipelines, users } = connection.sandbox.seeded;
    const [[owner, ownerId] = []] = Object.entries(users);
    const pipelineId = pipelines.Sales?.id;
    const common = { pipeline_id: 'Sales', owner_id: owner };
    const read = async (key: string, input: Record<string, unknown>) =>
      ((await subscriptionOf(key, input)) as { read: unknown }).read;
    expect(await read('value_changed_instant', common)).toEqual({ pipelineId, ownerId, status: 'open' });
    expect(await read('stage_changed_instant', { ...common, status: 'won' })).toEqual({
      pipelineId,
      ownerId,
      status: 'won',
    });
    // These filters are about what it becomes.
    expect(await read('owner_changed_instant', common)).toEqual({ pipelineId, status: 'open' });
    expect(await read('status_changed_instant', { status: 'won' })).toEqual({ status: 'open' });
  });

  it('choose by name, and the relay is told ids', async () => {
    const { pipelines, users } = connection.sandbox.seeded;
    const { id: pipelineId, stages } = pipelines.Sales ?? { id: '', stages: {} };
    const [[fromName, from] = [], [toName, to] = []] = Object.entries(stages);
    const [[owner, ownerId] = []] = Object.entries(users);
    const filters = async (key: string, input: Record<string, unknown>) =>
      ((await subscriptionOf(key, input)) as { filters: unknown }).filters;
    const common = { pipeline_id: 'Sales', owner_id: owner };
    const ids = { pipelineId, ownerId };
    expect(
      await filters('stage_changed_instant', { ...common, from_stage_id: fromName, stage_id: toName }),
    ).toEqual({ ...ids, stageFrom: from, stageTo: to });
    expect(await filters('new_opportunity_instant', { ...common, stage_id: toName, status: 'Won' })).toEqual({
      ...ids,
      stageTo: to,
      status: 'won',
    });
    expect(await filters('status_changed_instant', { ...common, status: 'lost' })).toEqual({
      ...ids,
      status: 'lost',
    });
    expect(await filters('value_changed_instant', { ...common, direction: 'down', min_value: 0 })).toEqual({
      ...ids,
      valueDirection: 'down',
      minValue: 0,
    });
    expect(await filters('value_changed_instant', { min_value: '9,000', only_crossing: 'yes' })).toEqual({
      minValue: 9000,
      crossing: true,
    });
    expect(await filters('value_changed_instant', { only_crossing: 'no' })).toEqual({});
    expect(await filters('owner_changed_instant', common)).toEqual(ids);
    expect(await filters('opportunity_deleted_instant', { pipeline_id: 'Sales' })).toEqual({ pipelineId });
    expect(await filters('owner_changed_instant', { ...common, ignore_own_changes: 'Yes' })).toEqual({
      ...ids,
      ignoreOwn: true,
    });
    // Without a pipeline, a stage is looked for in all of them.
    expect(await filters('stage_changed_instant', { from_stage_id: from })).toEqual({ stageFrom: from });
  });

  it('say what is missing where a crossing is asked for, and not of what', async () => {
    const error = await errorOf(call('value_changed_instant', 'performSubscribe', { only_crossing: 'Yes' }));
    expect(sentenceOf(error)).toBe(
      'Only When It Crosses: "Yes" needs the amount that is to be crossed. Fill in "New Value at Least", or choose No.',
    );
  });

  it.each([
    ['new_opportunity_instant', 'New Opportunity'],
    ['stage_changed_instant', 'Opportunity Stage Changed'],
    ['status_changed_instant', 'Opportunity Status Changed'],
  ])('%s names the trigger that does the same, where the relay refuses', async (key, twin) => {
    nock(RELAY).post('/subscriptions').reply(403, { message: 'Not for you' });
    expect(sentenceOf(await errorOf(call(key, 'performSubscribe')))).toBe(
      `The Zap could not be turned on: Not for you. Use the trigger "${twin}" instead: it does the same, a few minutes later.`,
    );
  });

  it.each([
    'value_changed_instant',
    'new_note_instant',
  ])('%s sends people to who runs the relay, as no other trigger does the same', async (key) => {
    nock(RELAY).post('/subscriptions').reply(502, 'oops');
    expect(sentenceOf(await errorOf(call(key, 'performSubscribe')))).toBe(
      'The Zap could not be turned on: the server behind the instant triggers answered with status 502. Try again in a few minutes; if this goes on, tell whoever runs this integration.',
    );
  });

  it.each(['stage_changed_instant', 'new_note_instant'])('%s ends its subscription', async (key) => {
    const asked = nock(RELAY).delete('/subscriptions/s%2F1').reply(204);
    expect(await call(key, 'performUnsubscribe', {}, { subscribeData: { id: 's/1' } })).toEqual({});
    expect(asked.isDone()).toBe(true);
  });

  describe('what the relay says of an opportunity that is gone by then', () => {
    const deliver = (key: string, event: OpportunityEventKind) => {
      const cleanedRequest = opportunityDelivery(event, 'gone', {
        contact_id: 'c1',
        status: 'open',
        value: 500,
      });
      return call<Record<string, unknown>[]>(key, 'perform', {}, { cleanedRequest });
    };

    const deleted = (snapshot: Parameters<typeof opportunityDelivery>[2], rest: object = {}) =>
      call<Record<string, unknown>[]>(
        'opportunity_deleted_instant',
        'perform',
        {},
        { cleanedRequest: opportunityDelivery('opportunity_deleted', 'gone', snapshot), ...rest },
      );

    it('is all there is of a deleted one, without a link that leads nowhere', async () => {
      const rows = await deliver('opportunity_deleted_instant', 'opportunity_deleted');
      expect(rows[0]).not.toHaveProperty('url');
      expect(rows).toMatchObject([
        {
          id: 'gone',
          name: null,
          contact_id: 'c1',
          contact_email: null,
          contact: null,
          status: 'open',
          monetary_value: 500,
        },
      ]);
    });

    it('has its name and source, and its contact with the contact’s own fields, in one request', async () => {
      const { contactIds, customFields } = connection.sandbox.seeded;
      const contact = connection.sandbox.state.contacts.get(contactIds[0] ?? '');
      const field = customFields['contact.account_number'] ?? '';
      if (contact) contact.customFields = [{ id: field, value: 'C-77' }] as never;
      const told = { name: 'Website', source: 'Webinar', contact_id: contact?.id ?? null, value: 9 };
      connection.requests();
      const [row] = await deleted(told);
      expect(connection.requests().filter((one) => one.includes('/contacts/'))).toHaveLength(1);
      expect(row).toMatchObject({
        name: 'Website',
        source: 'Webinar',
        contact_email: contact?.email,
        contact: { id: contact?.id, first_name: contact?.firstName, custom_fields: { [field]: 'C-77' } },
      });
    });

    it('comes without the contact where that may not be read, and again where HighLevel is in trouble', async () => {
      const told = { name: 'Website', contact_id: connection.sandbox.seeded.contactIds[0] ?? null };
      const authData = { ...connection.authData, scope: 'opportunities.readonly' };
      expect(await deleted(told, { authData })).toMatchObject([{ name: 'Website', contact: null }]);
      connection.sandbox.fault({ path: '/contacts/*', status: 403, body: { message: 'Forbidden' } });
      expect(await deleted(told)).toMatchObject([{ name: 'Website', contact: null }]);
      connection.sandbox.fault({ path: '/contacts/*', status: 502, times: 9 });
      expect((await errorOf(deleted(told))).name).toBe('ThrottledError');
      connection.sandbox.clearFaults();
    });

    it('is shown in the editor with no more than a live one has', async () => {
      const rows = await call<Record<string, unknown>[]>('opportunity_deleted_instant', 'performList');
      expect(rows.length).toBeGreaterThan(0);
      for (const row of rows) {
        expect(row).toMatchObject({
          name: expect.any(String),
          contact: { id: row.contact_id },
        });
        for (const key of ['created_at', 'expected_close_date', 'url', 'custom_fields']) {
          expect(row).not.toHaveProperty(key);
        }
      }
    });

    it('is nothing to a trigger that shows the opportunity as it is', async () => {
      expect(await deliver('status_changed_instant', 'status_changed')).toEqual([]);
    });
  });

  describe('task_completed_instant', () => {
    const deliver = (cleanedRequest: unknown) =>
      call<Record<string, unknown>[]>('task_completed_instant', 'perform', {}, { cleanedRequest });
    const newTask = () => {
      const contactId = connection.sandbox.seeded.contactIds[0] ?? '';
      return connection.run<{ id: string }>('creates.create_task.operation.perform', {
        contact_id: contactId,
        title: 'Call back',
        due_date: '2026-12-01 15:00',
        owner_id: Object.values(connection.sandbox.seeded.users)[0],
      });
    };

    it('shows the task with its owner, its contact and a link', async () => {
      const contact_id = connection.sandbox.seeded.contactIds[0] ?? '';
      const { id } = await newTask();
      const task = connection.sandbox.state.tasks.get(id);
      if (task) task.completed = true;
      connection.requests();
      expect(await deliver(taskDelivery(id, { contact_id }))).toMatchObject([
        {
          id,
          title: 'Call back',
          completed: true,
          owner_name: Object.keys(connection.sandbox.seeded.users)[0],
          contact_id,
          contact_email: connection.sandbox.state.contacts.get(contact_id)?.email,
          url: expect.stringContaining(`/contacts/detail/${contact_id}`),
        },
      ]);
      expect(connection.requests().filter((one) => one.includes('/contacts/'))).toHaveLength(2);
    });

    it('shows the task as done where the read lags behind the event', async () => {
      const contact_id = connection.sandbox.seeded.contactIds[0] ?? '';
      const { id } = await newTask();
      expect(await deliver(taskDelivery(id, { contact_id }))).toMatchObject([{ id, completed: true }]);
    });

    it('shows what the event says where that names no contact, and asks HighLevel nothing of it', async () => {
      const [[name, owner_id] = ['', '']] = Object.entries(connection.sandbox.seeded.users);
      connection.requests();
      expect(await deliver(taskDelivery('t1', { name: 'Call back', owner_id }))).toEqual([
        {
          id: 't1',
          title: 'Call back',
          body: null,
          due_date: null,
          completed: true,
          owner_id,
          owner_name: name,
          contact_id: null,
          contact_name: null,
          contact_email: null,
          url: null,
        },
      ]);
      expect(connection.requests().filter((one) => one.includes('/contacts/'))).toEqual([]);
    });

    it('asks for no users where the task is nobody’s', async () => {
      connection.forget();
      connection.requests();
      expect(await deliver(taskDelivery('t1', { name: 'Call back' }))).toMatchObject([
        { owner_id: null, owner_name: null },
      ]);
      expect(connection.requests()).toEqual([]);
    });

    it('has nothing to show of a task that is gone, and comes again where HighLevel is in trouble', async () => {
      const contact_id = connection.sandbox.seeded.contactIds[0] ?? '';
      expect(await deliver(taskDelivery('gone', { contact_id }))).toEqual([]);
      connection.sandbox.fault({ method: 'GET', path: '/contacts/*', status: 502, times: 9 });
      expect((await errorOf(deliver(taskDelivery('gone', { contact_id })))).name).toBe('ThrottledError');
      connection.sandbox.clearFaults();
    });

    it('takes a done task for a sample, or any, and none where there is none', async () => {
      const { state, seeded } = connection.sandbox;
      const newest = state.opportunities.get(seeded.opportunityIds[1] ?? '')?.contactId ?? '';
      const sample = () => call<Record<string, unknown>[]>('task_completed_instant', 'performList');
      const kept = [...state.tasks];
      state.tasks.clear();
      expect(await sample()).toEqual([]);
      const [[, first] = []] = kept;
      if (!first) throw new Error('There is no task.');
      state.tasks.set('open', { ...first, id: 'open', contactId: newest, completed: false });
      expect(await sample()).toMatchObject([{ id: 'open' }]);
      state.tasks.set('done', { ...first, id: 'done', contactId: newest, completed: true });
      expect(await sample()).toMatchObject([{ id: 'done', completed: true }]);
      state.tasks.clear();
      for (const [id, task] of kept) state.tasks.set(id, task);
    });
  });

  it('note_updated_instant shows the note as it was edited, and takes no delivery of a new one', async () => {
    const [contactId = ''] = connection.sandbox.seeded.contactIds;
    const note = connection.sandbox.addNote(contactId, 'Edited since.');
    const deliver = (cleanedRequest: unknown) =>
      call<Record<string, unknown>[]>('note_updated_instant', 'perform', {}, { cleanedRequest });
    expect(await deliver(noteDelivery(note.id, contactId, 'note_updated'))).toMatchObject([
      { id: note.id, body: 'Edited since.', contact_id: contactId },
    ]);
    expect((await errorOf(deliver(noteDelivery(note.id, contactId)))).message).toMatch(/cannot read/);
  });

  describe('new_note_instant', () => {
    const noteOf = (contactId: string) => {
      const { notes } = connection.sandbox.state;
      const found = [...notes.values()].find(({ relations }) =>
        relations.some(({ recordId }) => recordId === contactId),
      );
      if (!found) throw new Error('There is no such note.');
      return found;
    };
    const contactWithNote = () => {
      const { contactIds } = connection.sandbox.seeded;
      const { notes } = connection.sandbox.state;
      const noted = new Set(
        [...notes.values()].flatMap(({ relations }) => relations.map((one) => one.recordId)),
      );
      return contactIds.find((id) => noted.has(id)) ?? '';
    };
    const deliver = (cleanedRequest: unknown) =>
      call<Record<string, unknown>[]>('new_note_instant', 'perform', {}, { cleanedRequest });

    it('shows the note with its contact, its author and a link', async () => {
      const contact_id = contactWithNote();
      const note = noteOf(contact_id);
      const author = Object.entries(connection.sandbox.seeded.users).find(([, id]) => id === note.userId);
      const [row] = await deliver(noteDelivery(note.id, contact_id));
      expect(row).toMatchObject({
        id: note.id,
        body: note.body,
        author_id: note.userId ?? null,
        author_name: author?.[0] ?? null,
        contact_id,
        url: expect.stringContaining(`/contacts/detail/${contact_id}`),
      });
      expect(row?.contact_name).toMatch(/\S/);
      expect(row?.created_at).toMatch(/^\d{4}-.*Z$/);
    });

    it('shows the title where there is one, and no author and email where there are none', async () => {
      const contact_id = contactWithNote();
      const { sandbox } = connection;
      const note = noteOf(contact_id);
      const contact = sandbox.state.contacts.get(contact_id);
      if (!contact) throw new Error('There is no such contact.');
      Object.assign(note, { title: 'Call summary', userId: undefined });
      const delivery = noteDelivery(note.id, contact_id);
      expect(await deliver(delivery)).toMatchObject([
        { title: 'Call summary', author_id: null, author_name: null, contact_email: contact.email },
      ]);
      Object.assign(note, { title: '' });
      contact.email = '';
      expect(await deliver(delivery)).toMatchObject([{ title: null, contact_email: null }]);
    });

    it('has nothing to show of a note that is gone', async () => {
      const contact_id = contactWithNote();
      connection.sandbox.fault({ method: 'GET', status: 404, body: { message: 'Note not found' } });
      expect(await deliver(noteDelivery(noteOf(contact_id).id, contact_id))).toEqual([]);
    });

    it('shows trouble as trouble, so that Zapier does not take the note for shown', async () => {
      const contact_id = contactWithNote();
      connection.sandbox.fault({ method: 'GET', status: 500 });
      const error = await errorOf(deliver(noteDelivery(noteOf(contact_id).id, contact_id)));
      expect(sentenceOf(error)).toMatch(/HighLevel/);
    });

    it('takes one note of the newest opportunities’ contacts for a sample, and none where there is none', async () => {
      const { state, seeded } = connection.sandbox;
      const sample = () => call<Record<string, unknown>[]>('new_note_instant', 'performList');
      const newest = state.opportunities.get(seeded.opportunityIds[1] ?? '')?.contactId ?? '';
      const kept = [...state.notes];
      state.notes.clear();
      expect(await sample()).toEqual([]);
      for (const [id, note] of kept) state.notes.set(id, note);
      await connection.run('creates.create_note.operation.perform', { contact_id: newest, body: 'Just now' });
      const rows = await sample();
      expect(rows).toHaveLength(1);
      expect(rows[0]).toMatchObject({ id: expect.any(String), contact_id: expect.any(String) });
    });
  });
});
