import type { Filters } from '../../wire/subscriptions.ts';
import type { Change, OpportunityChange } from './changes.ts';

/**
 * Whether a change is one that a subscription wants. Its event kind is matched before; these are the filters:
 * pipeline, stage, status, owner and least value are those right after the change. What is not known matches no
 * filter: the first sight of an opportunity has no stage it came from, and its value no direction and crosses nothing.
 */
export function matches(change: Change, filters: Filters): boolean {
  // Every filter is about an opportunity, and notes and tasks name none.
  if (!('snapshot' in change)) return Object.keys(filters).length === 0;
  const { snapshot } = change;
  const is = (wanted: string | undefined, found: string | null) => wanted === undefined || wanted === found;
  return (
    is(filters.pipelineId, snapshot.pipelineId) &&
    is(filters.stageTo, snapshot.stageId) &&
    is(filters.status, snapshot.status) &&
    is(filters.ownerId, snapshot.ownerId) &&
    (filters.stageFrom === undefined || (change.field === 'stage' && change.from === filters.stageFrom)) &&
    (filters.valueDirection === undefined || direction(change) === filters.valueDirection) &&
    (filters.minValue === undefined || (snapshot.value !== null && snapshot.value >= filters.minValue)) &&
    (!filters.crossing || wasBelow(change, filters.minValue))
  );
}

function direction({ field, from, to }: OpportunityChange): 'up' | 'down' | null {
  if (field !== 'value' || typeof from !== 'number' || typeof to !== 'number') return null;
  return to > from ? 'up' : 'down';
}

function wasBelow({ field, from }: OpportunityChange, least = Number.NEGATIVE_INFINITY): boolean {
  return field === 'value' && typeof from === 'number' && from < least;
}
