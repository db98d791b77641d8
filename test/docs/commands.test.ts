/** What the pages tell people to type: it exists, under the names and with the flags that the pages give. */

import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import packageJson from '../../package.json' with { type: 'json' };
import { stories } from '../../zaps/stories/index.ts';

const ROOT = join(import.meta.dirname, '../..');
const CLI = join(ROOT, 'node_modules/zapier-platform-cli/src/oclif/commands');
const PAGES = ['*.md', 'docs/**/*.md', 'tools/**/*.md', 'local/*/README.md', '.github/**/*.yml'].flatMap(
  (pattern) => globSync(pattern, { cwd: ROOT }),
);

/** npm's own words for scripts. */
const SHORT = { start: 'start', test: 'test' } as const;
/** The commands that check their flags before they begin, so that `--help` proves the others. */
const CHECKS_FLAGS = ['start', 'sandbox', 'zap'];

interface Command {
  page: string;
  script: string;
  args: string[];
}

/** `npm run NAME -- ARGS` in blocks and in lines of code. */
function commandsOf(page: string): Command[] {
  const text = readFileSync(join(ROOT, page), 'utf8');
  const found = text.matchAll(/npm (?:run (?:--silent )?([\w:-]+)|(start|test))((?: -- [^`\n|&)#]*)?)/g);
  return [...found].map(([, run, short, rest = '']) => ({
    page,
    script: run ?? SHORT[short as keyof typeof SHORT],
    args: rest.replace(/^ -- /, '').split(/\s+/).filter(Boolean),
  }));
}

const commands = PAGES.flatMap(commandsOf);
const ofScript = (script: string) => commands.filter((command) => command.script === script);
const isName = (word: string) => !word.startsWith('-') && !/[A-Z…]{2}/.test(word);

describe('the commands in the pages', () => {
  it('are there to be read', () => {
    expect(PAGES).toEqual(expect.arrayContaining(['README.md', '.github/workflows/release.yml']));
    expect(commands.length).toBeGreaterThan(40);
  });

  it.each(commands)('$page: npm run $script is a script', ({ script }) => {
    expect(Object.keys(packageJson.scripts)).toContain(script);
  });

  it.each(ofScript('zapier'))('$page: Zapier’s command line has $args.0', ({ args: [command = ''] }) => {
    const path = join(CLI, ...command.split(':'));
    expect(existsSync(`${path}.js`) || existsSync(join(path, 'index.js'))).toBe(true);
  });

  it.each(ofScript('jest'))('$page: there are tests at $args.0', ({ args: [path = ''] }) => {
    expect(globSync(`${path}*`, { cwd: ROOT })).not.toEqual([]);
  });

  it.each(
    ofScript('zap').filter(({ args: [name = '-'] }) => isName(name)),
  )('$page: there is a Zap $args.0', ({ args: [name] }) => {
    expect(stories.map((story) => story.name)).toContain(name);
  });

  const flagged = commands.filter(
    ({ script, args }) => CHECKS_FLAGS.includes(script) && args.some((word) => word.startsWith('-')),
  );
  const lines = new Set(flagged.map(({ script, args }) => [script, ...args].join(' ')));
  it.each(
    [...lines].map((line) => line.split(' ')),
  )('npm run %s takes its flags: %s %s %s', (script = '', ...args) => {
    const [, file = ''] = packageJson.scripts[script as 'zap'].split(' ');
    const { status, stderr } = spawnSync(process.execPath, [file, ...args, '--help'], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});
