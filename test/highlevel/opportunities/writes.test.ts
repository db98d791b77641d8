import { describe, expect, it } from '@jest/globals';
import { CLOCK_DRIFT_MS } from '../../../highlevel/http/attempts.ts';
import { lostOnce, scripted } from '../../support/scripted.ts';

const WANTED = { contactId: 'c1', pipelineId: 'p1', name: 'New  Site', status: 'open' } as const;
const at = (ms: number) => new Date(Date.now() + ms).toISOString();
const SAME = { id: 'o1', contactId: 'c1', pipelineId: 'p1', name: 'new site', createdAt: at(0) };

/** Two runs of a creation: the first is not answered, and the second finds these, each by its id as in `byId`. */
async function replayed(
  rows: unknown[],
  { byId = {}, refusal }: { byId?: Record<string, object>; refusal?: object } = {},
) {
  const created = lostOnce(
    refusal ? { status: 400, data: refusal } : { opportunity: { id: 'made', ...WANTED } },
  );
  const { highlevel, asked } = scripted(({ path }) => {
    if (path === '/opportunities/search') return { opportunities: rows, total: rows.length };
    if (path !== '/opportunities/') return { opportunity: byId[path.split('/').at(-1) ?? ''] };
    return created();
  });
  await expect(highlevel.opportunities.create(WANTED)).rejects.toThrow(/did not say whether it could/);
  const writes = asked.length;
  const again = await highlevel.opportunities.create(WANTED).then(
    ({ id }) => id,
    (error: Error) => error.message,
  );
  return { again, creations: asked.slice(writes).filter(({ path }) => path === '/opportunities/').length };
}

describe('an opportunity whose creation was not answered', () => {
  it('is the one that is there, whatever the capitals and spaces of its name', async () => {
    expect(await replayed([SAME])).toEqual({ again: 'o1', creations: 0 });
    const before = { ...SAME, id: 'o0', createdAt: at(-2 * CLOCK_DRIFT_MS) };
    expect(await replayed([before, SAME])).toEqual({ again: 'o1', creations: 0 });
    const undated = { ...SAME, createdAt: undefined };
    expect(await replayed([undated], { byId: { o1: SAME } })).toEqual({ again: 'o1', creations: 0 });
  });

  it('is the one that is there where its contact is told inside the row alone', async () => {
    const inside = { ...SAME, contactId: undefined, contact: { id: 'c1' } };
    expect(await replayed([inside])).toEqual({ again: 'o1', creations: 0 });
  });

  it('is made where the one that is there is another contact’s, told inside the row alone', async () => {
    const others = { ...SAME, contactId: undefined, contact: { id: 'c2' } };
    expect(await replayed([others])).toEqual({ again: 'made', creations: 1 });
  });

  it.each([
    ['of another contact', { contactId: 'c2' }],
    ['in another pipeline', { pipelineId: 'p2' }],
    ['of another name', { name: 'New Sites' }],
    ['created before', { createdAt: at(-2 * CLOCK_DRIFT_MS) }],
  ])('is made where there is one %s', async (_, changes) => {
    expect(await replayed([{ ...SAME, ...changes }])).toEqual({ again: 'made', creations: 1 });
  });

  it('is told by its ID where the row has no name', async () => {
    const nameless = { ...SAME, name: null };
    expect(await replayed([nameless], { byId: { o1: SAME } })).toEqual({ again: 'o1', creations: 0 });
    for (const o1 of [nameless, { ...SAME, name: 'Other' }]) {
      expect(await replayed([nameless], { byId: { o1 } })).toEqual({ again: 'made', creations: 1 });
    }
  });

  it('is not made beside one that has no date or no id', async () => {
    const undated = { ...SAME, createdAt: undefined };
    const one = await replayed([undated], { byId: { o1: undated } });
    expect(one).toMatchObject({
      again: expect.stringMatching(/looks the same and has no date/),
      creations: 0,
    });
    const other = await replayed([{ ...SAME, id: undefined }]);
    expect(other).toMatchObject({ again: expect.stringMatching(/has no ID/), creations: 0 });
  });

  it('is the one that HighLevel’s refusal names, where that is the same and new', async () => {
    const refusal = { message: 'Duplicate opportunity', meta: { existingId: 'o1' } };
    expect(await replayed([], { refusal, byId: { o1: SAME } })).toEqual({ again: 'o1', creations: 1 });
    for (const byId of [
      { o1: { ...SAME, name: 'Other' } },
      { o1: { ...SAME, contactId: 'c2' } },
      { o1: { ...SAME, pipelineId: 'p2' } },
      { o1: { ...SAME, createdAt: at(-86_400_000) } },
      { o1: { ...SAME, createdAt: undefined } },
    ]) {
      expect((await replayed([], { refusal, byId })).again).toMatch(/Duplicate opportunity/);
    }
  });

  it('is searched for where the refusal names what is no opportunity, or is gone', async () => {
    for (const meta of [{ contactId: 'c1' }, { existingId: 'gone' }]) {
      const refusal = { message: 'Duplicate opportunity', meta };
      const byId = { c1: null as never, gone: null as never };
      expect((await replayed([], { refusal, byId })).again).toMatch(/Duplicate opportunity/);
    }
  });

  it('is looked for again after HighLevel had too many requests to take the second', async () => {
    const answers = [
      { status: 502, data: {} },
      { status: 429, data: { message: 'Too many requests' } },
      { opportunity: { ...WANTED, id: 'made' } },
    ];
    let rows: unknown[] = [];
    const { highlevel } = scripted(({ path }) =>
      path === '/opportunities/search' ? { opportunities: rows, total: rows.length } : answers.shift(),
    );
    const { create } = highlevel.opportunities;
    await expect(create(WANTED)).rejects.toMatchObject({ name: 'AppError' });
    await expect(create(WANTED)).rejects.toMatchObject({ name: 'ThrottledError' });
    rows = [SAME];
    expect(await create(WANTED)).toMatchObject({ id: 'o1' });
  });

  it('is known to have been made before, or not', async () => {
    const { highlevel } = scripted(({ path }) =>
      path === '/opportunities/search' ? { opportunities: [SAME], total: 1 } : { status: 502, data: {} },
    );
    expect(await highlevel.opportunities.wasCreatedBefore(WANTED)).toBe(false);
    await highlevel.opportunities.create(WANTED).catch(() => null);
    expect(await highlevel.opportunities.wasCreatedBefore(WANTED)).toBe(true);
    expect(await highlevel.opportunities.wasCreatedBefore({ ...WANTED, name: 'Other' })).toBe(false);
  });
});

