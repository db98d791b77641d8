import type { Opportunity, State } from '../state/records.ts';
import type { SeedRandom } from './random.ts';

const DAY = 86_400_000;

/**
 * Adds a note and a task to the contacts of the first few opportunities, some tasks done and some due.
 *
 * @param userId who wrote them
 * @param now the sandbox's clock in ms since the epoch
 */
export function seedNotesAndTasks(
  state: State,
  random: SeedRandom,
  opportunities: Opportunity[],
  userId: string,
  now: number,
): void {
  for (const [index, opportunity] of opportunities.slice(0, 4).entries()) {
    const note = {
      id: random.id(),
      locationId: opportunity.locationId,
      body: index % 2 === 0 ? 'Called; will decide after the holidays.' : 'Asked for a second proposal.',
      title: null,
      color: null,
      pinned: false,
      userId,
      relations: [{ objectKey: 'contact', recordId: opportunity.contactId }],
      dateAdded: opportunity.createdAt,
    };
    state.notes.set(note.id, note);
    const task = {
      id: random.id(),
      locationId: opportunity.locationId,
      contactId: opportunity.contactId,
      title: index % 2 === 0 ? 'Send the proposal' : 'Call back',
      body: null,
      assignedTo: opportunity.assignedTo,
      dueDate: new Date(now + (index - 1) * DAY).toISOString(),
      completed: index === 3,
      dateAdded: opportunity.createdAt,
    };
    state.tasks.set(task.id, task);
  }
}
