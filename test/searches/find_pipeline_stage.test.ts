import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { type Connection, connect } from '../support/connection.ts';
import { describeOf, type Inputs } from '../support/operation.ts';

const describe = describeOf(import.meta.filename);

export const inputs: Inputs = {
  find_pipeline_stage: {
    live: ['Search by the names of pipeline and stage', 'both IDs are found'],
    runs: () => ({
      all: [{ inputData: { pipeline_name: 'Sales', stage_name: 'New Lead' } }],
      least: [{ inputData: { pipeline_name: 'Sales' } }],
    }),
  },
};

const PERFORM = 'searches.find_pipeline_stage.operation.perform';

describe('find_pipeline_stage', () => {
  let connection: Connection;

  beforeAll(async () => {
    connection = await connect({ opportunities: 0 });
    await connection.run('triggers.pipeline_list.operation.perform');
  });
  afterAll(() => connection.close());
  beforeEach(() => {
    connection.requests();
  });

  const find = (input: Record<string, unknown>) => connection.run(PERFORM, input);

  it('finds a stage by the names of both, without a request when the list is known', async () => {
    const { Sales } = connection.sandbox.seeded.pipelines;
    const position = Object.keys(Sales?.stages ?? {}).indexOf('Negotiation') + 1;
    expect(await find({ pipeline_name: ' sales', stage_name: 'NEGOTIATION' })).toEqual([
      {
        id: Sales?.stages.Negotiation,
        stage_name: 'Negotiation',
        position,
        probability: expect.any(Number),
        pipeline_id: Sales?.id,
        pipeline_name: 'Sales',
      },
    ]);
    expect(position).toBeGreaterThan(1);
    expect(connection.requests()).toEqual([]);
  });

  it('finds a stage in any pipeline, and the first stage of one', async () => {
    const { Onboarding } = connection.sandbox.seeded.pipelines;
    const [first] = Object.keys(Onboarding?.stages ?? {});
    expect(await find({ stage_name: 'Kickoff' })).toMatchObject([{ pipeline_name: 'Onboarding' }]);
    expect(await find({ pipeline_name: 'Onboarding' })).toMatchObject([{ stage_name: first, position: 1 }]);
    expect(await find({ pipeline_name: Onboarding?.id })).toMatchObject([{ stage_name: first }]);
  });

  it.each([
    ['a stage of another pipeline', { pipeline_name: 'Sales', stage_name: 'Kickoff' }],
    ['an unknown pipeline', { pipeline_name: 'Nope', stage_name: 'Kickoff' }],
    ['a part of a name', { stage_name: 'Negot' }],
  ])('finds nothing for %s, having asked once more', async (_, input) => {
    expect(await find(input)).toEqual([]);
    expect(connection.requests()).toEqual(['GET /opportunities/pipelines']);
  });

  it('asks nothing when it has nothing to look for', async () => {
    expect(await find({ pipeline_name: '', stage_name: undefined })).toEqual([]);
    expect(connection.requests()).toEqual([]);
  });
});
