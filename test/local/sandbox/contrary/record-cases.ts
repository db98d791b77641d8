import type { ContraryName } from '../../../../local/sandbox/index.ts';
import type { Case } from './cases.ts';

const gone =
  (status: number, body: object): Case =>
  async ({ get, send }) => {
    const missing = await get('/opportunities/none');
    expect(missing.status).toBe(status);
    expect(missing.body).toMatchObject(body);
    const contact = await get('/contacts/none');
    expect(contact.status).toBe(status);
    expect((await send('PUT', '/opportunities/none', { name: 'x' })).status).toBe(status);
  };

export const recordCases = {
  'errors-in-envelope': async ({ get, send, newOpportunity }) => {
    expect((await get('/opportunities/none')).body).toEqual({
      error: {
        code: 'INVALID_ARGUMENT',
        message: 'Opportunity with id none not found',
        details: {},
        resolution: expect.any(String),
      },
      traceId: expect.any(String),
    });
    const body = await newOpportunity();
    const first = await send('POST', '/opportunities/', body);
    expect((await send('POST', '/opportunities/', body)).body.error).toMatchObject({
      code: 'OPPORTUNITY_NO_DUPLICATE',
      details: { existingId: first.body.opportunity.id },
    });
    const unknown = await send('POST', '/opportunities/', { ...body, color: 'red' });
    expect([unknown.status, unknown.body.error.message]).toEqual([422, 'property color should not exist']);
  },
  'created-200': async ({ send, newOpportunity }) => {
    const { status, body } = await send('POST', '/opportunities/', await newOpportunity());
    expect([status, body.opportunity.name]).toEqual([200, 'New']);
  },
  'record-without-fields': async ({ sandbox, get, postSearch }) => {
    const lost = [...sandbox.state.opportunities.values()].find(
      (one) => one.lostReasonId !== null && one.customFields.length > 0,
    );
    const { opportunity } = (await get(`/opportunities/${lost?.id}`)).body;
    expect(opportunity).not.toHaveProperty('customFields');
    expect(opportunity).not.toHaveProperty('lostReasonId');
    const filters = [{ field: 'id', operator: 'eq', value: lost?.id }];
    const [row] = (await postSearch({ filters })).body.opportunities;
    expect(row.lostReasonId).toBe(lost?.lostReasonId);
    expect(row.customFields.length).toBe(lost?.customFields.length);
  },
  'gone-404': gone(404, { message: 'Opportunity with id none not found' }),
  'gone-422': gone(422, { message: ['Opportunity with id none not found'] }),
  'gone-null': gone(200, { opportunity: null }),
  'gone-in-other-words': gone(400, { message: 'The record has been deleted.' }),
  'put-answers-id-only': async ({ sandbox, send }) => {
    const [id = ''] = sandbox.seeded.opportunityIds;
    const { body } = await send('PUT', `/opportunities/${id}`, { name: 'Renamed' });
    expect(body.opportunity).toEqual({ id });
    expect(sandbox.opportunity(id).name).toBe('Renamed');
  },
  'put-answers-success-only': async ({ sandbox, send }) => {
    const [id = ''] = sandbox.seeded.opportunityIds;
    const { body } = await send('PUT', `/opportunities/${id}`, { name: 'Renamed again' });
    expect(body).toEqual({ success: true, traceId: expect.any(String) });
    expect(sandbox.opportunity(id).name).toBe('Renamed again');
  },
  'duplicate-without-id': async ({ send, newOpportunity }) => {
    const body = await newOpportunity();
    await send('POST', '/opportunities/', body);
    const refused = await send('POST', '/opportunities/', body);
    expect(refused).toMatchObject({ status: 400, body: { code: 'OPPORTUNITY_NO_DUPLICATE' } });
    expect(refused.body).not.toHaveProperty('meta');
  },
  'duplicate-any-pipeline': async ({ sandbox, send, newOpportunity }) => {
    const body = await newOpportunity();
    const first = await send('POST', '/opportunities/', body);
    const pipelineId = sandbox.seeded.pipelines.Onboarding?.id;
    const refused = await send('POST', '/opportunities/', { ...body, pipelineId });
    expect(refused).toMatchObject({
      status: 400,
      body: { code: 'OPPORTUNITY_NO_DUPLICATE', meta: { existingId: first.body.opportunity.id } },
    });
  },
  'source-accepted': async ({ sandbox, send, newOpportunity }) => {
    const made = await send('POST', '/opportunities/', { ...(await newOpportunity()), source: 'Fair' });
    expect([made.status, made.body.opportunity.source]).toEqual([201, 'Fair']);
    await send('PUT', `/opportunities/${made.body.opportunity.id}`, { source: 'Phone' });
    expect(sandbox.opportunity(made.body.opportunity.id).source).toBe('Phone');
  },
  'post-answer-lost': async ({ sandbox, send, newOpportunity }) => {
    await expect(newOpportunity()).rejects.toThrow();
    const body = await newOpportunity();
    const before = sandbox.state.opportunities.size;
    await expect(send('POST', '/opportunities/', body)).rejects.toThrow();
    expect(sandbox.state.opportunities.size).toBe(before + 1);
    expect((await send('POST', '/opportunities/', body)).status).toBe(400);
  },
  'post-answer-502': async ({ sandbox, send }) => {
    const contactId = sandbox.seeded.contactIds[3];
    const before = sandbox.state.notes.size;
    const path = `/contacts/${contactId}/notes`;
    expect((await send('POST', path, { body: 'Once' })).status).toBe(502);
    expect(sandbox.state.notes.size).toBe(before + 1);
    expect((await send('POST', path, { body: 'Twice' })).status).toBe(201);
  },
  'put-answer-lost': async ({ sandbox, send }) => {
    const id = sandbox.seeded.opportunityIds[5] ?? '';
    await expect(send('PUT', `/opportunities/${id}`, { name: 'Saved' })).rejects.toThrow();
    expect(sandbox.opportunity(id).name).toBe('Saved');
    expect((await send('PUT', `/opportunities/${id}`, { name: 'Saved' })).status).toBe(200);
  },
} satisfies Partial<Record<ContraryName, Case>>;
