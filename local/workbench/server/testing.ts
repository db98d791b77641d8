import { type Failure, type Zap, ZapFailure } from '../../zap-runner/index.ts';
import type { Bench } from './bench.ts';
import { outputsBefore, underSwitches } from './editing.ts';
import { type BenchZap, type NodeTest, TRIGGER } from './zaps.ts';

/** Tests a node as its author does in the editor, and keeps what it gave. Whatever goes wrong is in the result. */
export async function testNode(bench: Bench, entry: BenchZap, node: string): Promise<NodeTest> {
  const test = node === TRIGGER ? await testTrigger(bench, entry) : await testAction(bench, entry, node);
  entry.tests[node] = test;
  bench.feed.tell('zaps');
  return test;
}

const BLANK = { input: null, output: null, samples: [], isExample: false, failure: null, requests: 0, ms: 0 };

async function testTrigger(bench: Bench, entry: BenchZap): Promise<NodeTest> {
  const at = Date.now();
  const { trigger } = entry.zap;
  if (trigger.kind === 'schedule') {
    const output = { id: new Date().toISOString() };
    return { ...BLANK, at, outcome: 'found', output, samples: [output] };
  }
  if (trigger.kind === 'other') {
    const [sample] = entry.samples;
    const output = sample?.payload ?? null;
    return { ...BLANK, at, outcome: output ? 'found' : 'not_found', output, samples: output ? [output] : [] };
  }
  const counted = countRequests(bench);
  try {
    const zap: Zap = { ...entry.zap, steps: [] };
    const { samples, isStatic } = await bench.world().runner.test(zap, demandConnection(bench));
    const output = samples[0] ?? null;
    return {
      ...BLANK,
      ...counted.stop(),
      at,
      outcome: isStatic ? 'not_found' : 'found',
      output,
      samples,
      isExample: isStatic,
    };
  } catch (error) {
    return { ...BLANK, ...counted.stop(), at, outcome: 'error', failure: failureOf(error) };
  }
}

async function testAction(bench: Bench, entry: BenchZap, node: string): Promise<NodeTest> {
  const at = Date.now();
  const { runner } = bench.world();
  try {
    const zap = underSwitches(entry.zap, bench.switches, runner.definition);
    const result = await runner.testStep(zap, node, outputsBefore(entry, node), demandConnection(bench));
    const { outcome, input, output = null, failure = null, requests, ms } = result;
    return { ...BLANK, at, outcome, input, output, samples: output ? [output] : [], failure, requests, ms };
  } catch (error) {
    return { ...BLANK, at, outcome: 'error', failure: failureOf(error) };
  }
}

/** The runner tells what a trigger's test cost by an event alone. */
function countRequests(bench: Bench): { stop(): { requests: number; ms: number } } {
  const started = performance.now();
  let requests = 0;
  const stop = bench.onEvent((event) => {
    if (event.type === 'sample') requests = event.requests;
  });
  return {
    stop() {
      stop();
      return { requests, ms: performance.now() - started };
    },
  };
}

/** @throws Error in words for a person where nothing is connected */
export function demandConnection({ connection }: Bench) {
  if (!connection) throw new Error('Connect HighLevel first: there is no account to ask.');
  return connection;
}

function failureOf(error: unknown): Failure {
  if (error instanceof ZapFailure) return error.failure;
  return { kind: 'other', message: error instanceof Error ? error.message : String(error) };
}
