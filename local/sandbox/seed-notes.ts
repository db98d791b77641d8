import type { SeedRandom } from './seed-random.ts';
import type { Opportunity, State } from './state.ts';

const DAY = 86_400_000;

/**
 * Adds a note and a task to the contacts of the first few deals, some tasks done and some due.
 *
 * @param userId who wrote them
 * @param now the sandbox's clock in ms since the epoch
 */
export function seedNotesAndTasks(
  state: State,
  random: SeedRandom,
  deals: Opportunity[],
  userId: string,
  now: number,
): void {
  for (const [index, deal] of deals.slice(0, 4).entries()) {
    const note = {
      id: random.id(),
      locationId: deal.locationId,
      body: index % 2 === 0 ? 'Called; will decide after the holidays.' : 'Asked for a second proposal.',
      title: null,
      color: null,
      pinned: false,
      userId,
      relations: [{ objectKey: 'contact', recordId: deal.contactId }],
      dateAdded: deal.createdAt,
    };
    state.notes.set(note.id, note);
    const task = {
      id: random.id(),
      locationId: deal.locationId,
      contactId: deal.contactId,
      title: index % 2 === 0 ? 'Send the proposal' : 'Call back',
      body: null,
      assignedTo: deal.assignedTo,
      dueDate: new Date(now + (index - 1) * DAY).toISOString(),
      completed: index === 3,
      dateAdded: deal.createdAt,
    };
    state.tasks.set(task.id, task);
  }
}
