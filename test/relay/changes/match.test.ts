import { describe, expect, test } from '@jest/globals';
import type { Change, OpportunityChange } from '../../../relay/changes/changes.ts';
import { matches } from '../../../relay/changes/match.ts';

const moved: OpportunityChange = {
  event: 'stage_changed',
  field: 'stage',
  from: 'A',
  fromKnown: true,
  recovered: false,
  to: 'B',
  at: 0,
  snapshot: { contactId: 'c1', pipelineId: 'p1', stageId: 'B', status: 'open', value: 500, ownerId: 'u1' },
};
const risen: OpportunityChange = { ...moved, event: 'value_changed', field: 'value', from: 400, to: 500 };
const unknown = { from: null, fromKnown: false };

test('no filter lets everything through', () => {
  expect(matches(moved, {})).toBe(true);
});

test('a note has nothing that a filter could ask for', () => {
  const note: Change = { event: 'note_created', field: 'note', at: 0, contactId: 'c1' };
  expect(matches(note, {})).toBe(true);
  expect(matches(note, { status: 'open' })).toBe(false);
});

test('all filters together have to hold', () => {
  const all = {
    pipelineId: 'p1',
    stageFrom: 'A',
    stageTo: 'B',
    status: 'open' as const,
    ownerId: 'u1',
    minValue: 500,
  };
  expect(matches(moved, all)).toBe(true);
  for (const [key, other] of Object.entries({ ...all, minValue: undefined })) {
    if (other === undefined) continue;
    expect([key, matches(moved, { ...all, [key]: 'other' })]).toEqual([key, false]);
  }
  expect(matches(moved, { ...all, minValue: 500.01 })).toBe(false);
});

describe('an unknown from', () => {
  test('matches no stage that an opportunity came from', () => {
    expect(matches({ ...moved, ...unknown }, { stageFrom: 'A' })).toBe(false);
    expect(matches({ ...moved, ...unknown }, { stageTo: 'B' })).toBe(true);
  });

  test('has no direction', () => {
    for (const valueDirection of ['up', 'down'] as const) {
      expect(matches({ ...risen, ...unknown }, { valueDirection })).toBe(false);
    }
  });
});

test('a direction is that of the value', () => {
  expect(matches(risen, { valueDirection: 'up' })).toBe(true);
  expect(matches(risen, { valueDirection: 'down' })).toBe(false);
  expect(matches({ ...risen, from: 900 }, { valueDirection: 'down' })).toBe(true);
  expect(matches({ ...risen, from: 0, to: 500 }, { valueDirection: 'up' })).toBe(true);
  expect(matches(moved, { valueDirection: 'up' })).toBe(false);
  expect(matches({ ...risen, field: 'status' }, { valueDirection: 'up' })).toBe(false);
  expect(matches({ ...risen, to: null }, { valueDirection: 'down' })).toBe(false);
});

test('a least value can be asked to be crossed, and not only to be had', () => {
  const crossed = { minValue: 450, crossing: true as const };
  expect(matches(risen, crossed)).toBe(true);
  expect(matches({ ...risen, from: 450 }, crossed)).toBe(false);
  expect(matches({ ...risen, from: 470 }, crossed)).toBe(false);
  expect(matches({ ...risen, from: 0 }, crossed)).toBe(true);
  expect(matches(risen, { ...crossed, minValue: 501 })).toBe(false);
  expect(matches({ ...risen, ...unknown }, crossed)).toBe(false);
  expect(matches(moved, crossed)).toBe(false);
});

test('a stage that an opportunity came from is nothing to other changes', () => {
  expect(matches({ ...risen, from: 'A' }, { stageFrom: 'A' })).toBe(false);
});

test('what an opportunity is not known to be or have matches nothing', () => {
  const bare = {
    ...moved,
    snapshot: { contactId: null, pipelineId: null, stageId: null, status: null, value: null, ownerId: null },
  };
  for (const filters of [
    { pipelineId: 'p1' },
    { status: 'open' as const },
    { ownerId: 'u1' },
    { minValue: 0 },
  ]) {
    expect(matches(bare, filters)).toBe(false);
  }
});
