/**
 * One fresh process of an app: what Zapier pays for a start and for each call. Prints one line of JSON.
 *
 *   node tools/bench/measure-app.ts MODULE
 */
import { pathToFileURL } from 'node:url';

type Handler = (event: object) => Promise<{ results: unknown }>;

const CALLS = 60;
const WARM_UP = 20;

const [module = ''] = process.argv.slice(2);
/** The processor's time, in ms: what else the machine does falls on the clock, and not on this. */
const clock = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
const began = clock();
const { createAppHandler } = await import('zapier-platform-core');
const core = clock() - began;

const loading = clock();
const { default: app } = (await import(pathToFileURL(module).href)) as { default: Record<string, object> };
const handler: Handler = createAppHandler(app);
const load = clock() - loading;

/** Reads the label of the first operation: the least that a call can do, the same in every app. */
const shelf = ['triggers', 'creates', 'searches'].find((name) => Object.keys(app[name] ?? {}).length > 0);
const [key = ''] = Object.keys(app[shelf ?? ''] ?? {});
const call = {
  command: 'execute',
  method: `${shelf}.${key}.operation.inputFields`,
  bundle: { authData: {}, inputData: {}, meta: {} },
  environment: {},
  zcacheTestObj: {},
  calledFromCli: true,
};

async function timed(): Promise<number> {
  const start = clock();
  await handler(structuredClone(call));
  return clock() - start;
}

const first = load + (await timed());
const calls: number[] = [];
for (let turn = 0; turn < WARM_UP + CALLS; turn++) {
  const ms = await timed();
  if (turn >= WARM_UP) calls.push(ms);
}
const warm = calls.sort((a, b) => a - b)[CALLS / 2];
const memory = process.memoryUsage().rss / 2 ** 20;
const { results } = await handler({ command: 'definition', calledFromCli: true });
/** As core copies them: what stands at two places counts twice. */
function countObjects(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce((sum: number, part) => sum + countObjects(part), 1);
}

const operations = ['triggers', 'creates', 'searches'].flatMap((name) => Object.keys(app[name] ?? {})).length;
const definition = JSON.stringify(results).length / 1024;
process.stdout.write(
  `${JSON.stringify({ operations, core, first, warm, objects: countObjects(app), definition, memory })}\n`,
);
