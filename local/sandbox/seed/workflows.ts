import type { State, Workflow } from '../state/records.ts';
import type { SeedRandom } from './random.ts';

const WORKFLOWS: [string, Workflow['status']][] = [
  ['New Lead Follow-Up', 'published'],
  ['Proposal Reminder', 'published'],
  ['Win-Back Campaign', 'draft'],
];

/**
 * Adds two published workflows and a draft to a location.
 *
 * @param added ISO time of their creation
 */
export function seedWorkflows(
  state: State,
  random: SeedRandom,
  locationId: string,
  added: string,
): Workflow[] {
  return WORKFLOWS.map(([name, status]) => {
    const workflow: Workflow = {
      id: random.uuid(),
      name,
      status,
      version: 1,
      createdAt: added,
      updatedAt: added,
      locationId,
    };
    state.workflows.set(workflow.id, workflow);
    return workflow;
  });
}
