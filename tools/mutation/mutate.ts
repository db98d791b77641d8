/**
 * Changes the code in thousands of small ways, one at a time, and counts the changes that no test notices.
 * `npm run mutate` for all, `npm run mutate -- relay highlevel/http` for a room, or the files whose path begins so. In
 * highlevel/, what neither its code nor its tests have changed since the last run is taken over from there.
 */

import { globSync } from 'node:fs';
import type { MutantResult, PartialStrykerOptions } from '@stryker-mutator/api/core';
import { Stryker } from '@stryker-mutator/core';
import { readFlags, refuse } from '../../local/command.ts';
import { ROOMS, type Room } from './rooms.ts';

const LEAST_SCORE = 85;
const REPORTS = 'reports/mutation';
const NOTICED = new Set(['Killed', 'Timeout']);
const UNNOTICED = new Set(['Survived', 'NoCoverage']);

/** A room's name has the slashes of its folder. */
const fileName = (name: string) => name.replaceAll('/', '-');

function optionsFor({ name, tests, ignoreStatic }: Room, files: string[]): PartialStrykerOptions {
  return {
    mutate: files,
    testRunner: 'jest',
    testRunnerNodeArgs: ['--experimental-vm-modules', '--no-warnings'],
    jest: {
      configFile: 'jest.config.js',
      config: {
        runner: '<rootDir>/tools/mutation/covering-runner.js',
        testMatch: tests.map((path) => `<rootDir>/test/${path}.test.ts`),
        testTimeout: 15_000,
        moduleNameMapper: { '^zod/mini$': '<rootDir>/tools/mutation/zod-anew.js' },
      },
      // The runner knows which files reach a mutant; to follow imports for each takes longer than most runs.
      enableFindRelatedTests: false,
    },
    plugins: ['@stryker-mutator/jest-runner'],
    // Stryker would read it by an interface that TypeScript 7 lacks; nothing in its runs depends on it.
    tsconfigFile: 'none',
    ignorePatterns: ['dist', 'build', 'reports', 'coverage'],
    coverageAnalysis: 'perTest',
    ignoreStatic,
    // What runs only once is tied to no test, so that a new test for it would not be noticed.
    incremental: ignoreStatic,
    incrementalFile: `${REPORTS}/${fileName(name)}.incremental.json`,
    concurrency: 2,
    // Jest keeps what it loaded: a process of some hundred runs has gigabytes.
    maxTestRunnerReuse: 50,
    timeoutMS: 5_000,
    reporters: ['clear-text', 'progress', 'json'],
    clearTextReporter: { reportTests: false, reportScoreTable: false, allowEmojis: false },
    jsonReporter: { fileName: `${REPORTS}/${fileName(name)}.json` },
    tempDirName: `.stryker-tmp/${fileName(name)}`,
  };
}

function summaryOf(name: string, results: MutantResult[]): { line: string; score: number } {
  const noticed = results.filter(({ status }) => NOTICED.has(status)).length;
  const unnoticed = results.filter(({ status }) => UNNOTICED.has(status)).length;
  const score = (100 * noticed) / (noticed + unnoticed);
  return {
    score,
    line: `${name.padEnd(24)} ${score.toFixed(1).padStart(5)} %   ${noticed} noticed, ${unnoticed} not`,
  };
}

const { positionals } = readFlags(
  `npm run mutate -- [NAME…]
  Changes the code in thousands of small ways, one at a time, and counts the changes that no test notices. A run of
  everything takes hours. Ends with 1 where less than ${LEAST_SCORE} % are noticed.
  NAME  a room, or how the paths of the files begin that are changed (default: all)
The rooms:
${ROOMS.map(({ name }) => `  ${name}`).join('\n')}`,
  {},
  { takesNames: true },
);
const wanted = positionals.length > 0 ? positionals : [''];
const lines: string[] = [];
const all: MutantResult[] = [];
const rooms = ROOMS.map((room) => {
  const files = globSync(room.code).filter((path) =>
    wanted.some((one) => room.name === one || path.startsWith(one)),
  );
  return { room, files };
}).filter(({ files }) => files.length > 0);
if (rooms.length === 0)
  refuse(`No room is called, and no file to mutate begins with ${wanted.join(' or ')}.`);
for (const [index, { room, files }] of rooms.entries()) {
  console.log(`\nroom ${index + 1} of ${rooms.length}: ${room.name}`);
  const found = await new Stryker(optionsFor(room, files)).runMutationTest();
  const results = found.filter(({ fileName }) => files.some((file) => fileName.endsWith(file)));
  all.push(...results);
  lines.push(summaryOf(room.name, results).line);
}
const { line, score } = summaryOf('all', all);
const isEnough = score >= LEAST_SCORE;
console.log(`\n${[...lines, line].join('\n')}\nWhat was not noticed stands above, and in ${REPORTS}.`);
console.log(
  `Tests notice ${score.toFixed(1)} % of ${all.length} changes, ${isEnough ? 'which is enough' : `and ${LEAST_SCORE} % are wanted`}.`,
);
process.exitCode = isEnough ? 0 : 1;
