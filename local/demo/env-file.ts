/**
 * The lines in `.env` that `zapier-platform invoke` reads its connection from. They stand between two marks, so that
 * what a person wrote around them stays; the first mark names the process that they belong to.
 */

import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';

const BEGIN = '# Begin: a connection to the sandbox, written by `npm start`';
const END = '# End: what `npm start` wrote';
const BLOCK = new RegExp(`^${BEGIN} \\(process (\\d+)\\)\\n([\\s\\S]*?)^${END}\\n?`, 'm');

/** How writing it ended: `written`, or why not. */
export type EnvFile = 'written' | 'own settings' | 'another demonstration';

/**
 * Writes the connection into a `.env`. Nothing is written where a person's own lines set one of the same variables, or
 * where another demonstration that still runs wrote its connection.
 *
 * @param pid whose it is; this process unless given
 */
export function writeEnvFile(
  path: string,
  environment: Record<string, string>,
  authData: Record<string, unknown>,
  pid = process.pid,
): EnvFile {
  const { before, owner, added, after } = readEnvFile(path);
  if (owner !== null && owner !== pid && isRunning(owner)) return 'another demonstration';
  const lines = [
    ...Object.entries(environment).map(([key, value]) => `${key}=${value}`),
    ...Object.entries(authData).map(([key, value]) => `authData_${key}='${value}'`),
  ];
  const own = [...before.split('\n'), ...added, ...after.split('\n')];
  const names = new Set(lines.map(nameOf));
  if (own.some((line) => names.has(nameOf(line)))) return 'own settings';
  const block = [`${BEGIN} (process ${pid})`, ...lines, END, ''].join('\n');
  replace(path, `${withBreak(before)}${block}${withBreak(added.join('\n'))}${after}`);
  return 'written';
}

/** Takes the connection away again, and the file with it where nothing else is in it. Another process's is left. */
export function removeFromEnvFile(path: string, pid = process.pid): void {
  const { before, owner, added, after } = readEnvFile(path);
  if (owner !== pid) return;
  const rest = `${before}${withBreak(added.join('\n'))}${after}`;
  if (rest.trim() === '') rmSync(path);
  else replace(path, rest);
}

interface EnvFileParts {
  before: string;
  /** The process whose connection is in it. */
  owner: number | null;
  /** Lines between the marks that are none of ours. */
  added: string[];
  after: string;
}

function readEnvFile(path: string): EnvFileParts {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const found = BLOCK.exec(text);
  if (!found) return { before: text, owner: null, added: [], after: '' };
  const lines = (found[2] ?? '').split('\n').filter(Boolean);
  return {
    before: text.slice(0, found.index),
    owner: Number(found[1]),
    added: lines.filter((line) => !OURS.test(line)),
    after: text.slice(found.index + found[0].length),
  };
}

/** Every variable that a demonstration writes. */
const OURS =
  /^(HIGHLEVEL_API_URL|HIGHLEVEL_MARKETPLACE_URL|CLIENT_ID|CLIENT_SECRET|RELAY_URL|RELAY_SERVES_PRIVATE_TOKENS|authData_\w+)=/;

function nameOf(line: string): string | undefined {
  return /^\s*(?:export\s+)?(\w+)\s*=/.exec(line)?.[1];
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Not ours to signal, and so there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function withBreak(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

/** Through a file beside it: a process that is killed meanwhile leaves the old one. */
function replace(path: string, text: string): void {
  const mode = existsSync(path) ? statSync(path).mode & 0o777 : 0o600;
  const aside = `${path}.${process.pid}`;
  writeFileSync(aside, text, { mode });
  renameSync(aside, path);
}
