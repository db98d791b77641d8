import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Connection, connect } from '../support/connection.ts';

const PERFORM = 'triggers.new_opportunity.operation.perform';

describe('new_opportunity', () => {
  let connection: Connection;

  beforeAll(async () => {
    connection = await connect();
  });
  afterAll(() => connection.close());

  it('shows each deal with names, a link and times with offset, newest first', async () => {
    const rows = await connection.run(PERFORM);
    expect(rows).toHaveLength(30);
    const created = rows.map((row) => String(row.created_at));
    expect(created).toEqual([...created].sort().reverse());
    expect(rows[0]).toMatchObject({
      pipeline_name: expect.any(String),
      stage_name: expect.any(String),
      created_at: expect.stringMatching(/Z$/),
      url: expect.stringContaining('/opportunities/list?opportunity='),
    });
  });
});
