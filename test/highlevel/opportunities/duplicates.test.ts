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
});
