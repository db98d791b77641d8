/**
 * docs/live-zaps.md: a live Zap for each operation, which only a person with both accounts can run. What to fill in
 * comes from the definition; what to do, and what is right afterwards, from the operation's own test.
 */
import { inputsOf } from '../support/all-inputs.ts';
import { type Definition, operationsOf, type Placed, type Shelf } from './definition.ts';

const TITLES: Record<Shelf, string> = { triggers: 'Triggers', creates: 'Actions', searches: 'Searches' };

/**
 * What to do and what is right afterwards.
 *
 * @throws Error that says where they belong, for an operation without them
 */
function liveOf(key: string): readonly [todo: string, right: string] {
  const live = inputsOf(key)?.live;
  if (live) return live;
  throw new Error(
    `Say how a person tries "${key}" live: live: ['what to do', 'when it is right'] beside its runs in its own test file, as test/searches/find_user.test.ts does. Then: RECORD_DEFINITION=1 npm run jest -- test/definition/live-zaps`,
  );
}

/** Instant triggers count although they are hidden without a relay. */
const isShown = ({ mapKey, display }: Placed) => !display.hidden || mapKey.endsWith('_instant');

/** The page, from what the definition shows. */
export function liveZapsPage(definition: Definition): string {
  const shelves = (Object.keys(TITLES) as Shelf[]).map((shelf) => {
    const rows = operationsOf(definition, shelf)
      .filter(isShown)
      .map(({ mapKey, display, operation }) => {
        const fields = (operation.inputFields ?? []) as { label?: string; required?: boolean }[];
        const required = fields.filter((field) => field.required).map(({ label }) => label);
        const [todo, right] = liveOf(mapKey);
        return `| ${display.label} | ${required.join(', ') || '–'} | ${todo} | ${right} |`;
      });
    return `## ${TITLES[shelf]}\n\n| Operation | Fill in at least | Do | It is right when |\n|---|---|---|---|\n${rows.join('\n')}\n`;
  });
  return `# One live Zap for each operation\n\nOnly an account with HighLevel and one with Zapier can show these. Build a Zap for each row, turn it on or test the step, and look in HighLevel. Use a sub-account that nothing else depends on. Write down what was otherwise, with the traceId that the error names, in an issue.\n\n${shelves.join('\n')}`;
}
