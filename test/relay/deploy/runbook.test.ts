import { spawnSync } from 'node:child_process';

import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals';
import { startEmbedded } from '../../../relay/postgres/embedded.ts';
import { freePort } from '../../../relay/postgres/free-port.ts';
import { openPool } from '../../../relay/store/db.ts';
import { call, capturedLog, embeddedUrl, temporaryFolder, watchLocation } from '../support/relay.ts';

const PROJECT = join(import.meta.dirname, '../../..');
const DEPLOY = join(PROJECT, 'relay/deploy');
const PAGE = readFileSync(join(PROJECT, 'docs/relay.md'), 'utf8');

/** The commands of the runbook, by how the sentence before them begins. */
function commands(beginning: string): string {
  const runbook = PAGE.slice(PAGE.indexOf('### Runbook'));
  const at = runbook.indexOf(`\n${beginning}`);
  const [, block] = at < 0 ? [] : (runbook.slice(at).match(/```sh\n([\s\S]+?)```/) ?? []);
  if (!block) throw new Error(`The runbook has no commands for ${beginning}.`);
  return block;
}

/** Stands in for systemd: it starts and stops the relay as the service does, and waits until it answers. */
const SYSTEMCTL = `#!/bin/bash
[ "$2" = highlevel-relay ] || exit 1
stop() { [ -f "$ROOT/pid" ] || return 0; kill "$(cat "$ROOT/pid")" 2>/dev/null; while kill -0 "$(cat "$ROOT/pid")" 2>/dev/null && ! grep -q ') Z ' "/proc/$(cat "$ROOT/pid")/stat"; do sleep 0.05; done; rm "$ROOT/pid"; }
start() {
  set -a; RELAY_DATA_DIR=$ROOT/data; . "$ROOT/env"; set +a
  node relay/main.ts > "$ROOT/log" 2>&1 & echo $! > "$ROOT/pid"
  until curl --silent --fail "http://127.0.0.1:$RELAY_PORT/readyz" > /dev/null; do
    kill -0 "$(cat "$ROOT/pid")" 2>/dev/null && ! grep -q ') Z ' "/proc/$(cat "$ROOT/pid")/stat" || { rm "$ROOT/pid"; exit 1; }; sleep 0.1
  done
}
case $1 in start) start;; stop) stop;; restart) stop; start;; esac
`;

