import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify, stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { removeFromEnvFile, writeEnvFile } from '../../local/demo/env-file.ts';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const demonstrate = (flags: string[], env: Record<string, string> = {}) =>
  promisify(execFile)(process.execPath, [join(ROOT, 'local/demo/main.ts'), ...flags], {
    cwd: ROOT,
    env: { ...process.env, ...env },
  });

describe('npm start -- --once', () => {
  it.each(['oauth', 'private-token'])('does the main job and ends with 0, connected by %s', async (auth) => {
    const { stdout } = await demonstrate(['--once', `--auth=${auth}`]);
    const told = stripVTControlCharacters(stdout);
    expect(told).toMatch(/connected {2}Harbor & Pine Consulting \(\w{6}\)/);
    expect(told).toMatch(/poll +\d+ opportunities read, \d+ known, 2 new \(1 request/);
    expect(told).toMatch(
      /done +create_opportunity: "Onboard Tom Becker: Website relaunch \{\{phase 1\}\}" in Onboarding › Kickoff/,
    );
    expect(told).toMatch(
      /stopped +create_opportunity: This contact already has an opportunity in this pipeline/,
    );
    expect(told).toMatch(/hook +1 change delivered/);
    expect(told).toMatch(/done +create_task: "Call about .* moved from Proposal Sent to Negotiation"/);
    expect(told).toMatch(/\d+ ms from the drag of the card/);
    expect(told).toMatch(/Everything ended as it should\.\n$/);
  }, 60_000);

  it('tells all but the instant Zap where no database can be started, and says why', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'demo-'));
    const file = join(folder, 'no-folder');
    writeFileSync(file, '');
    const { stdout } = await demonstrate(['--once'], { TMPDIR: file });
    rmSync(folder, { recursive: true });
    const told = stripVTControlCharacters(stdout);
    expect(told).toMatch(/no relay for its webhooks: ENOTDIR/);
    expect(told).toMatch(/ 8\. A search by hand finds what the Zap made\n +found/);
    expect(told).toMatch(/Left out: it needs the relay, and no database could be started for it/);
    expect(told).toMatch(/Everything else ended as it should\.\n$/);
  }, 60_000);
});

describe('the flags of npm start', () => {
  it('are listed by --help, and one that there is not is refused', async () => {
    expect((await demonstrate(['--help'])).stdout).toMatch(/--once[\s\S]*--port N/);
    await expect(demonstrate(['--nope'])).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/Unknown option '--nope'[\s\S]*--port N/),
    });
    await expect(demonstrate(['--port', '70000'])).rejects.toMatchObject({
      code: 2,
      stderr: '--port 70000: must be a whole number from 0 to 65535.\n',
    });
    await expect(demonstrate(['--auth', 'key'])).rejects.toMatchObject({
      code: 2,
      stderr: '--auth key: there is no such build. There are: oauth, private-token.\n',
    });
  }, 60_000);

  it('name the one to change where the port is in use', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    await expect(demonstrate(['--once', '--port', String(port)])).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringContaining(`port ${port} is in use. Give another with --port`),
    });
    server.close();
  }, 60_000);
});

it('SIGTERM to npm ends the sandbox, the relay and the .env with it', async () => {
  const envFile = join(ROOT, '.env');
  const before = existsSync(envFile) ? readFileSync(envFile, 'utf8') : null;
  const npm = spawn('npm', ['start'], { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
  let told = '';
  for await (const chunk of npm.stdout) {
    told += chunk;
    if (told.includes('Stop with Ctrl-C')) break;
  }
  const urls = [...told.matchAll(/at (http:\/\/127\.0\.0\.1:\d+)/g)].map(([, url]) => url ?? '');
  expect(urls).toHaveLength(2);
  const ended = new Promise((resolve) => npm.once('exit', resolve));
  npm.kill('SIGTERM');
  await ended;
  for (const url of urls) await expect(gone(url)).resolves.toBe(true);
  expect(existsSync(envFile) ? readFileSync(envFile, 'utf8') : null).toBe(before);
}, 60_000);

/** Whether nothing answers there any more, within ten seconds. */
async function gone(url: string): Promise<boolean> {
  for (const end = Date.now() + 10_000; Date.now() < end; ) {
    const answer = await fetch(url).catch(() => null);
    if (!answer) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

describe('the .env of the demonstration', () => {
  let folder: string;
  let path: string;
  const read = () => readFileSync(path, 'utf8');
  const token = { access_token: 't' };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'env-'));
    path = join(folder, '.env');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is written, and taken away at the end', () => {
    expect(writeEnvFile(path, { CLIENT_ID: 'one' }, token)).toBe('written');
    expect(read()).toMatch(/^CLIENT_ID=one\nauthData_access_token='t'$/m);
    removeFromEnvFile(path);
    expect(existsSync(path)).toBe(false);
  });

  it('keeps what a person wrote before, after and within it', () => {
    writeFileSync(path, 'MINE=1');
    writeEnvFile(path, { CLIENT_ID: 'one' }, token);
    writeFileSync(path, `${read().replace('CLIENT_ID=one\n', 'CLIENT_ID=one\nWITHIN=2\n')}AFTER=3\n`);
    expect(writeEnvFile(path, { CLIENT_ID: 'two' }, token)).toBe('written');
    expect(read()).toMatch(
      /^MINE=1\n# Begin.*\nCLIENT_ID=two\nauthData_access_token='t'\n# End.*\nWITHIN=2\nAFTER=3\n$/,
    );
    removeFromEnvFile(path);
    expect(read()).toBe('MINE=1\nWITHIN=2\nAFTER=3\n');
  });

  it('is not written over settings of a person’s own', () => {
    writeFileSync(path, 'export CLIENT_ID=real\n');
    expect(writeEnvFile(path, { CLIENT_ID: 'one' }, token)).toBe('own settings');
    removeFromEnvFile(path);
    expect(read()).toBe('export CLIENT_ID=real\n');
  });

  it('is left to a demonstration that still runs, and taken over from one that was killed', async () => {
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await new Promise((resolve) => other.once('spawn', resolve));
    expect(writeEnvFile(path, { CLIENT_ID: 'first' }, token, other.pid)).toBe('written');
    expect(writeEnvFile(path, { CLIENT_ID: 'second' }, token)).toBe('another demonstration');
    removeFromEnvFile(path);
    expect(read()).toContain('CLIENT_ID=first');
    const ended = new Promise((resolve) => other.once('exit', resolve));
    other.kill('SIGKILL');
    await ended;
    expect(writeEnvFile(path, { CLIENT_ID: 'second' }, token)).toBe('written');
    expect(read()).not.toContain('first');
  });
});
