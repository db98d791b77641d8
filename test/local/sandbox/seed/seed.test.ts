import { checkCustomFieldValue } from '../../../../local/sandbox/account/custom-field-values.ts';
import { type SeedResult, seed } from '../../../../local/sandbox/seed/seed.ts';
import { emptyState, type State } from '../../../../local/sandbox/state/records.ts';

const NOW = Date.parse('2026-11-21T12:00:00.000Z');

function seeded(opportunities?: number, now = NOW): { state: State; result: SeedResult } {
  const state = emptyState();
  const ctx = { state, now: () => now };
  return { state, result: seed(ctx, { opportunities }) };
}

describe('the seed', () => {
  const { state, result } = seeded();
  const opportunities = result.opportunityIds.flatMap((id) => state.opportunities.get(id) ?? []);

  test('has thirty opportunities, twenty-five contacts and two pipelines in the main location', () => {
    expect(opportunities).toHaveLength(30);
    expect(result.contactIds).toHaveLength(25);
    expect(Object.keys(result.pipelines)).toEqual(['Sales', 'Onboarding']);
    expect(Object.keys(result.lostReasons)).toHaveLength(4);
  });

  test('comes out the same, ids included, for the same clock', () => {
    expect(seeded()).toEqual({ state, result });
  });

  test('refers only to records that exist, in the same location', () => {
    for (const opportunity of state.opportunities.values()) {
      const pipeline = state.pipelines.get(opportunity.pipelineId);
      expect(pipeline?.locationId).toBe(opportunity.locationId);
      expect(pipeline?.stages.map((stage) => stage.id)).toContain(opportunity.pipelineStageId);
      expect(state.contacts.get(opportunity.contactId)?.locationId).toBe(opportunity.locationId);
      for (const userId of [opportunity.assignedTo, ...opportunity.followers]) {
        if (userId !== null) expect(state.users.get(userId)?.locationIds).toContain(opportunity.locationId);
      }
      if (opportunity.lostReasonId !== null) {
        expect(state.lostReasons.get(opportunity.lostReasonId)?.locationId).toBe(opportunity.locationId);
        expect(opportunity.status).toBe('lost');
      }
    }
    for (const note of state.notes.values()) {
      expect(state.contacts.has(note.relations[0]?.recordId ?? '')).toBe(true);
    }
    for (const task of state.tasks.values()) expect(state.contacts.has(task.contactId)).toBe(true);
  });

  test.each([
    0, 1, 30, 100, 5000,
  ])('keeps one opportunity per contact and pipeline with %i opportunities', (count) => {
    const many = seeded(count);
    const pairs = new Set(
      [...many.state.opportunities.values()].map(
        (opportunity) => `${opportunity.contactId} ${opportunity.pipelineId}`,
      ),
    );
    expect(many.result.opportunityIds).toHaveLength(count);
    expect(pairs.size).toBe(many.state.opportunities.size);
  });

  test('has no two contacts with one email or phone, and none without both', () => {
    const { state: many } = seeded(30_000);
    const inMain = [...many.contacts.values()].filter((contact) => contact.locationId === result.locationId);
    const emails = inMain.flatMap((contact) => contact.email ?? []);
    const phones = inMain.flatMap((contact) => contact.phone ?? []);
    expect(new Set(emails).size).toBe(emails.length);
    expect(new Set(phones).size).toBe(phones.length);
    expect(inMain.every((contact) => contact.email !== null || contact.phone !== null)).toBe(true);
  });

  test('has its times in order: contact, opportunity, changes, now', () => {
    for (const opportunity of state.opportunities.values()) {
      const contact = state.contacts.get(opportunity.contactId);
      expect(contact?.dateAdded).toBeDefined();
      expect((contact?.dateAdded ?? '') <= opportunity.createdAt).toBe(true);
      for (const at of [
        opportunity.lastStageChangeAt,
        opportunity.lastStatusChangeAt,
        opportunity.updatedAt,
      ]) {
        expect(at >= opportunity.createdAt).toBe(true);
        expect(Date.parse(at)).toBeLessThanOrEqual(NOW);
      }
      expect(NOW - Date.parse(opportunity.createdAt)).toBeLessThanOrEqual(120 * 86_400_000);
      // Within the millisecond by which HighLevel's own times differ on creation.
      const newestChange = Math.max(
        Date.parse(opportunity.lastStageChangeAt),
        Date.parse(opportunity.lastStatusChangeAt),
      );
      expect(Date.parse(opportunity.updatedAt)).toBeGreaterThanOrEqual(newestChange - 1);
    }
  });

  test('has opportunities of every status, every owner situation and every age', () => {
    expect(new Set(opportunities.map((opportunity) => opportunity.status))).toEqual(
      new Set(['open', 'won', 'lost', 'abandoned']),
    );
    expect(
      opportunities.filter((opportunity) => opportunity.assignedTo === result.formerUserId),
    ).toHaveLength(1);
    expect(opportunities.some((opportunity) => opportunity.assignedTo === null)).toBe(true);
    const untouchedForMonth = opportunities.filter(
      (opportunity) =>
        opportunity.status === 'open' && NOW - Date.parse(opportunity.updatedAt) > 30 * 86_400_000,
    );
    expect(untouchedForMonth.length).toBeGreaterThanOrEqual(3);
  });

  test('fills every opportunity field somewhere, always with a value that the field takes', () => {
    const filled = new Set<string>();
    for (const record of [...state.opportunities.values(), ...state.contacts.values()]) {
      for (const { id, value } of record.customFields) {
        const field = state.customFields.get(id);
        if (field === undefined) throw new Error(`no field ${id}`);
        expect(checkCustomFieldValue(field, value)).toBeNull();
        filled.add(id);
      }
    }
    expect(filled).toEqual(new Set(state.customFields.keys()));
    const types = [...state.customFields.values()]
      .filter((field) => field.model === 'opportunity')
      .map((field) => field.dataType);
    expect(new Set(types).size).toBe(12);
  });

  test('writes ids as HighLevel does', () => {
    for (const id of [...state.opportunities.keys(), ...state.contacts.keys(), result.locationId]) {
      expect(id).toMatch(/^[A-Za-z0-9]{20}$/);
    }
    for (const stageId of Object.values(result.pipelines.Sales?.stages ?? {})) {
      expect(stageId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
  });

  test('makes a hundred thousand opportunities with distinct ids without the time growing out of hand', () => {
    const started = performance.now();
    const { result: many } = seeded(100_000);
    expect(new Set(many.opportunityIds).size).toBe(100_000);
    // Two seconds on an idle machine; one that is at work must not make it red, and quadratic work would take minutes.
    expect(performance.now() - started).toBeLessThan(60_000);
  }, 120_000);
});
