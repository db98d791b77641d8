import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import TestRunner from 'jest-runner';

/** The names of each file's tests: written by the run without a mutant, read by the runs with one. */
const NAMES_FILE = 'test-names.json';

/** Path of a test file → how many mutants had fallen when one fell to it last. */
const latestFall = new Map();
let fallen = 0;

/**
 * Jest's runner for `npm run mutate`: with a mutant in the code, only the files that hold a wanted test are run, and
 * none after the first that fails.
 *
 * Jest itself loads every file to skip all of its tests, and goes on after a failure: minutes for a mutant where this
 * takes a second. A mutant mostly falls to the same file as the one before it, so that file goes first.
 */
export default class CoveringRunner extends TestRunner {
  async runTests(tests, watcher, options) {
    const names = {};
    let failed = false;
    this.on('test-file-success', ([{ path }, result]) => {
      names[path] = result.testResults.map(({ fullName }) => fullName);
      failed = result.numFailingTests > 0 || result.testExecError !== undefined;
      if (failed) {
        fallen += 1;
        latestFall.set(path, fallen);
      }
    });
    this.on('test-file-failure', () => {
      failed = true;
    });

    const mutated = process.env.__STRYKER_ACTIVE_MUTANT__ !== undefined;
    for (const test of mutated ? this.worthRunning(tests) : tests) {
      await super.runTests([test], watcher, options);
      if (mutated && failed) return;
    }
    if (!mutated) writeFileSync(NAMES_FILE, JSON.stringify(names));
  }

  worthRunning(tests) {
    const names = existsSync(NAMES_FILE) ? JSON.parse(readFileSync(NAMES_FILE, 'utf8')) : {};
    const wanted = new RegExp(this._globalConfig.testNamePattern ?? '', 'i');
    const turn = ({ path }) => latestFall.get(path) ?? 0;
    return tests
      .filter(({ path }) => names[path]?.some((name) => wanted.test(name)) ?? true)
      .sort((a, b) => turn(b) - turn(a) || (a.duration ?? 0) - (b.duration ?? 0));
  }
}
