import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Connection, connect } from '../support/connection.ts';
import { type Definition, operationsOf } from './definition.ts';
import { lint } from './lint.ts';
import { readDefinition, readFacts } from './read.ts';

/** Written, and offered once the relay that serves them stands; then they leave this list. */
const WAITING = [
  'triggers/new_opportunity_instant.ts',
  'triggers/opportunity_deleted_instant.ts',
  'triggers/owner_changed_instant.ts',
  'triggers/stage_changed_instant.ts',
  'triggers/status_changed_instant.ts',
  'triggers/value_changed_instant.ts',
];

describe('the definition', () => {
  let connection: Connection;
  let app: Definition;

  beforeAll(async () => {
    connection = await connect();
    app = await readDefinition(connection);
  });
  afterAll(() => connection.close());

  it('passes every publishing check and every rule of the house', () => {
    const facts = readFacts();
    const files = facts.files.filter((file) => !WAITING.includes(file));
    expect(lint(app, { ...facts, files })).toEqual([]);
  });

  it('has nothing of what is said to wait', () => {
    const offered = operationsOf(app).map(({ shelf, key }) => `${shelf}/${key}.ts`);
    expect(WAITING.filter((file) => offered.includes(file))).toEqual([]);
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
    expect(named).toEqual(named.map(() => expect.stringMatching(/\S/)));
  });
});
