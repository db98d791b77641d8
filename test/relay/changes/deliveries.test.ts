import { expect, test } from '@jest/globals';
import { changesOf, wants } from '../../../relay/changes/deliveries.ts';
import { deliveryJob } from '../../../relay/changes/delivery-job.ts';
import type { KnownOpportunities } from '../../../relay/changes/opportunities.ts';
import type { Subscription } from '../../../relay/subscriptions/subscriptions.ts';
import type { EventKind } from '../../../wire/kinds.ts';
import type { HighLevelEvent } from '../../../wire/webhooks.ts';

const AT = new Date('2026-11-21T12:00:00.000Z');
const before = new Date(+AT - 1);
const after = new Date(+AT + 1);

const created: HighLevelEvent = {
  kind: 'opportunity',
  type: 'OpportunityCreate',
  claim: 'created',
  webhookId: 'w1',
  at: null,
  locationId: 'l1',
  opportunityId: 'o1',
  snapshot: {
    contactId: 'c1',
    stage: { pipelineId: 'p1', stageId: 'A' },
    status: 'open',
    value: 5,
    owner: null,
  },
};

const note = {
  kind: 'note',
  claim: 'created',
  type: 'NoteCreate',
  webhookId: 'w2',
  at: null,
  locationId: 'l1',
  noteId: 'n1',
  contactId: 'c1',
} satisfies HighLevelEvent;

function subscription(id: string, event: EventKind, over: Partial<Subscription> = {}): Subscription {
  return {
    id,
    event,
    locationId: 'l1',
    companyId: null,
    filters: {},
    targetUrl: 'https://hooks.zapier.com/hooks/x',
    zap: id,
    createdAt: before,
    queueId: id,
    endedAt: null,
    endedReason: null,
    ...over,
  };
}

function made(
  event: HighLevelEvent,
  subscriptions: Subscription[],
  opportunities: KnownOpportunities = new Map(),
) {
  const known = changesOf({ seq: 3, webhookId: 'w', event, receivedAt: AT }, opportunities);
  const jobs = known.flatMap(({ change, origin }) =>
    subscriptions
      .filter(({ locationId, event: kind }) => locationId === origin.locationId && kind === change.event)
      .filter((one) => wants(one, change, origin))
      .map(({ queueId }) => deliveryJob(change, origin, queueId)),
  );
  return { changes: known.map(({ change }) => change), jobs };
}

test('a delivery for each who wants it: of this event, of this location, since before it came, by its filters', () => {
  const { jobs } = made(created, [
    subscription('yes', 'opportunity_created'),
    subscription('other event', 'stage_changed'),
    subscription('other location', 'opportunity_created', { locationId: 'l2' }),
    subscription('later', 'opportunity_created', { createdAt: after }),
    subscription('same moment', 'opportunity_created', { createdAt: AT }),
    subscription('filtered', 'opportunity_created', { filters: { minValue: 6 } }),
  ]);
  expect(jobs.map(({ queueId }) => queueId)).toEqual(['yes', 'same moment']);
});

test('without a time of its own it happened when it came', () => {
  const { jobs } = made(created, [subscription('s', 'opportunity_created')]);
  expect(jobs[0]?.body).toMatchObject({ change: { at: AT.toISOString() } });
  expect(jobs[0]).toMatchObject({ receivedAt: +AT, tries: 0 });
});

test('the opportunity is remembered, so one change is one delivery', () => {
  const opportunities: KnownOpportunities = new Map();
  const waiting = [subscription('s', 'opportunity_created')];
  expect(made(created, waiting, opportunities).jobs).toHaveLength(1);
  expect(made(created, waiting, opportunities).jobs).toHaveLength(0);
  expect([...opportunities.values()]).toMatchObject([
    { locationId: 'l1', opportunityId: 'o1', state: { createdAt: +AT } },
  ]);
  // The same id in another account is another opportunity.
  expect(made({ ...created, locationId: 'l2' }, waiting, opportunities).changes[0]).toMatchObject({
    field: 'created',
  });
});

test('a note is delivered with its contact and without an opportunity', () => {
  const { jobs } = made(note, [subscription('s', 'note_created')]);
  expect(jobs).toMatchObject([
    {
      body: {
        note_id: 'n1',
        opportunity_id: null,
        change: { field: 'note' },
        snapshot: { contact_id: 'c1' },
      },
    },
  ]);
});

test('an edited note and a completed task are delivered each to who waits for that', () => {
  const edited = { ...note, claim: 'updated' } as const;
  expect(made(edited, [subscription('s', 'note_created')]).jobs).toEqual([]);
  expect(made(edited, [subscription('s', 'note_updated')]).jobs).toMatchObject([
    { body: { event: 'note_updated', note_id: 'n1', task_id: null, change: { field: 'note_updated' } } },
  ]);
  const { claim: _, noteId: __, ...rest } = note;
  const task: HighLevelEvent = { ...rest, kind: 'task', type: 'TaskComplete', taskId: 't1' };
  const waiting = [subscription('s', 'task_completed'), subscription('n', 'note_updated')];
  expect(made(task, waiting).jobs).toMatchObject([
    {
      body: {
        event: 'task_completed',
        change: { field: 'task_completed' },
        opportunity_id: null,
        note_id: null,
        task_id: 't1',
        snapshot: { contact_id: 'c1', name: null },
      },
    },
  ]);
  const untold = { ...task, contactId: null, untold: { title: 'Call back', ownerId: 'u1' } };
  expect(made(untold, waiting).jobs).toMatchObject([
    { body: { snapshot: { contact_id: null, name: 'Call back', owner_id: 'u1' } } },
  ]);
});

test('nothing comes of anything else', () => {
  const gone: HighLevelEvent = {
    kind: 'uninstall',
    type: 'UNINSTALL',
    webhookId: null,
    at: null,
    locationId: 'l1',
    companyId: null,
  };
  expect(made(gone, [subscription('s', 'note_created')])).toEqual({ changes: [], jobs: [] });
});
