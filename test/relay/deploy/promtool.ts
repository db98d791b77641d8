import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Prometheus's own checker: that of this machine, or the one in Debian's package, which is unpacked and not installed. */
export function findPromtool(): string | null {
  if (runs('promtool')) return 'promtool';
  const kept = join(tmpdir(), 'highlevel-relay-promtool');
  const unpacked = join(kept, 'usr/bin/promtool');
  if (existsSync(unpacked)) return unpacked;
  try {
    mkdirSync(kept, { recursive: true });
    const folder = mkdtempSync(join(tmpdir(), 'prometheus-'));
    execFileSync('apt-get', ['download', 'prometheus'], { cwd: folder, stdio: 'ignore', timeout: 45_000 });
    const [archive = ''] = readdirSync(folder);
    execFileSync('dpkg-deb', ['--extract', join(folder, archive), kept], { stdio: 'ignore' });
    return unpacked;
  } catch {
    process.stderr.write(
      'There is no promtool here (apt-get install prometheus): the alert rules are not checked with it.\n',
    );
    return null;
  }
}

function runs(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
