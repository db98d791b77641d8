import { describe, expect, it } from '@jest/globals';
import { contactRecord, presentContact } from '../../../highlevel/contacts/record.ts';
import { present, presentOne } from '../../../highlevel/opportunities/present.ts';
import { type Asked, scripted } from '../../support/scripted.ts';

const ACCOUNT = {
  pipelines: [{ id: 'p1', name: 'Sales', stages: [{ id: 's1', name: 'New' }] }],
  users: [
    { id: 'u1', name: 'Ana Ruiz', email: 'ana@example.com' },
    { id: 'u2', name: 'Lee Park' },
  ],
  lostReasons: [{ id: 'r1', name: 'Price' }],
  customFields: [{ id: 'f1', dataType: 'NUMERICAL' }],
};
const opportunity = {
  id: 'o1',
  pipelineId: 'p1',
  pipelineStageId: 's1',
  assignedTo: 'u1',
  lostReasonId: 'r1',
  locationId: 'l9',
  customFields: [{ id: 'f1', fieldValue: '7' }],
};

describe('opportunities as this app shows them', () => {
  const account = (answer: (asked: Asked) => unknown = () => ACCOUNT) => scripted(answer);
  const paths = (asked: Asked[]) => asked.map(({ path }) => path).sort();

  it('have names beside their ids, a link, and every custom field', async () => {
    const { highlevel } = account();
    expect(await presentOne(highlevel, opportunity)).toMatchObject({
      pipeline_name: 'Sales',
      stage_name: 'New',
      owner_name: 'Ana Ruiz',
      owner_email: 'ana@example.com',
      lost_reason_name: 'Price',
      location_id: 'l9',
      url: 'https://app.gohighlevel.com/v2/location/l9/opportunities/list?opportunity=o1',
      custom_fields: { f1: 7 },
    });
  });

  it('have their own custom fields alone where those of the account may not be read', async () => {
    const { highlevel, bundle, asked } = account();
    bundle.authData.scope = 'opportunities.readonly';
    expect((await presentOne(highlevel, opportunity)).custom_fields).toEqual({ f1: '7' });
    expect(paths(asked).filter((path) => path.endsWith('customFields'))).toEqual([]);
  });

  it('have no name of a reason where the reason is not told', async () => {
    const { highlevel } = account();
    const lost = await presentOne(highlevel, { ...opportunity, status: 'lost', lostReasonId: undefined });
    expect(lost).not.toHaveProperty('lost_reason_name');
    expect(await presentOne(highlevel, { ...opportunity, lostReasonId: null })).toMatchObject({
      lost_reason_name: null,
    });
  });

  it('have null for a name that there is not', async () => {
    const { highlevel } = account();
    const strange = {
      id: 'o2',
      pipelineId: 'p9',
      pipelineStageId: 's9',
      assignedTo: 'u9',
      lostReasonId: 'r9',
      customFields: [],
    };
    const [first, second] = await present(highlevel, [
      strange,
      { ...opportunity, pipelineStageId: 's9', assignedTo: 'u2' },
    ]);
    expect(first).toMatchObject({
      pipeline_name: null,
      stage_name: null,
      owner_name: null,
      owner_email: null,
      lost_reason_name: null,
      location_id: 'l1',
      custom_fields: { f1: null },
    });
    expect(second).toMatchObject({
      pipeline_name: 'Sales',
      stage_name: null,
      owner_name: 'Lee Park',
      owner_email: null,
    });
  });

  it('cost nothing where there are none', async () => {
    const { highlevel, asked } = account();
    expect(await present(highlevel, [])).toEqual([]);
    expect(asked).toEqual([]);
  });

  it('cost only the lists that explain something', async () => {
    const { highlevel, asked } = account();
    await presentOne(highlevel, { id: 'o1' });
    expect(paths(asked)).toEqual(['/locations/l1/customFields', '/opportunities/pipelines']);
  });

  it('are asked for anew only for an id that a list lacks', async () => {
    const { highlevel, asked } = account();
    await presentOne(highlevel, opportunity);
    expect(asked).toHaveLength(4);
    await presentOne(highlevel, { id: 'o2', assignedTo: 'u2' });
    expect(asked).toHaveLength(4);
    await present(highlevel, [
      opportunity,
      { ...opportunity, id: 'o2', assignedTo: 'u9', lostReasonId: 'r9', pipelineStageId: 's9' },
    ]);
    expect(paths(asked.slice(4))).toEqual([
      '/opportunities/lost-reason',
      // Once more, for those since deleted.
      '/opportunities/lost-reason',
      '/opportunities/pipelines',
      '/users/search',
    ]);
  });

  it('keep the names that are known where a list cannot be had anew for one that is not', async () => {
    let refuses = false;
    const { highlevel } = account(() => (refuses ? { status: 422, data: {} } : ACCOUNT));
    await presentOne(highlevel, opportunity);
    refuses = true;
    const strange = { id: 'o2', assignedTo: 'u9', lostReasonId: 'r9', pipelineStageId: 's9' };
    const [one, other] = await present(highlevel, [opportunity, strange]);
    expect(one).toMatchObject({ stage_name: 'New', owner_name: 'Ana Ruiz', lost_reason_name: 'Price' });
    expect(other).toMatchObject({ stage_name: null, owner_name: null, lost_reason_name: null });
  });

  it('have the names of lost reasons where HighLevel refuses to list those since deleted', async () => {
    const { highlevel } = account(({ query }) => (query.deleted ? { status: 422, data: {} } : ACCOUNT));
    const shown = await present(highlevel, [opportunity, { id: 'o2', lostReasonId: 'r9' }]);
    expect(shown.map(({ lost_reason_name }) => lost_reason_name)).toEqual(['Price', null]);
  });

  it('go without the lists that were not granted', async () => {
    const { highlevel, bundle, asked } = account();
    bundle.authData.scope = 'opportunities.readonly';
    expect(await presentOne(highlevel, opportunity)).toMatchObject({
      stage_name: 'New',
      owner_name: null,
      lost_reason_name: 'Price',
      custom_fields: { f1: '7' },
    });
    expect(paths(asked)).toEqual(['/opportunities/lost-reason', '/opportunities/pipelines']);
  });

  it.each([
    400, 404, 422, 500,
  ])('are missing where a list answers %i, and the run goes on', async (status) => {
    const { highlevel } = account(() => ({ status, data: {} }));
    expect(await presentOne(highlevel, opportunity)).toMatchObject({ id: 'o1', stage_name: null });
  });
});

describe('a contact as this app shows it', () => {
  it('has null for empty, its owner’s name, and its tags as texts', async () => {
    const { highlevel } = scripted(() => ACCOUNT);
    const record = contactRecord.parse({
      id: 'c1',
      firstName: 'Sam',
      email: '',
      assignedTo: 'u1',
      tags: ['vip', 7, {}],
      customFields: [{ id: 'f1', value: '7' }],
    });
    expect(await presentContact(highlevel, record)).toMatchObject({
      name: 'Sam',
      last_name: null,
      email: null,
      owner_name: 'Ana Ruiz',
      tags: ['vip', '7'],
      custom_fields: { f1: 7 },
    });
  });

  it('goes without the lists that were not granted, and without what is left out', async () => {
    const { highlevel, bundle, asked } = scripted(() => ACCOUNT);
    bundle.authData.scope = 'contacts.readonly';
    expect(
      await presentContact(highlevel, { id: 'c1', phone: '+12025550107', assignedTo: 'u1' }),
    ).toMatchObject({
      name: '+12025550107',
      owner_id: 'u1',
      owner_name: null,
      tags: [],
      custom_fields: {},
    });
    expect(asked).toEqual([]);
  });
});
