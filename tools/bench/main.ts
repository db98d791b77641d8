/** `npm run bench -- app`, `jobs` or `relay`, with its own options; all where none is named. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const BENCHES = ['app', 'jobs', 'relay'];

const [wanted, ...rest] = process.argv.slice(2);
if (wanted && !BENCHES.includes(wanted)) {
  console.error(`There is no bench "${wanted}". There are: ${BENCHES.join(', ')}.`);
  process.exit(2);
}
const missed: string[] = [];
for (const bench of wanted ? [wanted] : BENCHES) {
  const { status } = spawnSync(process.execPath, [join(import.meta.dirname, `${bench}.ts`), ...rest], {
    stdio: 'inherit',
  });
  process.exitCode ||= status ?? 1;
  if (status !== 0) missed.push(bench);
}
if (!wanted)
  console.log(
    missed.length === 0 ? 'All benches are within their limits.' : `Over a limit: ${missed.join(', ')}.`,
  );
