import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, styleText } from 'node:util';
import { type Outcome, play } from './harness/play.ts';
import { reporter, table } from './harness/report.ts';
import { stories } from './stories/index.ts';

/** Plays one story, or all of them, on the built app: `npm run zap -- NAME`, `npm run zap -- --all`. */

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

const { values: flags, positionals } = parseArgs({
  options: { all: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const chosen = flags.all ? stories : stories.filter(({ name }) => positionals.includes(name));
const strange = positionals.filter((name) => !stories.some((story) => story.name === name));

if (chosen.length === 0 || strange.length > 0) {
  for (const name of strange) console.error(`There is no "${name}".`);
  console.error('Give --all, or one or more of:');
  for (const { name, title } of stories) console.error(`  ${name.padEnd(30)} ${title}`);
  process.exit(1);
}

const outcomes: Outcome[] = [];
for (const story of chosen) {
  console.log(`\n${styleText(['bold', 'underline'], story.title)}\n  ${story.who}`);
  outcomes.push(await play(story, { appPath: join(ROOT, 'dist/index.js') }, reporter(console.log)));
}

console.log(`\n${styleText('bold', 'Requests to HighLevel')}\n${table(outcomes)}\n`);
const faults = outcomes.flatMap(({ story, checks }) =>
  checks.filter(({ fault }) => fault !== null).map(({ says }) => `${story.name}: ${says}`),
);
const promises = outcomes.flatMap(({ checks }) => checks).length;
if (faults.length === 0)
  console.log(
    `All ${promises} promises of ${outcomes.length} ${outcomes.length === 1 ? 'story' : 'stories'} hold.`,
  );
else
  console.log(
    `${faults.length} of ${promises} promises do not hold:\n${faults.map((one) => `  ${one}`).join('\n')}`,
  );
process.exit(faults.length === 0 ? 0 : 1);
