import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs the command with these flags until it prints a line or ends. */
function run(...flags: string[]) {
  const child = spawn(process.execPath, ['local/sandbox/main.ts', ...flags]);
  const out: string[] = [];
  const err: string[] = [];
  child.stdout.on('data', (part: Buffer) => out.push(part.toString()));
  child.stderr.on('data', (part: Buffer) => err.push(part.toString()));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const line = Promise.race([once(child.stdout, 'data'), ended]);
  return { child, ended, line, out: () => out.join(''), err: () => err.join('') };
}

describe('npm run sandbox', () => {
  it('prints one line of JSON, stays up, and stops cleanly on a signal', async () => {
    const { child, ended, line, out, err } = run('--port', '0', '--opportunities', '3', '--search-lag', '5');
    await line;
    const said = JSON.parse(out());
    expect(Object.keys(said)).toEqual([
      'url',
      'clientId',
      'clientSecret',
      'locationId',
      'accessToken',
      'privateToken',
    ]);
    for (const token of [said.accessToken, said.privateToken]) {
      const answer = await fetch(`${said.url}/opportunities/search?locationId=${said.locationId}`, {
        headers: { authorization: `Bearer ${token}`, version: 'v3' },
      });
      expect(await answer.json()).toMatchObject({ meta: { total: 3 } });
    }
    child.kill('SIGTERM');
    expect(await ended).toBe(143);
    expect(out().trim().split('\n')).toHaveLength(1);
    expect(err()).toBe('');
  });

  it.each([
    [['--port', 'x'], '--port x: must be a whole number from 0 to 65535'],
    [['--webhook-url', 'ftp://x'], '--webhook-url ftp://x: must be an http or https address'],
    [['--contrary', 'gone-422,gone'], '--contrary gone: there is no such name.'],
    [['--prot', '1'], "Unknown option '--prot'"],
    [
      ['--port', '0', '--state', '/nowhere/state.json'],
      '--state /nowhere/state.json: The state file /nowhere/state.json cannot be written',
    ],
    [['--port', '0', '--state', 'package.json'], 'package.json is not a state file of this sandbox'],
  ])('says which flag is wrong: %j', async (flags, message) => {
    const { ended, err } = run(...flags);
    expect(await ended).toBe(2);
    expect(err()).toContain(message);
  });

  it('says which flag changes a port that is in use', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { ended, err } = run('--port', String(port));
    expect(await ended).toBe(2);
    expect(err()).toBe(
      `Port ${port} is in use by another program. Choose another with --port N, or --port 0 for any free one.\n`,
    );
    server.close();
  });

  it('explains its flags', async () => {
    const { ended, out } = run('--help');
    expect(await ended).toBe(0);
    expect(out()).toContain('--opportunities N');
  });

  it('answers otherwise by name, and lists the names', async () => {
    const list = run('--list-contraries');
    expect(await list.ended).toBe(0);
    expect(list.out()).toContain('gone-422\n    A record that is gone is answered with 422.\n');
    const { child, ended, line, out } = run('--port', '0', '--contrary', 'html-login-page, gone-422');
    await line;
    const { url, accessToken } = JSON.parse(out());
    const headers = { authorization: `Bearer ${accessToken}`, version: 'v3' };
    const response = await fetch(`${url}/opportunities/none`, { headers });
    expect(response.headers.get('content-type')).toContain('text/html');
    child.kill('SIGTERM');
    await ended;
  });

  it('writes the state file at start, before any change', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
    const path = join(folder, 'state.json');
    const { child, ended, line } = run('--port', '0', '--state', path);
    await line;
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ format: 1 });
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true });
  });
});
