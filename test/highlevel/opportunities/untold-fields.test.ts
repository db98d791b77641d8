import { describe, expect, it } from '@jest/globals';
import { settleFields, tellNoFields, withoutFields } from '../../../highlevel/opportunities/untold-fields.ts';
import { scripted } from '../../support/scripted.ts';

const HOUR_MS = 60 * 60 * 1000;
const ago = (ms: number) => new Date(Date.now() - ms).toISOString();
const EDITED = ago(HOUR_MS / 2);
const VALUES = [{ id: 'f1', fieldValue: 'A-1' }];
const row = (id: string, updatedAt = EDITED) => ({ id, status: 'open', updatedAt });

/** What the read by id tells of these, beside what their rows do. */
const having = (byId: Record<string, object | null>) =>
  scripted(({ path }) => {
    const id = path.split('/').at(-1) ?? '';
    const told = byId[id];
    return told === null ? { status: 404, data: {} } : { opportunity: { ...row(id), ...told } };
  });

describe('rows that tell no custom field', () => {
  it('are those of a page where none does', () => {
    expect(tellNoFields([])).toBe(false);
    expect(tellNoFields([row('o1'), row('o2')])).toBe(true);
    expect(tellNoFields([row('o1'), { ...row('o2'), customFields: [] }])).toBe(false);
    expect(withoutFields(row('o1'))).toEqual({ ...row('o1'), customFields: [] });
  });

  it('have none where the read by id has none either', async () => {
    const { highlevel, asked } = having({ o1: {}, o2: { customFields: [] }, o3: null });
    const rows = [row('o1'), row('o2'), row('o3')];
    expect(await settleFields(highlevel, rows, true)).toEqual(rows.map(withoutFields));
    expect(asked.map(({ path }) => path)).toEqual(rows.map(({ id }) => `/opportunities/${id}`));
  });

  it('stay as they came where the read by id has some, which is remembered', async () => {
    const { highlevel, asked } = having({ o1: {}, o2: { customFields: VALUES } });
    const rows = [row('o1'), row('o2'), row('o3')];
    expect(await settleFields(highlevel, rows, true)).toBe(rows);
    expect(asked).toHaveLength(2);
    expect(await settleFields(highlevel, rows, true)).toBe(rows);
    expect(asked).toHaveLength(2);
  });

  it('leave open alone the one that was edited since the search looked', async () => {
    const { highlevel } = having({ o1: { customFields: VALUES, updatedAt: ago(1000) } });
    expect(await settleFields(highlevel, [row('o1'), row('o2')], true)).toEqual([
      row('o1'),
      withoutFields(row('o2')),
    ]);
  });

  it('are read by id no more than five times, the first and those edited within the hour', async () => {
    const old = ago(2 * HOUR_MS);
    const { highlevel, asked } = having({});
    await settleFields(highlevel, [row('o1', old), row('o2', old), row('o3')], true);
    expect(asked.map(({ path }) => path)).toEqual(['/opportunities/o1', '/opportunities/o3']);
    asked.splice(0);
    await settleFields(
      highlevel,
      Array.from({ length: 9 }, (_, at) => row(`n${at}`)),
      true,
    );
    expect(asked).toHaveLength(5);
  });

  it('stay as they came where they are older, and only the latest are asked about', async () => {
    const old = ago(2 * HOUR_MS);
    const { highlevel } = having({});
    const rows = [row('o1', old), row('o2', old), row('o3')];
    expect(await settleFields(highlevel, rows, false)).toEqual([
      withoutFields(row('o1', old)),
      row('o2', old),
      withoutFields(row('o3')),
    ]);
  });

  it('are taken as they are, and nothing is asked, where one tells some', async () => {
    const { highlevel, asked } = having({});
    const rows = [row('o1'), { ...row('o2'), customFields: VALUES }];
    expect(await settleFields(highlevel, rows, true)).toBe(rows);
    expect(asked).toEqual([]);
  });
});
