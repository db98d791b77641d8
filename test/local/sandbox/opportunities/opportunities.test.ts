import { type Sandbox, startSandbox } from '../../../../local/sandbox/index.ts';
import { type Answer, type CallOptions, call } from '../support/call.ts';

describe('writing opportunities', () => {
  let sandbox: Sandbox;
  let contactId: string;
  beforeEach(async () => {
    sandbox = await startSandbox({ opportunities: 0 });
    contactId = sandbox.seeded.contactIds[0] ?? '';
  });
  afterEach(() => sandbox.close());

  const pipeline = () => sandbox.seeded.pipelines.Sales ?? { id: '', stages: {} };
  const stage = (name: string) => pipeline().stages[name] ?? '';
  const field = (key: string) => sandbox.seeded.customFields[`opportunity.${key}`] ?? '';
  const user = () => Object.values(sandbox.seeded.users)[0] ?? '';
  const needed = () => ({
    locationId: sandbox.locationId,
    pipelineId: pipeline().id,
    name: 'Opportunity',
    status: 'open',
    contactId,
  });
  const create = (more: object = {}, options: CallOptions = {}): Promise<Answer> =>
    call(sandbox, 'POST', '/opportunities/', { ...options, body: { ...needed(), ...more } });
  const made = async (more: object = {}): Promise<string> => (await create(more)).body.opportunity.id;
  const events = () => sandbox.context.webhooks.log().map(({ type }) => type);

  it('creates with 201 in the first stage, and the record is there at once', async () => {
    const { status, body } = await create({ monetaryValue: 220 });
    expect(status).toBe(201);
    expect(body.opportunity).toMatchObject({ pipelineStageId: stage('New Lead'), monetaryValue: 220 });
    const read = await call(sandbox, 'GET', `/opportunities/${body.opportunity.id}`);
    expect(read.body.opportunity).toEqual(body.opportunity);
    const { createdAt, updatedAt, lastStatusChangeAt, lastStageChangeAt } = read.body.opportunity;
    expect([updatedAt, lastStatusChangeAt]).toEqual([createdAt, createdAt]);
    expect(Date.parse(lastStageChangeAt) - Date.parse(createdAt)).toBe(1);
    expect(events()).toEqual(['OpportunityCreate', 'OpportunityUpdate']);
  });

  it('needs the slash', async () => {
    expect((await call(sandbox, 'POST', '/opportunities', { body: needed() })).status).toBe(404);
  });

  it('leaves empty keys out of one record and adds what search does not have', async () => {
    const { opportunity } = (await create()).body;
    for (const key of ['assignedTo', 'source', 'lostReasonId', 'customFields', 'forecastProbability']) {
      expect(opportunity).not.toHaveProperty(key);
    }
    expect(opportunity).toMatchObject({ monetaryValue: 0, isAttribute: false, contact: { followers: [] } });
    expect(opportunity.internalSource).toHaveProperty('channel');
    expect(opportunity).toHaveProperty('lastActionDate');
  });

  it.each([
    ['an unknown key', { color: 'red' }, 'property color should not exist'],
    ['a source', { source: 'Website' }, 'property source should not exist'],
    ['a lost reason', { lostReasonId: 'x' }, 'property lostReasonId should not exist'],
    ['a blank name', { name: '  ' }, 'name should not be empty'],
    ['a missing name', { name: undefined }, 'name should not be empty'],
    ['a text for a value', { monetaryValue: '220' }, 'monetaryValue must be a number'],
    [
      'status all',
      { status: 'all' },
      'status must be one of the following values: open, won, lost, abandoned',
    ],
  ])('refuses %s with 422 and a list', async (_what, more, message) => {
    const { status, body } = await create(more);
    expect([status, body.error]).toEqual([422, 'Unprocessable Entity']);
    expect(body.message).toContain(message);
  });

  it('takes a source when it is set to', async () => {
    sandbox.setSettings({ acceptSource: true });
    expect((await create({ source: 'Website' })).body.opportunity.source).toBe('Website');
  });

  it('writes custom fields as fieldValue in v3 and field_value in v2, and never the other', async () => {
    const id = field('external_id');
    const fieldValue = (value: unknown) => ({ customFields: [{ id, fieldValue: value }] });
    const field_value = (value: unknown) => ({ customFields: [{ id, field_value: value }] });
    const version = '2021-07-28';
    expect((await create(field_value('a'))).status).toBe(422);
    expect((await create(fieldValue('a'), { version })).status).toBe(422);
    const v3 = await create(fieldValue('a'));
    expect(v3.body.opportunity.customFields).toEqual([{ id, fieldValue: 'a' }]);
    const other = sandbox.seeded.contactIds[1];
    const v2 = await create({ ...field_value('b'), contactId: other }, { version });
    expect(v2.body.opportunity.customFields).toEqual([{ id, fieldValue: 'b' }]);
    await call(sandbox, 'PUT', `/opportunities/${v3.body.opportunity.id}`, {
      body: { customFields: [{ key: 'plan', fieldValue: 'Growth' }] },
    });
    const both = await call(sandbox, 'GET', `/opportunities/${v3.body.opportunity.id}`);
    expect(both.body.opportunity.customFields).toHaveLength(2);
  });

  it('knows the forecast in v3 only', async () => {
    const forecast = { forecastExpectedCloseDate: '04/23/2026', forecastProbability: 20 };
    const { body } = await create(forecast);
    expect(body.opportunity).toMatchObject({
      forecastExpectedCloseDate: '2026-04-23',
      forecastProbability: 20,
    });
    expect((await create(forecast, { version: '2021-07-28' })).status).toBe(422);
    expect((await create({ forecastExpectedCloseDate: '2026-02-31' })).status).toBe(422);
  });

  it('allows one opportunity per contact and pipeline, whatever its status, unless the location says otherwise', async () => {
    const existingId = await made({ status: 'lost' });
    const { status, body } = await create();
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'OPPORTUNITY_NO_DUPLICATE', meta: { existingId } });
    const elsewhere = await create({ pipelineId: sandbox.seeded.pipelines.Onboarding?.id });
    expect(elsewhere.status).toBe(201);
    sandbox.setLocation(sandbox.locationId, { allowDuplicateOpportunity: true });
    expect((await create()).status).toBe(201);
  });

  it('allows it again once the first is deleted', async () => {
    const id = await made();
    expect((await call(sandbox, 'DELETE', `/opportunities/${id}`)).status).toBe(200);
    expect((await create()).status).toBe(201);
  });

  it.each([
    ['pipeline', { pipelineId: 'none' }],
    ['stage', { pipelineStageId: 'none' }],
    ['contact', { contactId: 'none' }],
    ['owner', { assignedTo: 'none' }],
  ])('refuses an unknown %s with 400', async (_what, more) => {
    expect((await create(more)).status).toBe(400);
  });

  it('gives the contact the owner of its opportunity', async () => {
    await made({ assignedTo: user() });
    expect(sandbox.state.contacts.get(contactId)?.assignedTo).toBe(user());
  });

  it('changes only what is sent, and moves the times of stage and status only with them', async () => {
    const id = await made({ monetaryValue: 5 });
    const before = sandbox.opportunity(id);
    sandbox.moveClock({ by: 1000 });
    const put = (body: object) => call(sandbox, 'PUT', `/opportunities/${id}`, { body });
    const named = (await put({ name: 'Other' })).body.opportunity;
    expect(named).toMatchObject({
      name: 'Other',
      monetaryValue: 5,
      lastStageChangeAt: before.lastStageChangeAt,
    });
    expect(named.updatedAt > before.updatedAt).toBe(true);
    const moved = (await put({ pipelineStageId: stage('Contacted') })).body.opportunity;
    expect(moved.lastStageChangeAt > before.lastStageChangeAt).toBe(true);
    expect(moved.lastStatusChangeAt).toBe(before.lastStatusChangeAt);
    expect((await put({ contactId })).status).toBe(422);
    expect((await put({ pipelineStageId: 'none' })).status).toBe(400);
  });

  it('sends the events that HighLevel sends, with their needless pairs', async () => {
    const id = await made();
    const put = (body: object) => call(sandbox, 'PUT', `/opportunities/${id}`, { body });
    const changes: [object, string[]][] = [
      [{ name: 'B' }, ['OpportunityUpdate']],
      [{ pipelineStageId: stage('Contacted') }, ['OpportunityUpdate', 'OpportunityStageUpdate']],
      [{ status: 'won' }, ['OpportunityUpdate', 'OpportunityStatusUpdate']],
      [{ name: 'C', monetaryValue: 7 }, ['OpportunityUpdate', 'OpportunityMonetaryValueUpdate']],
      [{ assignedTo: user() }, ['OpportunityUpdate', 'OpportunityAssignedToUpdate']],
    ];
    for (const [body, types] of changes) {
      sandbox.context.webhooks.clearLog();
      await put(body);
      expect(events()).toEqual(types);
    }
    sandbox.context.webhooks.clearLog();
    await call(sandbox, 'DELETE', `/opportunities/${id}`);
    expect(events()).toEqual(['OpportunityDelete', 'OpportunityUpdate']);
    const [sent] = sandbox.context.webhooks.log();
    expect(JSON.parse(sent?.body ?? '{}')).toMatchObject({
      id,
      locationId: sandbox.locationId,
      monetaryValue: 7,
    });
  });

  it('sets a status with its lost reason', async () => {
    const id = await made();
    const lostReasonId = Object.values(sandbox.seeded.lostReasons)[0];
    const body = { status: 'lost', lostReasonId };
    const v2 = await call(sandbox, 'PUT', `/opportunities/${id}/status`, { body, version: '2021-07-28' });
    expect(v2.body).toMatchObject({ succeded: true });
    expect(v2.body).not.toHaveProperty('success');
    expect(sandbox.opportunity(id)).toMatchObject(body);
    const v3 = await call(sandbox, 'PUT', `/opportunities/${id}/status`, { body: { status: 'open' } });
    expect(v3.body).toMatchObject({ succeded: true, success: true });
    expect(sandbox.opportunity(id).lostReasonId).toBeNull();
  });

  it('adds and removes followers, who are users, at most 10 a call', async () => {
    const id = await made();
    const path = `/opportunities/${id}/followers`;
    const added = await call(sandbox, 'POST', path, { body: { followers: [user()] } });
    expect([added.status, added.body.followers, added.body.followersAdded]).toEqual([
      201,
      [user()],
      [user()],
    ]);
    const again = await call(sandbox, 'POST', path, { body: { followers: [user()] } });
    expect(again.body.followersAdded).toEqual([]);
    expect((await call(sandbox, 'POST', path, { body: { followers: Array(11).fill('x') } })).status).toBe(
      422,
    );
    expect((await call(sandbox, 'POST', path, { body: { followers: [contactId] } })).status).toBe(400);
    const removed = await call(sandbox, 'DELETE', path, { body: { followers: [user()] } });
    expect(removed.body).toMatchObject({ followers: [], followersRemoved: [user()] });
    await call(sandbox, 'POST', path, { body: { followers: [user()] } });
    const all = await call(sandbox, 'DELETE', `${path}?isRemoveAllFollowers=true`);
    expect(all.body).toMatchObject({ followers: [], followersRemoved: [user()] });
  });

  it('upserts by id in the documented body, and by contact in the older one', async () => {
    const id = await made();
    const { locationId, pipelineId } = needed();
    const keys = { followers: [], isRemoveAllFollowers: false, followersActionType: 'add' };
    const byId = await call(sandbox, 'POST', '/opportunities/upsert', {
      body: { id, locationId, pipelineId, name: 'Again', ...keys },
    });
    expect(byId.body).toMatchObject({ new: false, opportunity: { id, name: 'Again' } });
    const bare = await call(sandbox, 'POST', '/opportunities/upsert', { body: { locationId, pipelineId } });
    expect(bare.status).toBe(422);
    const older = { version: '2021-07-28', body: { ...needed(), contactId: sandbox.seeded.contactIds[1] } };
    expect((await call(sandbox, 'POST', '/opportunities/upsert', older)).body.new).toBe(true);
    expect((await call(sandbox, 'POST', '/opportunities/upsert', older)).body.new).toBe(false);
  });

  it('answers 400 for one that is gone, and 404 where it is to be changed', async () => {
    expect((await call(sandbox, 'GET', '/opportunities/none')).status).toBe(400);
    expect((await call(sandbox, 'PUT', '/opportunities/none', { body: { name: 'x' } })).status).toBe(404);
  });
});
