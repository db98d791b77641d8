import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './layout.ts';

/**
 * Runs Zapier's command line tool in a folder, on this Node.
 *
 * @returns its exit code
 */
export function zapierCli(folder: string, args: string[]): number {
  const tool = join(ROOT, 'node_modules/zapier-platform-cli/src/bin/run');
  const { status, error } = spawnSync(process.execPath, [tool, ...args], { cwd: folder, stdio: 'inherit' });
  if (error) throw error;
  return status ?? 1;
}
