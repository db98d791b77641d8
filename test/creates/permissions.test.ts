import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { wantedScopes } from '../../highlevel/http/permissions.ts';
import { connectForExamples, exampleFor } from '../definition/examples.ts';
import { type Connection, errorOf, sentenceOf } from '../support/connection.ts';

const creates = readdirSync(new URL('../../creates', import.meta.url))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replace('.ts', ''));

describe('without the permission to write', () => {
  let connection: Connection;

  beforeAll(async () => {
    connection = await connectForExamples();
  });
  afterAll(() => connection.close());
  beforeEach(() => {
    connection.requests();
  });

  it.each(creates)('%s says so, in Test Mode as well, before it asks HighLevel for anything', async (key) => {
    const place = `creates.${key}`;
    const scope = wantedScopes().replace(/\S+\.write/g, '');
    const authData = { ...connection.authData, scope };
    for (const test_mode of [false, true]) {
      const input = { ...exampleFor({ place }, connection.sandbox), test_mode };
      const error = await errorOf(
        connection.run(`${place}.operation.perform`, input, { bundle: { authData } }),
      );
      expect(sentenceOf(error)).toMatch(
        /^This HighLevel connection is not allowed to .*: the permission Edit [^(]+ \(\S+\.write\) was not granted\./,
      );
    }
    expect(connection.requests()).toEqual([]);
  });

  it.each(creates)('%s says so as well where the person connected for reading alone', async (key) => {
    const place = `creates.${key}`;
    const bundle = { authData: { ...connection.authData, access: 'read' } };
    for (const test_mode of [false, true]) {
      const input = { ...exampleFor({ place }, connection.sandbox), test_mode };
      const error = await errorOf(connection.run(`${place}.operation.perform`, input, { bundle }));
      expect(sentenceOf(error)).toMatch(
        /^This HighLevel connection is not allowed to .*: it was connected as "Read Only"\. Open My Apps/,
      );
    }
    expect(connection.requests()).toEqual([]);
  });
});
