import { describe, expect, it } from '@jest/globals';
import { existingOpportunity, opportunityInTheWay } from '../../../highlevel/opportunities/duplicates.ts';
import { scripted } from '../../support/scripted.ts';

const WANTED = { contactId: 'c1', pipelineId: 'p1' };
const opportunity = { id: 'o1', contactId: 'c1', pipelineId: 'p1' };

describe('opportunityInTheWay', () => {
  const find = (opportunities: object[], settings?: object, scope = '') => {
    const script = scripted(({ path }) =>
      path.startsWith('/locations') ? { location: { id: 'l1', settings } } : { opportunities },
    );
    script.bundle.authData.scope = scope;
    return { found: opportunityInTheWay(script.highlevel, WANTED), ...script };
  };

  it('is the opportunity of that contact in that pipeline', async () => {
    const { found, asked } = find([opportunity]);
    expect(await found).toEqual(opportunity);
    expect(asked[0]?.query).toMatchObject({ ...WANTED, limit: '1' });
  });

  it.each([
    [[]],
    [[{ ...opportunity, contactId: 'c2' }]],
    [[{ ...opportunity, pipelineId: 'p2' }]],
  ])('is none of others, should HighLevel not filter: %j', async (opportunities) => {
    const { found, asked } = find(opportunities);
    expect(await found).toBeNull();
    expect(asked).toHaveLength(1);
  });

  it('is in nobody’s way where the account allows several', async () => {
    expect(await find([opportunity], { allowDuplicateOpportunity: true }).found).toBeNull();
    expect(await find([opportunity], { allowDuplicateOpportunity: false }).found).toEqual(opportunity);
    expect(await find([opportunity], {}).found).toEqual(opportunity);
  });

  it('is not overlooked where the row cannot be read or has no id', async () => {
    for (const odd of [{ ...opportunity, id: undefined }, null]) {
      await expect(find([odd as object]).found).rejects.toThrow(/cannot tell which opportunity/);
    }
    await expect(find([{ ...opportunity, monetaryValue: 'much' }]).found).rejects.toThrow(/cannot read/);
  });

  it('counts where the setting may not be read', async () => {
    const scope = 'opportunities.readonly opportunities.write';
    const { found, asked } = find([opportunity], { allowDuplicateOpportunity: true }, scope);
    expect(await found).toEqual(opportunity);
    expect(asked).toHaveLength(1);
  });
});

