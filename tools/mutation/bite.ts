import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUGS, type SeededBug } from './bugs.ts';

/**
 * Puts each named bug into a copy of the committed sources and demands that its tests turn red, and that they are
 * green without it. `npm run bite` for all, `npm run bite -- WORD` for those whose name has the word.
 */

const ROOT = join(import.meta.dirname, '../..');
const JEST = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js', '--silent'];

function copySources(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bite-'));
  const archive = execFileSync('git', ['archive', 'HEAD'], { cwd: ROOT, maxBuffer: 256 * 1024 * 1024 });
  execFileSync('tar', ['-x'], { cwd: folder, input: archive });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

function isGreen(folder: string, tests: string[]): boolean {
  return spawnSync(process.execPath, [...JEST, ...tests], { cwd: folder, stdio: 'ignore' }).status === 0;
}

/** What went wrong, or null where the tests bit. */
function tryBug(folder: string, { file, right, wrong, tests }: SeededBug): string | null {
  const path = join(folder, file);
  const source = readFileSync(path, 'utf8');
  if (source.split(right).length !== 2)
    return `${file} no longer has the text that this bug replaces, or has it twice`;
  writeFileSync(
    path,
    source.replace(right, () => wrong),
  );
  const survived = isGreen(folder, tests);
  writeFileSync(path, source);
  return survived ? 'no test turned red' : null;
}

const word = process.argv[2] ?? '';
const bugs = BUGS.filter(({ name }) => name.includes(word));
const folder = copySources();
let failures = 0;
try {
  const tests = [...new Set(bugs.flatMap((bug) => bug.tests))];
  if (!isGreen(folder, tests)) throw new Error(`Without any bug these are red already: ${tests.join(', ')}`);
  for (const bug of bugs) {
    const failure = tryBug(folder, bug);
    if (failure) failures += 1;
    console.log(`${failure ? 'MISSED' : 'caught'}  ${bug.name}${failure ? `: ${failure}` : ''}`);
  }
  console.log(`\n${bugs.length - failures} of ${bugs.length} seeded bugs turn a test red.`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failures > 0 ? 1 : 0;