describe('the runbook', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let root: string;
  let url: string;
  let token = 'the-first-token-of-the-operator';

  beforeAll(async () => {
    folder = temporaryFolder();
    root = folder.path;
    mkdirSync(join(root, 'bin'));
    const program = (name: string, text: string) => {
      writeFileSync(join(root, 'bin', name), text);
      chmodSync(join(root, 'bin', name), 0o755);
    };
    program('systemctl', SYSTEMCTL);
    program('runuser', '#!/bin/sh\nshift 3\nexec "$@"\n');
    program('install', '#!/bin/sh\n[ "$1" = -d ] && mkdir -p "$6"\n');
    program(
      'git',
      '#!/bin/sh\necho "git $*" >> "$ROOT/called"\n[ "$1" = rev-parse ] && echo the-version-before\ntrue\n',
    );
    program('npm', '#!/bin/sh\necho "npm $*" >> "$ROOT/called"\n');
    symlinkSync(process.execPath, join(root, 'bin/node'));
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    writeFileSync(join(root, 'env'), `RELAY_PORT=${port}\nRELAY_ADMIN_TOKEN=${token}\nLOG_LEVEL=warn\n`);
    run('systemctl start highlevel-relay');
    await onDatabase(embeddedUrl(join(root, 'data')), (db) => watchLocation(db, 'kept'));
  }, 60_000);
  afterAll(() => {
    run('systemctl stop highlevel-relay');
    folder.remove();
  });

  function run(script: string, env: Record<string, string> = {}): { status: number | null; said: string } {
    const here = script
      .replaceAll('/var/lib/highlevel-relay', '$ROOT/data')
      .replaceAll('/var/backups/highlevel-relay', '$ROOT/backups')
      .replaceAll('/etc/highlevel-relay.env', '$ROOT/env');
    const { status, stdout, stderr } = spawnSync('bash', ['-c', `set -eu\n${here}`], {
      cwd: PROJECT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 50_000,
      env: {
        PATH: `${join(root, 'bin')}:${process.env.PATH}`,
        ROOT: root,
        RELAY_ENV_FILE: join(root, 'env'),
        RELAY_DATA_DIR: join(root, 'data'),
        ...env,
      },
    });
    return { status, said: stdout + stderr };
  }

  async function onDatabase<T>(
    databaseUrl: string,
    work: (db: ReturnType<typeof openPool>['db']) => Promise<T>,
  ): Promise<T> {
    const pool = openPool(databaseUrl, () => undefined, 1);
    try {
      return await work(pool.db);
    } finally {
      await pool.close();
    }
  }

  async function locations(): Promise<string[]> {
    const answer = await call(`${url}/operator/subscriptions`, { token, headers: { connection: 'close' } });
    const listed = answer.body.subscriptions as { locationId: string }[];
    return listed.map(({ locationId }) => locationId).sort();
  }

  it('makes a backup of a relay that runs, for this user alone, and restores it', async () => {
    expect(run(commands('Backup'))).toMatchObject({
      status: 0,
      said: expect.stringMatching(/\d+ rows are in/),
    });
    await onDatabase(embeddedUrl(join(root, 'data')), (db) => watchLocation(db, 'later'));
    expect(await locations()).toEqual(['kept', 'later']);
    expect(run(commands('Restore'))).toMatchObject({ status: 0 });
    expect(await locations()).toEqual(['kept']);
    expect(existsSync(join(root, 'data.before/postgres'))).toBe(true);
    expect(run('stat -c %a /var/backups/highlevel-relay/daily.jsonl').said).toBe('600\n');
    rmSync(join(root, 'data.before'), { recursive: true });
  });

  it('upgrades with a backup first, and rolls back', async () => {
    expect(run(commands('Upgrade'), { VERSION: 'v9' })).toMatchObject({ status: 0 });
    expect(readFileSync(join(root, 'called'), 'utf8')).toBe(
      'git rev-parse HEAD\ngit fetch --quiet --tags\ngit checkout --quiet v9\nnpm ci --workspace relay --omit=dev\n',
    );
    expect(await locations()).toEqual(['kept']);
    rmSync(join(root, 'called'));
    expect(run(commands('Rollback'))).toMatchObject({ status: 0 });
    expect(readFileSync(join(root, 'called'), 'utf8')).toBe(
      'git checkout --quiet the-version-before\nnpm ci --workspace relay --omit=dev\n',
    );
    expect(await locations()).toEqual(['kept']);
  });

  it('rolls back over changed tables by the backup that was made before', async () => {
    await onDatabase(embeddedUrl(join(root, 'data')), (db) =>
      db.query('insert into relay.migrations (step) values (99)'),
    );
    expect(run(commands('Rollback')).status).not.toBe(0);
    expect(readFileSync(join(root, 'log'), 'utf8')).toContain('This database was changed by a newer relay');
    const restore = commands('Restore').replace('daily.jsonl', 'before-upgrade.jsonl');
    expect(run(restore)).toMatchObject({ status: 0 });
    expect(await locations()).toEqual(['kept']);
    rmSync(join(root, 'data.before'), { recursive: true });
  });

  it('gives the operator another token', async () => {
    expect(run(commands('Another operator'))).toMatchObject({ status: 0 });
    expect((await call(`${url}/operator/subscriptions`, { token })).status).toBe(401);
    token = readFileSync(join(root, 'env'), 'utf8').match(/^RELAY_ADMIN_TOKEN=(.*)$/m)?.[1] ?? '';
    expect(token).toMatch(/^[0-9a-f]{64}$/);
    expect(await locations()).toEqual(['kept']);
  });

  it('moves to another PostgreSQL, whose password may have any character', async () => {
    const other = await startEmbedded(join(root, 'other'), capturedLog().log);
    try {
      const password = 'p@ss:w/o#r%d?&"$ ö';
      await onDatabase(other.url, async (db) => {
        await db.query(`create role mover login superuser password '${password}'`);
      });
      const elsewhere = new URL(other.url);
      elsewhere.username = 'mover';
      elsewhere.password = '';
      const env = { NEW_DATABASE: elsewhere.href, NEW_PASSWORD: password };
      expect(run(commands('Move to'), env)).toMatchObject({ status: 0 });
      expect(await locations()).toEqual(['kept']);
      const there = await onDatabase(other.url, (db) =>
        db.query('select location_id from relay.subscriptions'),
      );
      expect(there).toEqual([{ location_id: 'kept' }]);

      const again = run('relay/deploy/operator import /var/backups/highlevel-relay/move.jsonl');
      expect(again).toEqual({ status: 1, said: 'A relay runs on this database. Stop it first.\n' });
      run('systemctl stop highlevel-relay');
      const full = run('relay/deploy/operator import /var/backups/highlevel-relay/move.jsonl');
      expect(full).toEqual({
        status: 1,
        said: 'This database holds subscriptions already; an export goes into an empty one.\n',
      });
    } finally {
      run('systemctl stop highlevel-relay');
      await other.stop();
    }
  });
});

