import { describe, expect, it } from '@jest/globals';
import { dealInTheWay } from '../../../highlevel/opportunities/duplicates.ts';
import { scripted } from '../../support/scripted.ts';

const WANTED = { contactId: 'c1', pipelineId: 'p1' };
const deal = { id: 'o1', contactId: 'c1', pipelineId: 'p1' };

describe('dealInTheWay', () => {
  const find = (opportunities: object[], settings?: object, scope = '') => {
    const script = scripted(({ path }) =>
      path.startsWith('/locations') ? { location: { id: 'l1', settings } } : { opportunities },
    );
    script.bundle.authData.scope = scope;
    return { found: dealInTheWay(script.z, script.bundle, WANTED), ...script };
  };

  it('is the deal of that contact in that pipeline', async () => {
    const { found, asked } = find([deal]);
    expect(await found).toEqual(deal);
    expect(asked[0]?.query).toMatchObject({ ...WANTED, limit: '1' });
  });

  it.each([
    [[]],
    [[{ ...deal, contactId: 'c2' }]],
    [[{ ...deal, pipelineId: 'p2' }]],
  ])('is none of others, should HighLevel not filter: %j', async (opportunities) => {
    const { found, asked } = find(opportunities);
    expect(await found).toBeNull();
    expect(asked).toHaveLength(1);
  });

  it('is in nobody’s way where the account allows several', async () => {
    expect(await find([deal], { allowDuplicateOpportunity: true }).found).toBeNull();
    expect(await find([deal], { allowDuplicateOpportunity: false }).found).toEqual(deal);
    expect(await find([deal], {}).found).toEqual(deal);
  });

  it('counts where the setting may not be read', async () => {
    const scope = 'opportunities.readonly opportunities.write';
    const { found, asked } = find([deal], { allowDuplicateOpportunity: true }, scope);
    expect(await found).toEqual(deal);
    expect(asked).toHaveLength(1);
  });
});
