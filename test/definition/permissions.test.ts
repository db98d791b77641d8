import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CREATE } from '../../fields/keys.ts';
import { AMPLE } from '../support/ample.ts';
import { type Connection, connect } from '../support/connection.ts';
import { type Definition, operationsOf } from './definition.ts';
import { permissionsOf, permissionsPage, type Taken } from './permissions.ts';
import { readDefinition } from './read.ts';

const FILE = new URL('../../docs/permissions.md', import.meta.url);

describe('docs/permissions.md', () => {
  let connection: Connection;
  let app: Definition;
  const taken: Taken[] = [];

  beforeAll(async () => {
    connection = await connect(AMPLE);
    connection.sandbox.setLocation(connection.sandbox.locationId, {
      allowDuplicateOpportunity: true,
      allowDuplicateContact: true,
    });
    app = await readDefinition(connection);
    // Which permission a request of one's own takes depends on the request.
    const fixed = operationsOf(app).filter(({ key }) => key !== CREATE.apiRequest);
    for (const one of fixed) taken.push(await permissionsOf(connection, one));
  }, 300_000);
  afterAll(() => connection.close());

  it('says what was seen (if not: RECORD_DEFINITION=1 npm run jest -- test/definition/permissions)', () => {
    const page = permissionsPage(taken.filter(({ one }) => !one.display.hidden));
    if (process.env.RECORD_DEFINITION) writeFileSync(FILE, page);
    expect(existsSync(FILE) && readFileSync(FILE, 'utf8')).toBe(page);
  });

  it('has no trigger and no search that needs to write', () => {
    const writing = taken.filter(
      ({ one, needs, uses }) =>
        one.shelf !== 'creates' && [...needs, ...uses].some((scope) => scope.endsWith('.write')),
    );
    expect(writing.map(({ one }) => one.key)).toEqual([]);
  });
});