describe('the container', () => {
  it('is healthy while it lives, though it waits for its database', () => {
    const dockerfile = readFileSync(join(DEPLOY, 'Dockerfile'), 'utf8');
    const [, command = '[]'] = dockerfile.match(/HEALTHCHECK[^[]*(\[.*\])/) ?? [];
    const [node, ...args] = JSON.parse(command) as string[];
    expect(node).toBe('node');
    const check = (port: string) =>
      spawnSync(process.execPath, args, { env: { RELAY_PORT: port }, timeout: 10_000 }).status;
    expect(check('9')).toBe(1);
    const script = `
      const { startRelay, readConfig } = await import(${JSON.stringify(join(PROJECT, 'relay/relay.ts'))});
      const stop = new AbortController();
      startRelay(readConfig(process.env), { signal: stop.signal }).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 1500));
      const { spawn } = await import('node:child_process');
      const child = spawn(process.execPath, ${JSON.stringify(args)}, { stdio: 'inherit' });
      child.on('exit', async (code) => {
        const { status } = await fetch('http://127.0.0.1:' + process.env.RELAY_PORT + '/readyz');
        console.log('health ' + code + ', ready ' + status);
        process.exit(0);
      });`;
    const port = String(20_000 + Math.floor(Math.random() * 20_000));
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
      encoding: 'utf8',
      timeout: 20_000,
      env: { RELAY_PORT: port, DATABASE_URL: 'postgres://relay@127.0.0.1:9/relay', LOG_LEVEL: 'silent' },
    });
    expect(stdout).toBe('health 0, ready 503\n');
  });

  it('hands its database’s password on beside the address', () => {
    const compose = readFileSync(join(DEPLOY, 'compose.yaml'), 'utf8');
    expect(compose).toContain('DATABASE_URL: postgres://relay@postgres:5432/relay\n');
    expect(compose).toContain('PGPASSWORD: $' + '{POSTGRES_PASSWORD:?}');
  });
});

test('systemd starts the relay again however often it ends', () => {
  const unit = readFileSync(join(DEPLOY, 'highlevel-relay.service'), 'utf8');
  const [head = ''] = unit.split('[Service]');
  expect(head).toContain('StartLimitIntervalSec=0');
  expect(unit).toMatch(/^Restart=always$/m);
});
