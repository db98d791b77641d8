import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** An endpoint as highlevel/ declares it. */
export interface DeclaredEndpoint {
  file: string;
  method: string;
  path: string;
  scope: string;
}

const ROOM = join(import.meta.dirname, '../../highlevel');
const DECLARED = /: Endpoint = \{\s*method: '(\w+)',\s*path: '([^']+)',\s*scope: '([^']+)',/g;

/**
 * Every endpoint that highlevel/ declares, read from its source, because most are known to their own file only.
 *
 * @throws Error where a declaration is written so that it cannot be read here
 */
export function declaredEndpoints(): DeclaredEndpoint[] {
  return sources().flatMap((file) => {
    const source = readFileSync(join(ROOM, file), 'utf8');
    const found = [...source.matchAll(DECLARED)].map(([, method = '', path = '', scope = '']) => ({
      file: `highlevel/${file}`,
      method,
      path,
      scope,
    }));
    const all = source.split(': Endpoint = {').length - 1;
    if (found.length === all) return found;
    throw new Error(
      `highlevel/${file}: write each Endpoint as {method, path, scope, …}, so that it can be checked.`,
    );
  });
}

function sources(): string[] {
  return readdirSync(ROOM, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
}
