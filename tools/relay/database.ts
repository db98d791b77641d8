import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createLog } from '../../relay/log.ts';
import { runningUrl, startEmbedded } from '../../relay/postgres/embedded.ts';
import { openPool } from '../../relay/store/db.ts';

/** Where the relays keep what they know: several on a PostgreSQL beside them, or one on the database within it. */
export const STORES = ['postgresql', 'embedded'] as const;
export type Store = (typeof STORES)[number];

/** A database to be hurt: killed, frozen, its disk filled, its clock moved. */
export interface Victim {
  /** What tells a relay to use it. */
  settings: Record<string, string>;
  /** How it is reached. @throws Error before the relay on an embedded one has started it */
  url(): string;
  kill(): void;
  freeze(ms: number): Promise<void>;
  /** Null where this user may not mount a disk of its own. */
  fillDisk: ((ms: number) => Promise<void>) | null;
  /** As if so much time had passed for all that waits. */
  moveClock(minutes: number): Promise<void>;
  close(): Promise<void>;
}

const DISK_MB = 2_000;
/** What the database may write between a look at the disk and its filling. */
const SPARE_KB = 20_000;

/** A PostgreSQL of its own, or a folder for that of a relay; on a disk in memory where that may be mounted. */
export async function startVictim(store: Store): Promise<Victim> {
  const folder = await mkdtemp(join(tmpdir(), 'chaos-'));
  const isMounted = mount('-t', 'tmpfs', '-o', `size=${DISK_MB}m,mode=755`, 'tmpfs', folder);
  const data = join(folder, 'data');
  const postgres = store === 'postgresql' ? await startEmbedded(data, createLog('silent')) : null;
  const url = () => {
    const found = postgres?.url ?? runningUrl(data);
    if (found === null) throw new Error('The database was not started yet.');
    return found;
  };
  const remount = (size: string) => {
    if (!mount('-o', `remount,size=${size}`, folder)) throw new Error('The disk could not be resized.');
  };
  return {
    settings: postgres ? { DATABASE_URL: postgres.url } : { RELAY_DATA_DIR: data },
    url,
    kill: () => process.kill(postgresIn(data)[0] ?? 0, 'SIGKILL'),
    async freeze(ms) {
      const all = postgresIn(data);
      signalAll(all, 'SIGSTOP');
      await pause(ms);
      signalAll(all, 'SIGCONT');
    },
    fillDisk: isMounted
      ? async (ms) => {
          const used = execFileSync('df', ['--output=used', '-k', folder], { encoding: 'utf8' });
          remount(`${Number(used.split('\n')[1]) + SPARE_KB}k`);
          const filler = join(folder, 'filler');
          try {
            writeFileSync(filler, Buffer.alloc(2 * SPARE_KB * 1024));
          } catch {
            // Nothing more goes in, which was to be reached.
          }
          await pause(ms);
          rmSync(filler);
          remount(`${DISK_MB}m`);
        }
      : null,
    async moveClock(minutes) {
      const pool = openPool(url(), () => undefined, 1);
      const by = `interval '${minutes} minutes'`;
      await pool.db.query(
        `update relay.deliveries set due_at = due_at - ${by}, created_at = created_at - ${by}`,
      );
      await pool.db.query(`update relay.pauses set until = until - ${by}`);
      await pool.close();
    },
    async close() {
      await postgres?.stop();
      if (isMounted) execFileSync('umount', [folder]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function mount(...args: string[]): boolean {
  try {
    execFileSync('mount', args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The processes of the PostgreSQL in a folder: the first is the leader of all. */
export function postgresIn(folder: string): number[] {
  const leader = Number.parseInt(readFileSync(join(folder, 'postgres/postmaster.pid'), 'utf8'), 10);
  return [leader, ...childrenOf(leader)];
}

/** PostgreSQL's sessions are its children, each in a group of its own. */
function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[1]) === parent;
      } catch {
        return false;
      }
    });
}

function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended meanwhile.
    }
  }
}
