import { pick } from '../../../tools/relay/random.ts';
import type { OpportunityClaim, OpportunityEvent, OpportunityField } from '../../../wire/webhooks.ts';

/** An opportunity at a moment of a made-up life. */
interface Opportunity {
  stage: string;
  status: string;
  value: number;
  owner: string | null;
}

/** One thing a person did, and the opportunity after it. */
export interface Edit {
  claim: 'created' | 'deleted' | 'updated';
  at: number;
  opportunity: Opportunity;
  changed: OpportunityField[];
  before: Opportunity;
}

/** A change, in short; `?` for an unknown from. */
export interface BriefChange {
  field: string;
  from: string | number | null;
  to: string | number | null;
  at: number;
}

const FIELDS: readonly OpportunityField[] = ['stage', 'status', 'value', 'owner'];
/** Few values, so that an opportunity often comes back to one. */
const VALUES = {
  stage: ['A', 'B', 'C'],
  status: ['open', 'won', 'lost'],
  value: [0, 100, 250],
  owner: [null, 'u1', 'u2'],
} as const;
/** On both sides of a minute, and never so long that the last edit is hours from the first. */
const GAPS = [10, 700, 20_000, 59_000, 61_000, 200_000] as const;

/** A life of up to ten edits: made, changed in one field or several or none that matters, and sometimes deleted. */
export function randomHistory(random: () => number): Edit[] {
  let at = Date.parse('2026-11-21T12:00:00.000Z');
  let opportunity: Opportunity = { stage: 'A', status: 'open', value: 0, owner: null };
  const edits: Edit[] = [{ claim: 'created', at, opportunity, changed: [], before: opportunity }];
  const many = 1 + Math.floor(random() * 9);
  for (let count = 0; count < many; count++) {
    at += pick(GAPS, random);
    const before = opportunity;
    const wanted = FIELDS.filter(() => random() < 0.35);
    opportunity = { ...opportunity };
    for (const field of wanted) Object.assign(opportunity, { [field]: pick<unknown>(VALUES[field], random) });
    const after = opportunity;
    const changed = FIELDS.filter((field) => before[field] !== after[field]);
    edits.push({ claim: 'updated', at, opportunity, changed, before });
  }
  if (random() < 0.3)
    edits.push({ claim: 'deleted', at: at + 15, opportunity, changed: [], before: opportunity });
  return edits;
}

/** What HighLevel sends of each edit, redundant as it does [issue #27], a millisecond apart. */
export function eventsOf(history: readonly Edit[]): OpportunityEvent[][] {
  return history.map(({ claim, at, opportunity, changed }) => {
    const claims: OpportunityClaim[] = claim === 'updated' ? ['updated', ...changed] : [claim, 'updated'];
    return claims.map((one, index) => ({
      kind: 'opportunity',
      type: one,
      webhookId: null,
      at: at + index,
      claim: one,
      locationId: 'l1',
      opportunityId: 'o1',
      snapshot: {
        contactId: 'c1',
        stage: { pipelineId: 'p1', stageId: opportunity.stage },
        status: opportunity.status,
        value: opportunity.value,
        owner: opportunity.owner,
      },
    }));
  });
}

/** What there is to report, in order. */
export function expectedOf(history: readonly Edit[]): BriefChange[] {
  return history.flatMap(({ claim, at, opportunity, changed, before }): BriefChange[] =>
    claim === 'updated'
      ? changed.map((field) => ({ field, from: before[field], to: opportunity[field], at }))
      : [{ field: claim, from: '?', to: null, at }],
  );
}
