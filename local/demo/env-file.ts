import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const MARK =
  '# Written by `npm start`: a connection to the sandbox, for `zapier-platform invoke`. Safe to delete.';

/**
 * Writes the `.env` that Zapier's `invoke` command reads its connection from.
 * One that somebody else wrote is left alone.
 *
 * @returns whether it was written
 */
export function writeEnvFile(
  path: string,
  environment: Record<string, string>,
  authData: Record<string, unknown>,
): boolean {
  if (existsSync(path) && !readFileSync(path, 'utf8').startsWith(MARK)) return false;
  const lines = [
    MARK,
    ...Object.entries(environment).map(([key, value]) => `${key}=${value}`),
    ...Object.entries(authData).map(([key, value]) => `authData_${key}='${value}'`),
  ];
  writeFileSync(path, `${lines.join('\n')}\n`, { mode: 0o600 });
  return true;
}
