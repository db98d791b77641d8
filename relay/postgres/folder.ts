import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder with all that it lies in, where it is not there.
 *
 * Not by `recursive`: where the system has no such folder and lets none be made, as under /proc, Node tries for ever.
 * [run: node 22]
 *
 * @throws Error naming the folder that cannot be made
 */
export function makeFolder(path: string, mode: number): void {
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    const parent = dirname(path);
    if (code !== 'ENOENT' || parent === path) throw cannotBeMade(path, code);
    makeFolder(parent, mode);
    makeLast(path, mode);
  }
}

function makeLast(path: string, mode: number): void {
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST') throw cannotBeMade(path, code);
  }
}

function cannotBeMade(path: string, code: string | undefined): Error {
  return new Error(
    `The folder ${path} cannot be made (${code}). Set RELAY_DATA_DIR, or TMPDIR for what is kept for a while, to one that can.`,
  );
}
