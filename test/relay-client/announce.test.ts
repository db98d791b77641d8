import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import nock from 'nock';
import { AMPLE } from '../support/ample.ts';
import { type Connection, connect } from '../support/connection.ts';

const RELAY = 'http://relay.test';
const DIGEST = /^[0-9a-f]{8}\.[\w-]{22}$/;

describe('what is about to be written', () => {
  let connection: Connection;
  let told: unknown[] = [];
  const run = <T>(key: string, input: Record<string, unknown>) =>
    connection.run<T>(`creates.${key}.operation.perform`, input);
  const listen = (afterMs = 0) =>
    nock(RELAY)
      .persist()
      .post('/writes', (body) => told.push(body) > 0)
      .delay(afterMs)
      .reply(204);
  const opportunity = () =>
    connection.sandbox.opportunity([...connection.sandbox.state.opportunities.keys()][0] ?? '');
  const stages = () => Object.values(connection.sandbox.seeded.pipelines.Sales?.stages ?? {});

  beforeAll(async () => {
    connection = await connect({ opportunities: 3, ...AMPLE });
  });
  beforeEach(() => {
    process.env.RELAY_URL = RELAY;
    told = [];
  });
  afterEach(() => {
    delete process.env.RELAY_URL;
    nock.cleanAll();
  });
  afterAll(() => connection.close());

  it('is told to the relay before: ids, stage, status, value and owner, and of what a person wrote digests alone', async () => {
    listen();
    const { id, contactId, pipelineId } = opportunity();
    const { locationId } = connection.sandbox;
    const [[, ownerId] = []] = Object.entries(connection.sandbox.seeded.users);
    await run('update_opportunity', {
      opportunity_id: id,
      pipeline_id: pipelineId,
      stage_id: stages()[2],
      monetary_value: '1,234',
      owner_id: ownerId,
      name: 'A secret name',
    });
    expect(told).toEqual([
      {
        locationId,
        opportunityId: id,
        fields: { stage: stages()[2], value: 1234, owner: ownerId },
        digests: {
          name: [expect.stringMatching(DIGEST)],
          monetary_value: [expect.stringMatching(DIGEST)],
          owner_id: [expect.stringMatching(DIGEST)],
          stage_id: [expect.stringMatching(DIGEST)],
        },
      },
    ]);
    expect(JSON.stringify(told)).not.toMatch(/secret/);
    told = [];
    await run('update_opportunity_status', { opportunity_id: id, status: 'won' });
    expect(told).toMatchObject([{ locationId, opportunityId: id, fields: { status: 'won' } }]);
    told = [];
    await run('delete_opportunity', { opportunity_id: id });
    expect(told).toEqual([{ locationId, opportunityId: id, deleted: true, fields: {} }]);
    told = [];
    await run('create_opportunity', { contact_id: contactId, pipeline_id: pipelineId, name: 'Another' });
    expect(told).toEqual([
      { locationId, opportunityId: null, created: { contactId, pipelineId }, fields: {} },
    ]);
  });

  it('is no business of the relay where nothing is written', async () => {
    listen();
    await run('update_opportunity', { opportunity_id: opportunity().id, status: 'lost', test_mode: 'yes' });
    await connection.run('searches.list_opportunities.operation.perform', {});
    expect(told).toEqual([]);
  });

  it('is written whatever the relay does, and at most half a second later', async () => {
    const write = async (value: number) => {
      const began = performance.now();
      const result = await run<{ monetary_value: number }>('update_opportunity', {
        opportunity_id: opportunity().id,
        monetary_value: String(value),
      });
      expect(result.monetary_value).toBe(value);
      return performance.now() - began;
    };
    delete process.env.RELAY_URL;
    const alone = await write(1);
    process.env.RELAY_URL = RELAY;
    nock(RELAY).post('/writes').replyWithError(new Error('refused'));
    await write(2);
    for (const status of [401, 403, 429, 500]) {
      nock(RELAY).post('/writes').reply(status, { error: 'x', message: 'No.' });
      await write(status);
    }
    nock.cleanAll();
    listen(5_000);
    expect(await write(3)).toBeLessThan(alone + 1_000);
  });
});
