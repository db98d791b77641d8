import { statSync } from 'node:fs';
import zapier, { createAppHandler } from 'zapier-platform-core';

/**
 * The size of the definition, and what it costs each call: core copies, checks and freezes the whole of it twice
 * before it runs anything. Measured beside an app of one trigger, in the same process, turn by turn, so that what the
 * machine does besides falls on both alike. No request is made.
 *
 *   npm run bundle && npm exec -c 'node tools/bench/definition.ts'
 */

type Handler = (event: object) => Promise<{ results: unknown }>;

const TURNS = 300;
const WARM_UP = 30;

const ROOT = new URL('../../', import.meta.url);
const BUNDLE = new URL('dist/index.js', ROOT);

const started = performance.now();
const { default: app } = (await import(BUNDLE.href)) as { default: object };
const loading = performance.now() - started;

/** The least that can be called an app. */
const baseline = {
  version: '1.0.0',
  platformVersion: zapier.version,
  triggers: {
    new_opportunity: {
      key: 'new_opportunity',
      noun: 'Opportunity',
      display: { label: 'New Opportunity', description: 'Triggers when a new opportunity is created.' },
      operation: {
        type: 'polling',
        perform: async () => [],
        inputFields: [{ key: 'name', label: 'Name' }],
        sample: { id: '1' },
      },
    },
  },
};

/** Answers with the fields of a trigger: the least that a call can do, the same in both apps. */
const CALL = {
  command: 'execute',
  method: 'triggers.new_opportunity.operation.inputFields',
  bundle: { authData: {}, inputData: {}, meta: {} },
  environment: {},
  zcacheTestObj: {},
  calledFromCli: true,
};

interface Measured {
  name: string;
  handler: Handler;
  kilobytes: number;
  first: number;
  calls: number[];
}

async function timed(handler: Handler): Promise<number> {
  const start = performance.now();
  await handler(structuredClone(CALL));
  return performance.now() - start;
}

async function prepare(name: string, definition: object): Promise<Measured> {
  const handler = createAppHandler(definition);
  const first = await timed(handler);
  const { results } = await handler({ command: 'definition', calledFromCli: true });
  return { name, handler, kilobytes: JSON.stringify(results).length / 1024, first, calls: [] };
}

function quantile(values: number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(share * (values.length - 1))] ?? Number.NaN;
}

const measured = [await prepare('one trigger (baseline)', baseline), await prepare('this app', app)];
for (let turn = 0; turn < WARM_UP + TURNS; turn += 1) {
  for (const { handler, calls } of measured) {
    const ms = await timed(handler);
    if (turn >= WARM_UP) calls.push(ms);
  }
}

const rows = measured.map(({ name, kilobytes, first, calls }) => ({
  app: name,
  'definition KB': kilobytes.toFixed(1),
  'first call ms': first.toFixed(1),
  'warm call ms, median': quantile(calls, 0.5).toFixed(2),
  p95: quantile(calls, 0.95).toFixed(2),
}));
console.log(`Node ${process.version}, core ${zapier.version}, median of ${TURNS} calls each`);
console.table(rows);
console.log(
  `dist/index.js: ${(statSync(BUNDLE).size / 1024).toFixed(0)} KB, loaded in ${loading.toFixed(0)} ms after core`,
);
