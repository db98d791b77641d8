import { expect, test } from '@jest/globals';
import { watchGaps } from '../../../relay/intake/gaps.ts';
import { createLog } from '../../../relay/log.ts';
import type { Db, Queryable } from '../../../relay/store/db.ts';
import { useDatabase } from '../support/database.ts';

const database = useDatabase(4);

test('a gap is noted with all locations that are to be caught up, or not at all', async () => {
  await database.db.query(
    `insert into relay.locations (location_id, catch_up_at)
     select 'l' || n, now() + interval '1 day' from generate_series(1, 1200) n`,
  );
  await database.db.query(`update relay.intake set taken_at = now() - interval '1 minute'`);
  let left = 1;
  const breaking = (q: Queryable): Queryable => ({
    async query<Row extends object>(text: string, values?: readonly unknown[]) {
      if (/update relay\.locations/.test(text) && left-- === 0) throw new Error('the connection broke');
      return q.query<Row>(text, values);
    },
  });
  const db: Db = {
    ...breaking(database.db),
    transaction: (work) => database.db.transaction((tx) => work(breaking(tx))),
  };
  const due = async () => {
    const rows = await database.db.query('select from relay.locations where catch_up_at <= now()');
    return rows.length;
  };
  const found: string[] = [];
  const gaps = watchGaps(
    { db, log: createLog('silent') },
    () => false,
    (reason) => found.push(reason),
  );
  await expect(gaps.takesAgain()).rejects.toThrow('the connection broke');
  expect([await due(), found]).toEqual([0, []]);
  await gaps.takesAgain();
  expect([await due(), found]).toEqual([1200, ['down']]);
  await gaps.stop();
});
