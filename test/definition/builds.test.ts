/** The builds differ in their connection and in what it hides, and in nothing that a Zap is built on. */

import { afterAll, describe, expect, it } from '@jest/globals';
import { createAppHandler } from 'zapier-platform-core';
import { BUILD_NAMES, BUILDS } from '../support/connection.ts';
import { type Definition, operationsOf, type Placed } from './definition.ts';
import { connectForExamples, deliveryFor, exampleFor } from './examples.ts';

const definitionOf = async (app: object) =>
  (await createAppHandler(app)({ command: 'definition', calledFromCli: true })).results as Definition;

/** Without the connection, and without what is only hidden by it. */
function beyondConnection(definition: Definition): unknown {
  const copy = structuredClone({ ...definition, authentication: undefined });
  for (const one of operationsOf(copy, 'triggers')) {
    if (one.operation.type === 'hook') delete copy.triggers?.[one.mapKey]?.display.hidden;
  }
  return copy;
}

describe('the two builds', () => {
  it('are one app but for their connection and the instant triggers that it hides', async () => {
    const [oauth, privateToken] = await Promise.all(BUILD_NAMES.map((name) => definitionOf(BUILDS[name])));
    if (!oauth || !privateToken) throw new Error('There are two builds.');
    expect(beyondConnection(privateToken)).toEqual(beyondConnection(oauth));
    expect(oauth.authentication?.type).toBe('oauth2');
    expect(privateToken.authentication?.type).toBe('custom');
    for (const { display, operation } of operationsOf(privateToken, 'triggers')) {
      if (operation.type === 'hook') expect(display.hidden).toBe(true);
    }
  });

  it('pass the check that core itself makes of a definition', async () => {
    for (const name of BUILD_NAMES) {
      const handler = createAppHandler(BUILDS[name]);
      expect((await handler({ command: 'validate', calledFromCli: true })).results).toEqual([]);
    }
  });
});

/** Every operation's good case under every kind of connection. */
const connections = Object.fromEntries(
  await Promise.all(BUILD_NAMES.map(async (name) => [name, await connectForExamples(name)] as const)),
);
const operations = operationsOf(await definitionOf(BUILDS.oauth));
afterAll(() => Promise.all(Object.values(connections).map((one) => one.close())));

async function answer(build: string, { place, operation }: Placed): Promise<unknown[]> {
  const connection = connections[build];
  if (!connection) throw new Error(`There is no connection of the build ${build}.`);
  const input = exampleFor({ place }, connection.sandbox);
  const bundle =
    operation.type === 'hook' ? { cleanedRequest: deliveryFor({ place }, connection.sandbox) } : {};
  return [await connection.run<unknown>(`${place}.operation.perform`, input, { bundle })].flat();
}

describe.each(BUILD_NAMES)('connected by %s', (build) => {
  it.each(operations.map((one) => [one.place, one] as const))('%s answers', async (_place, one) => {
    expect(await answer(build, one)).not.toEqual([]);
  });
});