describe('an opportunity that was created', () => {
  it('is found again before the search has it, though the answer named its ID alone', async () => {
    const { highlevel } = scripted(({ method }) =>
      method === 'POST' ? { opportunity: { id: 'o1' } } : { opportunity: SAME },
    );
    await highlevel.opportunities.create(WANTED);
    expect(await highlevel.opportunities.findTwin(WANTED)).toMatchObject({ id: 'o1' });
  });

  it('is shown as it stands, or else as it was sent, where the answer named its ID alone', async () => {
    const created = async (read: unknown) => {
      const { highlevel } = scripted(({ method }) =>
        method === 'POST' ? { opportunity: { _id: 'o1' } } : read,
      );
      return highlevel.opportunities.create({ ...WANTED, monetaryValue: 500 });
    };
    expect(await created({ opportunity: { ...SAME, monetaryValue: 400 } })).toMatchObject({
      id: 'o1',
      name: 'new site',
      monetaryValue: 400,
    });
    for (const read of [{ status: 500, data: {} }, { status: 404, data: {} }, {}]) {
      expect(await created(read)).toMatchObject({ ...WANTED, id: 'o1', monetaryValue: 500 });
    }
  });
});

describe('an opportunity that is changed', () => {
  const changed = async (answer: unknown, read: unknown, change: object = { name: 'Shop' }) => {
    const { highlevel, said, asked } = scripted(({ method }) => (method === 'PUT' ? answer : read));
    return { record: await highlevel.opportunities.update('o1', change), said, asked };
  };
  const whole = { id: 'o1', name: 'Shop', pipelineId: 'p1' };

  it('is as the answer says, where that is whole', async () => {
    const { record, asked } = await changed({ opportunity: whole }, {});
    expect(record).toEqual(whole);
    expect(asked).toHaveLength(1);
  });

  it.each([
    [{ opportunity: { id: 'o1' } }],
    [{ success: true }],
    [[]],
    [{ opportunity: { pipelineId: 'p1' } }],
  ])('is read where the answer is %j', async (answer) => {
    const { record, asked, said } = await changed(answer, { opportunity: whole });
    expect(record).toEqual(whole);
    expect(asked.map(({ method }) => method)).toEqual(['PUT', 'GET']);
    expect(said).toEqual([]);
  });

  it('is as it was sent where it cannot be read', async () => {
    const { record, said } = await changed(
      {},
      { status: 500, data: {} },
      { name: 'Shop', monetaryValue: null },
    );
    expect(record).toEqual({ id: 'o1', name: 'Shop', monetaryValue: 0 });
    expect(said).toEqual(['the opportunity was changed, and could not be read again']);
    const five = await changed({}, { status: 500, data: {} }, { monetaryValue: 5 });
    expect(five.record).toEqual({ id: 'o1', monetaryValue: 5 });
  });

  it('is none where it is gone, though HighLevel answered as if it had been changed', async () => {
    for (const read of [{ opportunity: null }, { status: 404, data: {} }]) {
      await expect(changed({ success: true }, read)).rejects.toMatchObject({ name: 'HaltedError' });
    }
  });

  it('sends the number of a custom field as text', async () => {
    const customFields = [
      { id: 'f1', value: 5 },
      { id: 'f2', value: ['a', 'b'] },
    ];
    const { asked } = await changed({ opportunity: whole }, {}, { customFields });
    expect(asked[0]?.body.customFields).toEqual([
      { id: 'f1', fieldValue: '5' },
      { id: 'f2', fieldValue: ['a', 'b'] },
    ]);
  });
});

