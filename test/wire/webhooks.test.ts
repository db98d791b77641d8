import { describe, expect, test } from '@jest/globals';
import { appIdOf, EVENT_NAMES, readEvent } from '../../wire/webhooks.ts';

/** The vendor's own live example, its ids shortened. [recorded] */
const RECORDED = {
  type: 'OpportunityCreate',
  locationId: 'l1',
  versionId: 'v1',
  appId: 'v1',
  id: 'o1',
  name: 'Test 2',
  assignedTo: null,
  contactId: 'c1',
  pipelineId: 'p1',
  pipelineStageId: 's1',
  status: 'open',
  dateAdded: '2025-11-07T12:40:44.510Z',
  timestamp: '2025-11-07T12:46:45.953Z',
  webhookId: 'w1',
};

describe('an opportunity', () => {
  test('is read from the flat body; a value that is not there is not 0, and the time is the event’s own', () => {
    expect(readEvent(RECORDED)).toEqual({
      kind: 'opportunity',
      type: 'OpportunityCreate',
      claim: 'created',
      webhookId: 'w1',
      at: Date.parse('2025-11-07T12:46:45.953Z'),
      locationId: 'l1',
      opportunityId: 'o1',
      snapshot: {
        contactId: 'c1',
        stage: { pipelineId: 'p1', stageId: 's1' },
        status: 'open',
        owner: null,
      },
    });
  });

  test.each([
    ['OpportunityUpdate', 'updated'],
    ['OpportunityDelete', 'deleted'],
    ['OpportunityStageUpdate', 'stage'],
    ['OpportunityStatusUpdate', 'status'],
    ['OpportunityMonetaryValueUpdate', 'value'],
    ['OpportunityAssignedToUpdate', 'owner'],
  ])('%s claims %s', (type, claim) => {
    expect(readEvent({ ...RECORDED, type, monetaryValue: 12.5, assignedTo: 'u1' })).toMatchObject({
      claim,
      snapshot: { value: 12.5, owner: 'u1' },
    });
  });

  test('of a deletion has name and source, without what a database cannot keep; of anything else neither', () => {
    const half = {
      ...RECORDED,
      type: 'OpportunityDelete',
      name: 'Caf\u0000é 🏠 \\u0000\ud83c',
      source: 'Fair',
    };
    expect(readEvent(half)).toMatchObject({ texts: { name: 'Café 🏠 \\u0000', source: 'Fair' } });
    expect(readEvent({ type: 'OpportunityDelete', id: 'o1', locationId: 'l1' })).toMatchObject({
      texts: { name: null, source: null },
    });
    expect(readEvent({ ...half, type: 'OpportunityUpdate' })).not.toHaveProperty('texts');
  });

  test('needs neither webhookId nor timestamp, nor more than its ids', () => {
    expect(readEvent({ type: 'OpportunityUpdate', id: 'o1', locationId: 'l1' })).toEqual({
      kind: 'opportunity',
      type: 'OpportunityUpdate',
      claim: 'updated',
      webhookId: null,
      at: null,
      locationId: 'l1',
      opportunityId: 'o1',
      snapshot: { contactId: null },
    });
  });

  test.each([
    [0, 0],
    [-2.5, -2.5],
    ['1500', 1500],
    [' 12.50 ', 12.5],
    ['0', 0],
  ])('the value %j is read as %d', (monetaryValue, value) => {
    expect(readEvent({ ...RECORDED, monetaryValue })).toHaveProperty('snapshot.value', value);
  });

  test.each([
    [undefined],
    [null],
    [''],
    ['1,500'],
    ['12 EUR'],
    ['1e3'],
    ['0x10'],
    [true],
    [[5]],
  ])('the value %j says nothing', (monetaryValue) => {
    expect(readEvent({ ...RECORDED, monetaryValue })).not.toHaveProperty('snapshot.value');
  });

  test('a status in capitals is the same status', () => {
    expect(readEvent({ ...RECORDED, status: 'Won' })).toHaveProperty('snapshot.status', 'won');
  });

  test('a missing owner says something only where the owner is what changed', () => {
    const { assignedTo: _, ...bare } = RECORDED;
    expect(readEvent({ ...bare, type: 'OpportunityUpdate' })).not.toHaveProperty('snapshot.owner');
    expect(readEvent({ ...bare, type: 'OpportunityAssignedToUpdate' })).toHaveProperty(
      'snapshot.owner',
      null,
    );
  });

  test('a lesser field of another kind than expected is left out, and the event is kept', () => {
    const odd = {
      ...RECORDED,
      monetaryValue: 'twelve',
      status: 7,
      assignedTo: 7,
      contactId: {},
      timestamp: 'yesterday',
    };
    expect(readEvent(odd)).toMatchObject({ at: null, snapshot: { contactId: null } });
    expect(readEvent(odd)).not.toHaveProperty('snapshot.value');
    expect(readEvent(odd)).not.toHaveProperty('snapshot.status');
    expect(readEvent(odd)).not.toHaveProperty('snapshot.owner');
  });

  test('without its id or location it is no event', () => {
    expect(readEvent({ ...RECORDED, id: '' })).toBeNull();
    expect(readEvent({ ...RECORDED, locationId: undefined })).toBeNull();
  });
});

