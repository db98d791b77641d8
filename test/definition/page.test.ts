import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Connection, connect } from '../support/connection.ts';
import type { Operation } from './definition.ts';
import { pageOf } from './page.ts';
import { readDefinition } from './read.ts';

/* What people read in the Zap editor changes on purpose, and in a form that can be read in review. */
const FILE = new URL('../../docs/operations.md', import.meta.url);

describe('docs/operations.md', () => {
  let connection: Connection;
  let byToken: Connection;

  beforeAll(async () => {
    connection = await connect();
    byToken = await connect({}, 'private-token');
  });
  afterAll(() => Promise.all([connection.close(), byToken.close()]));

  it('says what the definition says (if not: RECORD_DEFINITION=1 npm run jest -- test/definition/page)', async () => {
    const app = await readDefinition(connection);
    const page = pageOf(app, app.triggers?.new_opportunity as Operation, await readDefinition(byToken));
    if (process.env.RECORD_DEFINITION) writeFileSync(FILE, page);
    expect(existsSync(FILE) && readFileSync(FILE, 'utf8')).toBe(page);
  });
});