describe('existingOpportunity', () => {
  it('is not guessed where one of the contact’s opportunities cannot be read', async () => {
    const won = { ...opportunity, status: 'won' };
    const odd = { ...opportunity, id: 'o2', status: 'open', monetaryValue: 'much' };
    const { highlevel, asked } = scripted(() => ({ opportunities: [won, odd] }));
    await expect(existingOpportunity(highlevel, WANTED)).rejects.toThrow(/cannot read.*Nothing was changed/);
    expect(asked).toHaveLength(1);
  });

  it.each([
    ['without an id', { ...opportunity, id: undefined }],
    ['that is null', null],
  ])('is not guessed where a row comes %s, unless HighLevel refuses a second one itself', async (_, odd) => {
    const among = (rows: unknown[], allowDuplicateOpportunity: boolean) => {
      const { highlevel } = scripted(({ path }) =>
        path.startsWith('/locations')
          ? { location: { id: 'l1', settings: { allowDuplicateOpportunity } } }
          : { opportunities: rows },
      );
      return existingOpportunity(highlevel, WANTED);
    };
    await expect(among([odd], true)).rejects.toThrow(/without its ID.*Nothing was changed/);
    await expect(among([odd, { ...opportunity, status: 'won' }], false)).rejects.toThrow(/without its ID/);
    expect(await among([odd], false)).toBeNull();
  });

  const find = (rows: object[], single: Record<string, object> = {}) => {
    const script = scripted(({ path }) => {
      const id = path.split('/').at(-1) ?? '';
      const row = single[id] ?? rows.find((one) => (one as { id: string }).id === id);
      return id === 'search' ? { opportunities: rows } : { opportunity: row };
    });
    return existingOpportunity(script.highlevel, WANTED);
  };
  const of = (id: string, status?: unknown) => ({ ...opportunity, id, status });

  it.each([
    ['paused'],
    [undefined],
    [null],
    [''],
  ])('comes after an open one where its status is %j', async (odd) => {
    expect(await find([of('odd', odd), of('open', 'open')])).toMatchObject({ id: 'open' });
  });

  it.each([
    ['paused'],
    [undefined],
  ])('comes after a lost one and before a won one where its status is %j', async (odd) => {
    expect(await find([of('odd', odd), of('lost', 'lost')])).toMatchObject({ id: 'lost' });
    expect(await find([of('won', 'won'), of('odd', odd)])).toMatchObject({ id: 'odd' });
  });

  it('is the open one where the rows tell no status and the reads by id do', async () => {
    const rows = [of('won'), of('open'), of('lost')];
    const single = Object.fromEntries(['won', 'open', 'lost'].map((status) => [status, of(status, status)]));
    expect(await find(rows, single)).toMatchObject({ id: 'open', status: 'open' });
  });

  it('is not guessed either where it may not be read what HighLevel refuses', async () => {
    const { highlevel, bundle } = scripted(({ path }) =>
      path.startsWith('/locations')
        ? { location: { id: 'l1', settings: { allowDuplicateOpportunity: false } } }
        : { opportunities: [null], total: 1 },
    );
    bundle.authData.scope = 'opportunities.readonly';
    await expect(existingOpportunity(highlevel, WANTED)).rejects.toThrow(/without its ID/);
  });

  it('is not guessed where the setting cannot be had', async () => {
    const { highlevel } = scripted(({ path }) =>
      path.startsWith('/locations') ? { status: 500, data: {} } : { opportunities: [null], total: 1 },
    );
    await expect(existingOpportunity(highlevel, WANTED)).rejects.toThrow(/without its ID/);
  });

  it('is none of another contact or pipeline, should HighLevel not filter', async () => {
    const others = [
      { ...of('o2', 'open'), contactId: 'c2' },
      { ...of('o3', 'open'), pipelineId: 'p2' },
    ];
    expect(await find([...others, of('o1', 'won')])).toMatchObject({ id: 'o1' });
    expect(await find(others)).toBeNull();
  });

  it('is not one that is gone by the time it is read, even beside others', async () => {
    const { highlevel } = scripted(({ path }) => {
      const id = path.split('/').at(-1);
      if (id === 'search') return { opportunities: [of('gone'), of('lost', 'lost')], total: 2 };
      return id === 'gone' ? { status: 404, data: {} } : { opportunity: of('lost', 'lost') };
    });
    expect(await existingOpportunity(highlevel, WANTED)).toMatchObject({ id: 'lost' });
  });

  it('is the one that was found last time while it is open and the contact’s in that pipeline', async () => {
    for (const [known, found] of [
      [of('o1', 'open'), 'o1'],
      [{ ...of('o1', 'open'), contactId: undefined, contact: { id: 'c1' } }, 'o1'],
      [of('o1', 'lost'), 'o2'],
      [{ ...of('o1', 'open'), contactId: 'c2' }, 'o2'],
      [{ ...of('o1', 'open'), pipelineId: 'p2' }, 'o2'],
    ] as const) {
      let first = true;
      const { highlevel, asked } = scripted(({ path }) => {
        const id = path.split('/').at(-1);
        if (id === 'search')
          return { opportunities: [first ? of('o1', 'open') : of('o2', 'open')], total: 1 };
        return { opportunity: first ? of('o1', 'open') : id === 'o1' ? known : of('o2', 'open') };
      });
      await existingOpportunity(highlevel, WANTED);
      first = false;
      asked.splice(0);
      expect(await existingOpportunity(highlevel, WANTED)).toMatchObject({ id: found });
      expect(asked).toHaveLength(found === 'o1' ? 1 : 3);
    }
  });
});
