import { type Definition, operationsOf, type Shelf } from './definition.ts';

/**
 * docs/live-zaps.md: a live Zap for each operation, which only a person with both accounts can run. What to fill in
 * comes from the definition; what to do, and what is right afterwards, is told here.
 */

type Check = readonly [todo: string, right: string];

const DRAG = 'Drag a card to another stage';
const ON_THE_BOARD = 'the board shows it';

const CHECKS: Record<string, Check> = {
  new_opportunity: ['Add an opportunity', 'the Zap runs once for it, with its own custom fields'],
  stage_changed: [DRAG, 'the Zap runs once, with the new stage and its moment'],
  status_changed: ['Mark an opportunity as won', 'the Zap runs once, with the status won'],
  stale_opportunity: ['Choose 1 day, and leave an opportunity alone for two', 'the Zap runs once for it'],
  opportunity_changed: ['Change the expected close date', 'the Zap runs; a changed name does not start it'],
  new_opportunity_instant: ['Add an opportunity', 'the Zap runs within seconds'],
  stage_changed_instant: [DRAG, 'the Zap runs within seconds, and says from where to where'],
  status_changed_instant: ['Mark an opportunity as lost, with a reason', 'the Zap names the reason'],
  value_changed_instant: ['Raise a value', 'the Zap has the value before and after'],
  owner_changed_instant: ['Give an opportunity to somebody else', 'the Zap names both people'],
  opportunity_changed_instant: ['Change a watched field', 'the Zap says which field changed'],
  opportunity_deleted_instant: ['Delete an opportunity', 'the Zap has its name and its contact'],
  new_note_instant: ['Write a note on a contact', 'the Zap has its text'],
  note_updated_instant: ['Edit that note', 'the Zap has the new text'],
  task_completed_instant: ['Tick a task off', 'the Zap has its title and its contact'],
  create_contact_and_opportunity: ['Test the step twice', 'one contact and one opportunity, not two'],
  create_opportunity: ['Test the step', ON_THE_BOARD],
  update_opportunity: ['Test the step with a new value', 'the card has the value, and nothing else changed'],
  update_opportunity_status: ['Choose Lost and a reason', 'the card has left the board, with that reason'],
  delete_opportunity: ['Test it on an opportunity made for this', 'it is gone'],
  add_followers: ['Test the step', 'the opportunity shows the follower'],
  remove_followers: ['Test the step', 'the follower is gone'],
  create_note: ['Test it on an opportunity', 'the note stands at the opportunity, or the output says where'],
  create_task: ['Test the step with a due date and a time', 'the task has that time in your own time zone'],
  create_or_update_contact: [
    'Test it with an email that exists',
    'that contact changed, and no second one is there',
  ],
  upload_file: ['Map a file of an earlier step', 'the field has the file, and the output its link'],
  api_request: ['GET `/opportunities/pipelines`', 'the output has your pipelines'],
  update_contact: ['Change the city', 'the contact has it'],
  add_contact_tags: ['Add a tag', 'the contact has it beside those of before'],
  remove_contact_tags: ['Remove that tag', 'the others are still there'],
  add_opportunity_contact: ['Add a second contact', 'the opportunity shows both'],
  remove_opportunity_contact: ['Remove it', 'the first is still there'],
  update_note: ['Change the text', 'the note has it'],
  update_task: ['Set it to done', 'the task is ticked off'],
  add_to_workflow: ['Test it with a workflow made for this', 'the contact is in it'],
  remove_from_workflow: ['Test it on the same contact', 'the contact is out of it'],
  find_opportunity: ['Search by a name, then by a custom field', 'both find it'],
  list_opportunities: ['List those of one owner', 'the count is that of the board'],
  summarize_opportunities: ['Choose the last 30 days', 'the numbers are those of the dashboard'],
  find_contact: ['Search by an email', 'it is found; by an unknown one nothing is, and the step is no error'],
  find_user: ['Search by a name', 'the user is found'],
  find_task: ['Search for open tasks', 'only open ones are found'],
  find_pipeline_stage: ['Search by the names of pipeline and stage', 'both IDs are found'],
  get_api_usage: ['Test the step', 'the numbers go down from one test to the next'],
  list_notes: ['Test it on a contact with notes', 'all of them are listed'],
};

const TITLES: Record<Shelf, string> = { triggers: 'Triggers', creates: 'Actions', searches: 'Searches' };

/** The keys that have a check. */
export const CHECKED = Object.keys(CHECKS);

/** The page, from what the definition shows. Instant triggers count although they are hidden without a relay. */
export function liveZapsPage(definition: Definition): string {
  const shelves = (Object.keys(TITLES) as Shelf[]).map((shelf) => {
    const rows = operationsOf(definition, shelf)
      .filter(({ mapKey, display }) => !display.hidden || mapKey.endsWith('_instant'))
      .map(({ mapKey, display, operation }) => {
        const fields = (operation.inputFields ?? []) as { label?: string; required?: boolean }[];
        const required = fields.filter((field) => field.required).map(({ label }) => label);
        const [todo, right] = CHECKS[mapKey] ?? ['', ''];
        return `| ${display.label} | ${required.join(', ') || '–'} | ${todo} | ${right} |`;
      });
    return `## ${TITLES[shelf]}\n\n| Operation | Fill in at least | Do | It is right when |\n|---|---|---|---|\n${rows.join('\n')}\n`;
  });
  return `# One live Zap for each operation\n\nOnly an account with HighLevel and one with Zapier can show these. Build a Zap for each row, turn it on or test the step, and look in HighLevel. Use a sub-account that nothing else depends on. Write down what was otherwise, with the traceId that the error names, in an issue.\n\n${shelves.join('\n')}`;
}
