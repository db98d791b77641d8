/** The workflows for GitHub, which run nowhere here: what can be held by reading them. */

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ROOMS } from '../../tools/mutation/rooms.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const FILES = globSync('.github/workflows/*.yml', { cwd: ROOT });
const matches = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found = '']) => found);

/** GitHub ends a job after six hours, and what it made is lost. [docs] */
const MOST_MINUTES = 355;

describe.each(FILES)('%s', (file) => {
  const text = read(file);

  it('pins every action to a commit, and says which version that is', () => {
    const actions = matches(text, /uses: (.*)/g);
    expect(actions.length).toBeGreaterThan(0);
    for (const action of actions) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it('may only read the repository, and ends each job in time', () => {
    expect(text).toMatch(/^permissions:\n {2}contents: read\n/m);
    const minutes = matches(text, /^ {4}timeout-minutes: (\d+)$/gm).map(Number);
    expect(minutes.length).toBe(matches(text, /^ {4}(runs-on): /gm).length);
    for (const one of minutes) expect(one).toBeLessThanOrEqual(MOST_MINUTES);
  });

  it('puts nothing that somebody wrote into a script, but into its environment', () => {
    for (const line of text.split('\n').filter((one) => one.includes('${{'))) {
      expect(line).toMatch(/^\s+(?:[A-Z_]+|node-version|ref|name): \S*\$\{\{ [\w. -]+ \}\}\S*$/);
    }
  });

  it('takes no secret and no variable that docs/publishing.md does not explain', () => {
    for (const name of matches(text, /(?:secrets|vars)\.(\w+)/g)) {
      expect(read('docs/publishing.md')).toContain(`\`${name}\``);
    }
  });

  it('holds the tests to the specification that the project was built on', () => {
    const [, commit = ''] = /public repository at commit (\w+)/.exec(read('docs/evidence.md')) ?? [];
    expect(commit).toMatch(/^[0-9a-f]{7,40}$/);
    for (const one of matches(text, /checkout --quiet (\S+)/g)) expect(one).toBe(commit);
    if (text.includes('run: npm test')) expect(text).toContain(`checkout --quiet ${commit}`);
  });
});

it('every room is mutated in a job of the weekly run', () => {
  const [, list = ''] = /^ {8}rooms:\n((?: {10}- .*\n)+)/m.exec(read('.github/workflows/mutation.yml')) ?? [];
  const jobs = matches(list, /- (.*)/g).map((names) => names.split(' '));
  const files = ROOMS.flatMap(({ code }) => globSync(code, { cwd: ROOT }));
  const jobsOf = (file: string) => jobs.filter((names) => names.some((name) => file.startsWith(name)));
  expect(files.filter((file) => jobsOf(file).length !== 1)).toEqual([]);
});
