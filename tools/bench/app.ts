/**
 * What the app costs Zapier beside a minimal one: core, the first command of a process, a warm call, the definition's
 * size, memory, and what the bundle adds to the zip. Core copies and freezes every object of the definition twice a
 * call, so that each field and sample is paid for in every step of every Zap.
 *
 * Fresh processes, turn by turn, and the median of each figure; times are the processor's. No request is made.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildSync } from 'esbuild';
import zapier from 'zapier-platform-core';
import { readFlags, refuse, wholeNumber } from '../../local/command.ts';
import { LATER } from '../release/builds.ts';
import { ROOT } from '../release/layout.ts';

interface Figures {
  operations: number;
  /** ms of processor time to load core. */
  core: number;
  /** ms of processor time to load the app and answer the first command. */
  first: number;
  /** The same without the helper threads of V8, which collect garbage beside the app. */
  firstAlone: number;
  /** ms of processor time of a warm call. */
  warm: number;
  /** Objects and lists of the definition. */
  objects: number;
  /** KB of JSON. */
  definition: number;
  /** MB resident after the warm calls. */
  memory: number;
  /** KB of the bundle, which the first command reads. */
  bundle: number;
  /** KB of the bundle and what it loads later, compressed: what it adds to the zip, which is core and its packages otherwise. */
  zip: number;
}

/** At most so many times the minimal app's. */
const GOALS = { first: 10, warm: 14 } as const;

const { values } = readFlags(
  `npm run bench -- app [flags]
  Processor time of the first command and of a warm call, and the size of the definition, beside a minimal app.
  Ends with 1 where the first command takes more than ${GOALS.first} times the minimal app's, or a warm call more than ${GOALS.warm} times.
  --rounds N       fresh processes of each app, of which the median counts (default 5)
  --beside MODULE  the built module of another integration, to measure as well; may be given more than once
  --json FILE      writes the figures there: times in ms, sizes in KB, memory in MB`,
  {
    json: { type: 'string' },
    beside: { type: 'string', multiple: true, default: [] },
    rounds: { type: 'string', default: '5' },
  },
);
const rounds = wholeNumber('--rounds', values.rounds, 1000, 1);
const lacking = values.beside.find((module) => !existsSync(module));
if (lacking !== undefined)
  refuse(`--beside ${lacking}: there is no such file. Name the built module of an integration.`);

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
const samples = new Map<string, Figures[]>(modules.map(({ name }) => [name, []]));
for (let round = 1; round <= rounds; round++) {
  process.stderr.write(`round ${round} of ${rounds}\r`);
  for (const { name, module } of modules) {
    const { first: firstAlone } = measure(module, '--single-threaded');
    samples.get(name)?.push({ ...measure(module), firstAlone });
  }
}

function measure(module: string, ...flags: string[]): Figures {
  const args = [...flags, join(import.meta.dirname, 'measure-app.ts'), module];
  const text = execFileSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
  return JSON.parse(text.trim().split('\n').at(-1) ?? '') as Figures;
}

const measured = modules.map(({ name, module }): Figures & { name: string } => {
  const of = (key: Exclude<keyof Figures, 'bundle' | 'zip'>) =>
    median((samples.get(name) ?? []).map((one) => one[key]));
  return {
    name,
    operations: of('operations'),
    core: of('core'),
    first: of('first'),
    firstAlone: of('firstAlone'),
    warm: of('warm'),
    objects: of('objects'),
    definition: of('definition'),
    memory: of('memory'),
    bundle: readFileSync(module).length / 1024,
    zip: filesOf(module).reduce((sum, file) => sum + gzipSync(readFileSync(file)).length / 1024, 0),
  };
});
rmSync(minimal);
const [least, own] = measured;
const times = {
  first: (own?.first ?? 0) / (least?.first ?? 1),
  firstAlone: (own?.firstAlone ?? 0) / (least?.firstAlone ?? 1),
  warm: (own?.warm ?? 0) / (least?.warm ?? 1),
};
const misses = (['first', 'warm'] as const).filter((key) => times[key] > GOALS[key]);

console.log(`Node ${process.version}, core ${zapier.version}, median of ${rounds} processes each`);
console.table(measured.map(({ name, ...figures }) => ({ app: name, ...rounded(figures) })));
const verdict = misses.length > 0 ? `: missed in ${misses.join(' and ')}.` : ', so both are met.';
console.log(
  `This app over the minimal one: first ${times.first.toFixed(1)} times (at most ${GOALS.first}; ${times.firstAlone.toFixed(1)} without V8's helper threads), warm ${times.warm.toFixed(1)} times (at most ${GOALS.warm})${verdict}`,
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

/** A bundle, and what it loads later. */
function filesOf(module: string): string[] {
  const later = join(dirname(module), LATER);
  const isOwn = module.startsWith(join(ROOT, 'dist')) && module !== minimal;
  return [module, ...(isOwn ? readdirSync(later).map((name) => join(later, name)) : [])];
}

function median(numbers: number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

function rounded(figures: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(figures).map(([key, value]) => [key, Number(value.toFixed(2))]));
}
