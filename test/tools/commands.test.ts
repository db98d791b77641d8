import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import packageJson from '../../package.json' with { type: 'json' };

const ROOT = join(import.meta.dirname, '../..');

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a command as npm does, without the bundle that npm makes before. */
async function run(command: string, ...args: string[]): Promise<Ended> {
  const [script = '', ...words] = command.split(' ');
  const [, file = ''] =
    /node (\S+)$/.exec((packageJson.scripts as Record<string, string>)[script] ?? '') ?? [];
  const { HIGHLEVEL_LIVE_TOKEN, DATABASE_URL, ...env } = process.env;
  try {
    const output = await promisify(execFile)(process.execPath, [join(ROOT, file), ...words, ...args], {
      cwd: ROOT,
      env,
    });
    return { code: 0, ...output };
  } catch (error) {
    return error as unknown as Ended;
  }
}

/** `npm start` and `npm run sandbox` have tests of their own in test/local. */
const COMMANDS = [
  'zap',
  'relay',
  'chaos',
  'fuzz',
  'relay:fill',
  'bench',
  'bench app',
  'bench jobs',
  'bench relay',
  'mutate',
  'bite',
  'live',
  'spec:diff',
  'pictures',
];

describe.each(COMMANDS)('npm run %s', (command) => {
  it('says at --help what it does and what it takes', async () => {
    const { code, stdout, stderr } = await run(command, '--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [first = '', ...rest] = stdout.trimEnd().split('\n');
    expect(first.replace('-- ', '')).toMatch(new RegExp(`^npm run ${command}\\b`));
    expect(rest.length).toBeGreaterThan(0);
  });

  it('refuses a flag that there is not in one sentence, with its usage', async () => {
    const { code, stdout, stderr } = await run(command, '--nope');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^Unknown option '--nope'\.\nnpm run /);
    expect(stderr).not.toMatch(/^ {4}at /m);
  });
});

it.each([
  ['chaos --runs x', '--runs x: must be a whole number from 1 to 1000000.'],
  ['chaos --store oracle', '--store oracle: there is no such store. There are: postgresql, embedded.'],
  ['chaos --only earthquake', '--only earthquake: no attack has that in its name.'],
  ['fuzz --bodies 0', '--bodies 0: must be a whole number from 1'],
  ['relay:fill --scale -1', "Option '--scale' argument is ambiguous."],
  ['relay:fill --scale 0', '--scale 0: must be a number above 0, such as 0.1.'],
  ['relay:fill', 'Set DATABASE_URL to the database that is to be filled.'],
  ['bench speed', 'There is no bench "speed".'],
  ['bench app --rounds 0', '--rounds 0: must be a whole number from 1 to 1000.'],
  ['bench app --beside nowhere.js', '--beside nowhere.js: there is no such file.'],
  ['bench jobs --only earthquake', '--only earthquake: no job has that in its name.'],
  ['bench relay --only full', '--only full: there is no such name.'],
  ['mutate nowhere/', 'No room is called, and no file to mutate begins with nowhere/.'],
  ['bite nothing', 'No seeded bug has "nothing" in its name.'],
  ['spec:diff', 'Give one folder.'],
  ['live now', '"now" is not expected here.'],
])('npm run %s is refused: %s', async (command, sentence) => {
  const { code, stderr } = await run(command);
  expect(stderr.split('\n')[0]).toContain(sentence);
  expect({ code, hasStack: /^ {4}at /m.test(stderr) }).toEqual({ code: 2, hasStack: false });
});

/** Other flags than their own go to Zapier's command line. */
it.each([
  'push',
  'build:zip',
])('npm run %s says at --help what it does and what it takes', async (command) => {
  const { code, stdout } = await run(command, '--help');
  expect(code).toBe(0);
  expect(stdout).toMatch(new RegExp(`^npm run ${command} -- \\[flags\\]\n.*--auth WAY`, 's'));
});

it('the relay’s operator says at --help what it does', async () => {
  const operator = join(ROOT, 'relay/operator.ts');
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [operator, '--help']);
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^The relay's operator\.\n\n {2}node relay\/operator\.ts subscriptions /);
});
