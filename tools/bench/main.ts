/** `npm run bench -- app`, `jobs` or `relay`, with its own flags; all where none is named. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { readFlags, refuse } from '../../local/command.ts';

const BENCHES = ['app', 'jobs', 'relay'];
const USAGE = `npm run bench -- [NAME] [flags]
  Measures what the project costs, beside baselines of the same run. All benches where none is named.
  app    what the app costs Zapier in each call, beside a minimal app
  jobs   requests, time and memory of what people's Zaps do
  relay  the relay from HighLevel's webhook to a Zap's hook
  Each says its own flags: npm run bench -- NAME --help`;

const [wanted, ...rest] = process.argv.slice(2);
if (wanted?.startsWith('-')) readFlags(USAGE, {});
else if (wanted && !BENCHES.includes(wanted)) refuse(`There is no bench "${wanted}".\n${USAGE}`);
for (const bench of wanted ? [wanted] : BENCHES) {
  const { status } = spawnSync(process.execPath, [join(import.meta.dirname, `${bench}.ts`), ...rest], {
    stdio: 'inherit',
  });
  process.exitCode ||= status ?? 1;
}
