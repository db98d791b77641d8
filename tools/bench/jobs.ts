/**
 * What the work of people's Zaps costs: requests to HighLevel, time and memory of each job, against a sandbox in a
 * process of its own. The requests of a release are kept in jobs/release.json; more than there, or than a job's own
 * limit, is a failure.
 *
 * Each job has a fresh process, so that the memory of one is not another's.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readFlags, refuse } from '../../local/command.ts';
import { JOBS } from './jobs/list.ts';
import type { Measured } from './jobs/measure.ts';

const RELEASE = join(import.meta.dirname, 'jobs/release.json');

/** With room, Node collects late and grows by garbage alone; with this much, by what a job keeps. */
const HEAP = '--max-old-space-size=96';

const { values } = readFlags(
  `npm run bench -- jobs [flags]
  Requests, time (ms) and memory (MB) of each job of people's Zaps, against a sandbox in a process of its own.
  Ends with 1 where one costs more than its limit, or more requests than in the release.
  --only WORDS  only the jobs with this in their names
  --record      writes the requests to jobs/release.json
  --json FILE   writes the figures there
The jobs:
${JOBS.map(({ name }) => `  ${name}`).join('\n')}`,
  {
    json: { type: 'string' },
    only: { type: 'string', default: '' },
    record: { type: 'boolean', default: false },
  },
);

const release = JSON.parse(readFileSync(RELEASE, 'utf8')) as Record<string, number>;
const jobs = JOBS.filter(({ name }) => name.includes(values.only));
if (jobs.length === 0) refuse(`--only ${values.only}: no job has that in its name.`);
const results = jobs.map((job, index) => {
  process.stderr.write(`job ${index + 1} of ${jobs.length}: ${job.name}\n`);
  const args = [HEAP, join(import.meta.dirname, 'jobs/measure.ts'), job.name];
  const { status, stdout } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) {
    console.error(`The job "${job.name}" did not end as it should: see above.`);
    process.exit(1);
  }
  const measured = JSON.parse(stdout) as Measured;
  const released = release[job.name] ?? null;
  const misses = [
    measured.requests > job.requests && `more than ${job.requests} requests`,
    released !== null && measured.requests > released && `more than the release's ${released} requests`,
    job.ms !== undefined && measured.ms > job.ms && `more than ${job.ms} ms`,
    job.memory !== undefined && measured.memory > job.memory && `more than ${job.memory} MB`,
  ].filter((miss) => miss !== false);
  return { job: job.name, opportunities: job.opportunities, ...measured, misses };
});

console.table(results.map(({ misses, ...shown }) => ({ ...shown, missed: misses.join(', ') })));
const missed = results.filter(({ misses }) => misses.length > 0);
console.log(
  missed.length === 0
    ? `${results.length} jobs, each within its limits.`
    : `${missed.length} of ${results.length} jobs cost more than they may: ${missed.map(({ job, misses }) => `${job} (${misses.join(', ')})`).join('; ')}.`,
);
if (values.json)
  writeFileSync(values.json, `${JSON.stringify({ node: process.version, results }, null, 2)}\n`);
if (values.record) {
  const kept = Object.fromEntries(results.map(({ job, requests }) => [job, requests]));
  writeFileSync(RELEASE, `${JSON.stringify(kept, null, 2)}\n`);
}
process.exitCode = missed.length > 0 ? 1 : 0;
