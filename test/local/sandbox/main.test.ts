import { spawn } from 'node:child_process';
import { once } from 'node:events';

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
    expect(Object.keys(said)).toEqual(['url', 'clientId', 'clientSecret', 'locationId', 'accessToken']);
    const answer = await fetch(`${said.url}/opportunities/search?locationId=${said.locationId}`, {
      headers: { authorization: `Bearer ${said.accessToken}`, version: 'v3' },
    });
    expect(await answer.json()).toMatchObject({ meta: { total: 3 } });
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(out().trim().split('\n')).toHaveLength(1);
    expect(err()).toBe('');
  });

  it.each([
    [['--port', 'x'], '--port x: must be a whole number from 0 to 65535'],
    [['--webhook-url', 'ftp://x'], '--webhook-url ftp://x: must be an http or https address'],
    [['--prot', '1'], "Unknown option '--prot'"],
  ])('says which flag is wrong: %j', async (flags, message) => {
    const { ended, err } = run(...flags);
    expect(await ended).toBe(2);
    expect(err()).toContain(message);
  });
});
