/** Which permissions each operation takes, as it was seen to ask for them in the sandbox: docs/permissions.md. */

import { CREATE } from '../../fields/keys.ts';
import type { Scope } from '../../highlevel/http/permissions.ts';
import { permissionName, scopesFor } from '../../highlevel/http/permissions.ts';
import type { LoggedRequest } from '../../local/sandbox/index.ts';
import { type DeclaredEndpoint, declaredEndpoints } from '../contract/endpoints.ts';
import { inputsOf } from '../support/all-inputs.ts';
import { type Connection, errorOf, sentenceOf } from '../support/connection.ts';
import type { Run } from '../support/operation.ts';
import type { Placed } from './definition.ts';

const EVERY_SCOPE: Scope[] = (['reading', 'writing', 'extra'] as const).flatMap(scopesFor);

export interface Taken {
  one: Placed;
  /** Without each of these the operation does not work even with as little filled in as it takes. */
  needs: Scope[];
  /** What it asks for besides: names, the person's own fields, and what single fields take. */
  uses: Scope[];
}

/** Runs an operation with every permission, then without each in turn. */
export async function permissionsOf(connection: Connection, one: Placed): Promise<Taken> {
  const { runs } = inputsOf(one.key);
  const { all, least } = runs(connection.sandbox);
  const used = new Set<Scope>();
  for (const run of [...all, ...least]) {
    connection.sandbox.clearRequests();
    await perform(connection, one, run, EVERY_SCOPE);
    for (const request of connection.sandbox.requests()) used.add(scopeOf(request));
  }
  const needs: Scope[] = [];
  for (const scope of used) {
    for (const run of runs(connection.sandbox).least) {
      const granted = EVERY_SCOPE.filter((other) => other !== scope);
      if (!(await isRefused(connection, one, run, granted))) continue;
      if (!needs.includes(scope)) needs.push(scope);
    }
  }
  return { one, needs: inOrder(needs), uses: inOrder([...used].filter((scope) => !needs.includes(scope))) };
}

async function perform(connection: Connection, { place }: Placed, run: Run, scopes: Scope[]): Promise<void> {
  connection.forget();
  connection.sandbox.clearFaults();
  if (run.fault) connection.sandbox.fault(run.fault);
  const bundle = { ...run.bundle, authData: { ...connection.authData, scope: scopes.join(' ') } };
  const rest = { meta: run.meta ?? {}, bundle };
  await connection.run(`${place}.operation.${run.method ?? 'perform'}`, run.inputData, rest);
}

/** @throws Error where it fails for another reason than a missing permission */
async function isRefused(...args: Parameters<typeof perform>): Promise<boolean> {
  const failed = await perform(...args).then(
    () => null,
    (error: Error) => errorOf(Promise.reject(error)),
  );
  if (failed && !/the permission .* was not granted/.test(sentenceOf(failed))) throw failed;
  return failed !== null;
}

const DECLARED: DeclaredEndpoint[] = declaredEndpoints();

function scopeOf({ method, path }: LoggedRequest): Scope {
  const found = DECLARED.filter((one) => one.method === method && patternOf(one.path).test(path));
  // `/opportunities/search` is also a path of `/opportunities/{id}`: the one with fewer variables is meant.
  const [first] = found.sort((a, b) => a.path.split('{').length - b.path.split('{').length);
  if (!first) throw new Error(`${method} ${path} is not declared in highlevel/.`);
  return first.scope as Scope;
}

const patternOf = (path: string) => new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`);

const inOrder = (scopes: Scope[]) => EVERY_SCOPE.filter((scope) => scopes.includes(scope));

const ASKED = {
  reading: 'always',
  writing: 'for "Read and Write"',
  extra: 'where `HIGHLEVEL_EXTRA_SCOPES` names it',
};
const list = (scopes: Scope[]) => scopes.map((scope) => `\`${scope}\``).join(', ');

/** The page in Markdown. */
export function permissionsPage(taken: Taken[]): string {
  const extra = scopesFor('extra');
  const isExtra = (scope: Scope) => extra.includes(scope);
  const byExtra = taken.filter(({ needs, uses }) => [...needs, ...uses].some(isExtra));
  return `${[
    '# Permissions',
    'Written from what each operation was seen to ask for in the sandbox, and whether it works without; after a change: `RECORD_DEFINITION=1 npm run jest -- test/definition/permissions`.',
    '## What a connection asks for',
    'Whoever connects chooses "Read and Write" or "Read Only". The app holds to the choice itself: with "Read Only" every action stops before its first request and says so. What a marketplace app was not registered with must not be asked for, so the last ones are asked for only where the publisher names them.',
    [
      '| permission | called in HighLevel | asked for |',
      '|---|---|---|',
      ...(['reading', 'writing', 'extra'] as const).flatMap((kind) =>
        scopesFor(kind).map((scope) => `| \`${scope}\` | ${permissionName(scope)} | ${ASKED[kind]} |`),
      ),
    ].join('\n'),
    '## What each operation takes',
    'It does not work without what it needs, and says which is missing before the request that takes it. What it only uses is for names, your own custom fields, and single fields of the step: without it they are missing, or that field says so.',
    [
      '| operation | needs | uses |',
      '|---|---|---|',
      ...taken.map(({ one, needs, uses }) => `| \`${one.key}\` | ${list(needs)} | ${list(uses)} |`),
      `| \`${CREATE.apiRequest}\` | whatever its request takes | |`,
    ].join('\n'),
    '## By extra permission',
    byExtra.length > 0
      ? byExtra
          .map(({ one, needs, uses }) => {
            const needed = needs.filter(isExtra);
            const word =
              needed.length > 0 ? `needs ${list(needed)}` : `does more with ${list(uses.filter(isExtra))}`;
            return `- ${one.display.label} (\`${one.key}\`) ${word}`;
          })
          .join('\n')
      : 'No operation.',
  ].join('\n\n')}\n`;
}
