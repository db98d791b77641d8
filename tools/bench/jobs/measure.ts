/** `node measure.ts NAME`: one job in this process; prints what it cost as JSON. */
import { openAccount } from './account.ts';
import { JOBS, type Job } from './list.ts';

/** What a job cost. */
export interface Measured {
  /** To HighLevel. */
  requests: number;
  ms: number;
  /** MB that the process grew by at its highest. */
  memory: number;
}

async function measure(job: Job): Promise<Measured> {
  const account = await openAccount(job.opportunities);
  try {
    const run = await job.prepare(account);
    const before = process.memoryUsage.rss();
    const began = performance.now();
    const requests = await run();
    const ms = Math.round(performance.now() - began);
    // maxRSS is in KB.
    const grown = process.resourceUsage().maxRSS * 1024 - before;
    return { requests, ms, memory: Math.max(0, Math.round(grown / 1024 ** 2)) };
  } finally {
    await account.close();
  }
}

const [wanted] = process.argv.slice(2);
const job = JOBS.find(({ name }) => name === wanted);
if (!job) throw new Error(`There is no job "${wanted}".`);
process.stdout.write(`${JSON.stringify(await measure(job))}\n`);
