/**
 * What the app costs Zapier beside a minimal one: core, the first command of a process, a warm call, the definition's
 * size, memory, and what the bundle adds to the zip. Core copies and freezes every object of the definition twice a call, so that each field
 * and sample is paid for in every step of every Zap.
 *
 *   npm run bench -- app [--json FILE] [--beside MODULE]... [--rounds N]
 *
 * Fresh processes, turn by turn, and the median of each figure; times are the processor's. `--beside` names the built module of another integration. No request is made.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { buildSync } from 'esbuild';
import zapier from 'zapier-platform-core';
import { ROOT } from '../release/stage.ts';

interface Figures {
  operations: number;
  /** ms of processor time to load core. */
  core: number;
  /** ms of processor time to load the app and answer the first command. */
  first: number;
  /** ms of processor time of a warm call. */
  warm: number;
  /** KB of JSON. */
  definition: number;
  /** MB resident after the warm calls. */
  memory: number;
  /** KB of the bundle, compressed: what it adds to the zip, which is core and its packages otherwise. */
  zip: number;
}

/** At most so many times the minimal app's. */
const GOALS = { first: 10, warm: 14 } as const;

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    beside: { type: 'string', multiple: true, default: [] },
    rounds: { type: 'string', default: '5' },
  },
});

const minimal = join(ROOT, 'dist/minimal-app.js');
buildSync({
  entryPoints: [join(import.meta.dirname, 'minimal-app.ts')],
  outfile: minimal,
  bundle: true,
  platform: 'node',
  format: 'esm',
  external: ['zapier-platform-core'],
});
const modules = [
  { name: 'minimal', module: minimal },
  { name: 'this app', module: join(ROOT, 'dist/index.js') },
  ...values.beside.map((module) => ({ name: basename(join(module, '..')), module })),
];
const rounds = Number(values.rounds);
const samples = new Map<string, Figures[]>(modules.map(({ name }) => [name, []]));
for (let round = 1; round <= rounds; round++) {
  process.stderr.write(`round ${round} of ${rounds}\r`);
  for (const { name, module } of modules) {
    const args = [join(import.meta.dirname, 'measure-app.ts'), module];
    const text = execFileSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
    samples.get(name)?.push(JSON.parse(text.trim().split('\n').at(-1) ?? '') as Figures);
  }
}

const measured = modules.map(({ name, module }): Figures & { name: string } => {
  const of = (key: Exclude<keyof Figures, 'zip'>) => median((samples.get(name) ?? []).map((one) => one[key]));
  return {
    name,
    operations: of('operations'),
    core: of('core'),
    first: of('first'),
    warm: of('warm'),
    definition: of('definition'),
    memory: of('memory'),
    zip: gzipSync(readFileSync(module)).length / 1024,
  };
});
rmSync(minimal);
const [least, own] = measured;
const times = {
  first: (own?.first ?? 0) / (least?.first ?? 1),
  warm: (own?.warm ?? 0) / (least?.warm ?? 1),
};
const misses = (['first', 'warm'] as const).filter((key) => times[key] > GOALS[key]);

console.log(`Node ${process.version}, core ${zapier.version}, median of ${rounds} processes each`);
console.table(measured.map(({ name, ...figures }) => ({ app: name, ...rounded(figures) })));
const verdict = misses.length > 0 ? `: missed in ${misses.join(' and ')}.` : ', so both are met.';
console.log(
  `This app over the minimal one: first ${times.first.toFixed(1)} times (at most ${GOALS.first}), warm ${times.warm.toFixed(1)} times (at most ${GOALS.warm})${verdict}`,
);
if (values.json) {
  const report = {
    node: process.version,
    core: zapier.version,
    rounds,
    goals: GOALS,
    times,
    misses,
    measured,
  };
  writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
}
process.exitCode = misses.length > 0 ? 1 : 0;

function median(numbers: number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

function rounded(figures: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(figures).map(([key, value]) => [key, Number(value.toFixed(2))]));
}
