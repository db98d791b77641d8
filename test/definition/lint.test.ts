import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BUILD_NAMES, type Connection, connect } from '../support/connection.ts';
import type { Definition } from './definition.ts';
import { lint } from './lint.ts';
import { readDefinition, readFacts } from './read.ts';

describe.each(BUILD_NAMES)('the definition of the build %s', (build) => {
  let connection: Connection;
  let app: Definition;

  beforeAll(async () => {
    connection = await connect({}, build);
    app = await readDefinition(connection);
  });
  afterAll(() => connection.close());

  it('passes every publishing check and every rule of the house', () => {
    expect(lint(app, readFacts())).toEqual([]);
  });

  it('was linted with the account’s own fields in it', () => {
    const { inputFields, outputFields } = app.creates?.create_opportunity?.operation ?? {};
    expect(inputFields?.some(({ ofAccount }) => ofAccount)).toBe(true);
    expect(outputFields?.some(({ ofAccount }) => ofAccount)).toBe(true);
  });

  it('names its connections by what the test of a connection answers', async () => {
    const label = app.authentication?.connectionLabel ?? '';
    const answer = await connection.run<Record<string, unknown>>('authentication.test');
    const named = [...label.matchAll(/\{\{(\w+)\}\}/g)].map(([, key = '']) => answer[key]);
    expect(named.length).toBeGreaterThan(0);
    expect(named).toEqual(named.map(() => expect.stringMatching(/\S/)));
  });
});