describe('a change that was not answered', () => {
  const { highlevel } = scripted(() => ({ status: 502, data: {} }));
  const { update, setStatus } = highlevel.opportunities;

  it.each([
    ['update', (repeatable?: boolean) => update('o1', { name: 'Shop' }, repeatable)],
    ['setStatus', (repeatable?: boolean) => setStatus('o1', { status: 'won' }, repeatable)],
  ])('may be made again, unless the step says otherwise: %s', async (_, change) => {
    await expect(change()).rejects.toThrow(/does no harm to save it twice/);
    await expect(change(false)).rejects.toThrow(/look in HighLevel before you replay/);
  });
});

describe('an opportunity that is deleted', () => {
  it('is remembered as deleted by a step whose answer was lost, once', async () => {
    const { highlevel } = scripted(() => ({ status: 502, data: {} }));
    expect(await highlevel.opportunities.wasDeletedBefore('o1')).toBe(false);
    await highlevel.opportunities.remove('o1').catch(() => null);
    expect(await highlevel.opportunities.wasDeletedBefore('o2')).toBe(false);
    expect(await highlevel.opportunities.wasDeletedBefore('o1')).toBe(true);
    expect(await highlevel.opportunities.wasDeletedBefore('o1')).toBe(false);
  });
});

describe('a source that HighLevel refused', () => {
  it('is remembered, for this connection', async () => {
    const { highlevel } = scripted(() => ({}));
    expect(await highlevel.opportunities.isSourceRefused()).toBe(false);
    await highlevel.opportunities.rememberSourceRefused();
    expect(await highlevel.opportunities.isSourceRefused()).toBe(true);
  });
});

describe('followers', () => {
  it('are added and removed by their ids, or all of them', async () => {
    const { highlevel, asked } = scripted(() => ({ followers: [] }));
    const { addFollowers, removeFollowers, removeAllFollowers } = highlevel.opportunities;
    await addFollowers('o1', ['u1', 'u2']);
    await removeFollowers('o1', ['u1']);
    await removeAllFollowers('o1');
    const path = '/opportunities/o1/followers';
    expect(asked).toEqual([
      { method: 'POST', path, query: {}, body: { followers: ['u1', 'u2'] } },
      { method: 'DELETE', path, query: {}, body: { followers: ['u1'] } },
      { method: 'DELETE', path, query: { isRemoveAllFollowers: 'true' }, body: { followers: [] } },
    ]);
  });
});