test('a note names its contact, and no opportunity', () => {
  const note = {
    type: 'NoteCreate',
    locationId: 'l1',
    id: 'n1',
    body: 'Called',
    contactId: 'c1',
    dateAdded: 'x',
  };
  expect(readEvent(note)).toEqual({
    kind: 'note',
    claim: 'created',
    type: 'NoteCreate',
    webhookId: null,
    at: null,
    locationId: 'l1',
    noteId: 'n1',
    contactId: 'c1',
  });
  // Without its contact nobody can read it.
  expect(readEvent({ ...note, contactId: undefined })).toBeNull();
  expect(readEvent({ ...note, type: 'NoteUpdate' })).toMatchObject({ kind: 'note', claim: 'updated' });
  expect(readEvent({ ...note, type: 'NoteDelete' })).toMatchObject({ kind: 'other' });
});

test('a completed task names its contact, or else what nobody could ask for', () => {
  const task = { type: 'TaskComplete', locationId: 'l1', id: 't1', title: 'Call', assignedTo: 'u1' };
  expect(readEvent({ ...task, contactId: 'c1' })).toEqual({
    kind: 'task',
    type: 'TaskComplete',
    webhookId: null,
    at: null,
    locationId: 'l1',
    taskId: 't1',
    contactId: 'c1',
  });
  expect(readEvent(task)).toMatchObject({ contactId: null, untold: { title: 'Call', ownerId: 'u1' } });
  expect(readEvent({ ...task, title: 7 })).toMatchObject({ untold: { title: null } });
  expect(readEvent({ ...task, id: undefined })).toBeNull();
  expect(readEvent({ ...task, type: 'TaskCreate' })).toMatchObject({ kind: 'other' });
});

test('an uninstall is of a location or of a company', () => {
  expect(readEvent({ type: 'UNINSTALL', locationId: 'l1' })).toMatchObject({
    kind: 'uninstall',
    locationId: 'l1',
    companyId: null,
  });
  expect(readEvent({ type: 'UNINSTALL', companyId: 'co1' })).toMatchObject({
    locationId: null,
    companyId: 'co1',
  });
});

test('an unknown kind is an event all the same; what has no kind is none', () => {
  expect(readEvent({ type: 'SomethingNew', webhookId: 'w1' })).toMatchObject({
    kind: 'other',
    webhookId: 'w1',
  });
  for (const body of [null, [], 'text', 7, {}, { type: 7 }]) expect(readEvent(body)).toBeNull();
});

test('the app that an event is for is read where it is said', () => {
  expect(appIdOf(RECORDED)).toBe('v1');
  for (const body of [{}, { appId: '' }, { appId: 7 }, null, [], 'text']) expect(appIdOf(body)).toBeNull();
});

test('the names of what something here waits for are those that are read as more than an event', () => {
  const body = { id: 'r1', locationId: 'l1', contactId: 'c1' };
  for (const type of EVENT_NAMES)
    expect([type, readEvent({ ...body, type })?.kind]).not.toEqual([type, 'other']);
  expect(EVENT_NAMES).toEqual(
    expect.arrayContaining(['NoteCreate', 'NoteUpdate', 'TaskComplete', 'UNINSTALL']),
  );
});
