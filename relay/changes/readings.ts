import type { OpportunityField, OpportunitySnapshot } from '../../wire/webhooks.ts';
import {
  isGone,
  lifeChange,
  look,
  NEVER_SEEN,
  type OpportunityChange,
  type OpportunityState,
} from './changes.ts';
import type { Claim } from './timeline.ts';

/** An opportunity as the app read it, in the inbox; times in ms since the epoch. */
export interface ReadingEvent {
  kind: 'reading';
  locationId: string;
  opportunityId: string;
  snapshot: OpportunitySnapshot;
  createdAt: number | null;
  updatedAt: number;
  stageChangedAt: number | null;
  statusChangedAt: number | null;
  /** Since when changes may have been lost; null where none is looked for. */
  since: number | null;
}

/**
 * What a reading makes known of an opportunity. It shows the present alone: what differs from what was last known is
 * one change, whatever happened in between, and what an event told of a later moment stands.
 */
export function applyReading(
  state: OpportunityState | null,
  read: ReadingEvent,
): { state: OpportunityState; changes: OpportunityChange[] } {
  const known = state ?? NEVER_SEEN;
  // The search may be behind: it still has what is deleted.
  if (isGone(known)) return { state: known, changes: [] };
  const { snapshot, since, createdAt } = read;
  if (since !== null && createdAt !== null && createdAt >= since && isNew(known)) {
    const { state: made } = look({ ...known, createdAt }, snapshot, (field) => ({
      at: momentOf(field, read),
      claim: 'given',
    }));
    return { state: made, changes: [lifeChange('created', made, snapshot, createdAt, true)] };
  }
  return look(known, snapshot, (field) => ({
    at: momentOf(field, read),
    claim: claimOf(field, known, read),
  }));
}

function isNew({ createdAt, stage, status, value, owner }: OpportunityState): boolean {
  return createdAt === null && stage.length + status.length + value.length + owner.length === 0;
}

/** HighLevel keeps the moments of two fields; any other was as it is from the last change of the whole on. */
function momentOf(field: OpportunityField, read: ReadingEvent): number {
  const own = field === 'stage' ? read.stageChangedAt : field === 'status' ? read.statusChangedAt : null;
  return own ?? read.updatedAt;
}

/** Of a field that nothing was known of, its own moment says that it changed. */
function claimOf(field: OpportunityField, known: OpportunityState, read: ReadingEvent): Claim {
  const { since, createdAt } = read;
  if (since === null || known[field].length > 0) return 'is';
  if (field !== 'stage' && field !== 'status') return 'is';
  const at = momentOf(field, read);
  return at >= since && at > (createdAt ?? at) ? 'became' : 'is';
}
