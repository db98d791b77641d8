/**
 * Puts each named bug into a copy of the committed sources and demands that its test turns red. A bug counts as caught
 * only where the changed tree still type-checks, and where its own named test, green without it, fails by an
 * assertion: a tree that does not compile, or a ReferenceError, would fail every test and prove nothing.
 *
 * `npm run bite` for all, `npm run bite -- WORD` for those whose name has the word.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { readFlags, refuse } from '../../local/command.ts';
import { BUGS, type SeededBug } from './bugs.ts';

const ROOT = join(import.meta.dirname, '../..');
const SOURCES = '{authentication,creates,fields,highlevel,relay,relay-client,searches,triggers,wire}/**/*.ts';
const JEST = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js', '--silent'];
const TSC = ['node_modules/typescript/bin/tsc', '--pretty', 'false'];

function copySources(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bite-'));
  const archive = execFileSync('git', ['archive', 'HEAD'], { cwd: ROOT, maxBuffer: 256 * 1024 * 1024 });
  execFileSync('tar', ['-x'], { cwd: folder, input: archive });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

interface TestResult {
  fullName: string;
  status: string;
  failureMessages: string[];
  failureDetails: { matcherResult?: unknown; code?: unknown }[];
}

/** The results of the tests of a file whose names hold these words; empty where the file could not be loaded. */
function runTest(folder: string, { file, name }: SeededBug['test']): TestResult[] {
  const report = join(folder, 'bite-report.json');
  rmSync(report, { force: true });
  const pattern = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const args = [...JEST, file, '--testNamePattern', pattern, '--json', '--outputFile', report];
  spawnSync(process.execPath, args, { cwd: folder, stdio: 'ignore' });
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as {
    testResults: { assertionResults: TestResult[] }[];
  };
  return testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status === 'passed' || status === 'failed'),
  );
}

/** By jest's `expect`, or by node:assert. */
function failedByAssertion({ status, failureMessages, failureDetails }: TestResult): boolean {
  return (
    status === 'failed' &&
    (failureDetails.some((detail) => detail.matcherResult !== undefined || detail.code === 'ERR_ASSERTION') ||
      failureMessages.some((message) => /^\w*Error: expect\(/.test(stripVTControlCharacters(message))))
  );
}

/** The first complaint of the type checker, or null. */
function typeError(folder: string): string | null {
  const { status, stdout } = spawnSync(process.execPath, TSC, { cwd: folder, encoding: 'utf8' });
  return status === 0 ? null : (stdout.split('\n')[0] ?? 'tsc failed');
}

/** What went wrong, or null where the test caught the bug. */
function tryBug(folder: string, { right, wrong, test }: SeededBug): string | null {
  const before = runTest(folder, test);
  if (before.length === 0) return `${test.file} has no test named "${test.name}"`;
  if (before.some(({ status }) => status !== 'passed')) return `"${test.name}" is red without the bug`;

  const paths = globSync(SOURCES, { cwd: folder }).map((path) => join(folder, path));
  const holders = paths.filter((path) => readFileSync(path, 'utf8').includes(right));
  const [path] = holders;
  const source = path ? readFileSync(path, 'utf8') : '';
  if (!path || holders.length > 1 || source.split(right).length !== 2) {
    return `the text that this bug replaces stands in ${holders.length} files, and has to stand in one, once`;
  }
  try {
    writeFileSync(
      path,
      source.replace(right, () => wrong),
    );
    const complaint = typeError(folder);
    if (complaint) return `with the bug in it the tree does not type-check: ${complaint}`;
    const after = runTest(folder, test);
    if (after.length === 0) return `with the bug in it ${test.file} could not be loaded`;
    const failed = after.filter(({ status }) => status === 'failed');
    if (failed.length === 0) return `"${test.name}" stayed green`;
    if (!failed.some(failedByAssertion)) {
      return `"${test.name}" failed by something else than an assertion: ${failed[0]?.failureMessages[0]?.split('\n')[0]}`;
    }
    return null;
  } finally {
    writeFileSync(path, source);
  }
}

const { positionals } = readFlags(
  `npm run bite -- [WORD]
  Puts named bugs into a copy of the committed sources, and demands of each that its own test turns red by an
  assertion. Ends with 1 where one does not.
  WORD  only the bugs with this in their names (default: all)
The bugs:
${BUGS.map(({ name }) => `  ${name}`).join('\n')}`,
  {},
  { takesNames: true },
);
const word = positionals.join(' ');
const bugs = BUGS.filter(({ name }) => name.includes(word));
if (bugs.length === 0) refuse(`No seeded bug has "${word}" in its name.`);
const folder = copySources();
let missed = 0;
try {
  const complaint = typeError(folder);
  if (complaint) throw new Error(`The committed tree does not type-check: ${complaint}`);
  for (const bug of bugs) {
    const failure = tryBug(folder, bug);
    if (failure) missed += 1;
    console.log(`${failure ? 'MISSED' : 'caught'}  ${bug.name}${failure ? `: ${failure}` : ''}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(
  `\n${bugs.length - missed} of ${bugs.length} seeded bugs turn their own test red by an assertion.`,
);
process.exitCode = missed > 0 ? 1 : 0;
