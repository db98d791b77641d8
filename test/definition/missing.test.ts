/** An empty account, and things that a Zap names and HighLevel no longer has: each operation says something useful. */

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { inputsOf as inputsOfKey } from '../support/all-inputs.ts';
import { type Connection, errorOf, sentenceOf } from '../support/connection.ts';
import { type Definition, inputsOf, operationsOf, type Placed } from './definition.ts';
import { connectForExamples, exampleFor } from './examples.ts';
import { readDefinition } from './read.ts';

const reading = await connectForExamples();
const app: Definition = await readDefinition(reading);
await reading.close();

const methodOf = ({ place, operation }: Placed) =>
  `${place}.operation.${operation.type === 'hook' ? 'performList' : 'perform'}`;

/** Every operation that has an input of this key, with the input's label. */
const asking = (key: string, ...without: string[]) =>
  operationsOf(app)
    .filter((one) => !without.includes(one.key))
    .flatMap((one) =>
      inputsOf(one)
        .filter((field) => field.key === key)
        .map((field) => [one.place, one, field.label ?? ''] as const),
    );

const writes = (connection: Connection) =>
  connection.requests().filter((request) => !/^GET|\/search$/.test(request));

describe('an empty account', () => {
  let connection: Connection;
  beforeAll(async () => {
    connection = await connectForExamples();
    const { state, context } = connection.sandbox;
    for (const records of [
      state.opportunities,
      state.contacts,
      state.pipelines,
      state.users,
      state.lostReasons,
      state.workflows,
    ]) {
      records.clear();
    }
    context.index.rebuild();
  });
  afterAll(() => connection.close());

  const rows = (one: Placed, input: object = {}) => connection.run(methodOf(one), { ...input });
  /** Fields are there to be watched before there is an opportunity. */
  const quiet = operationsOf(app, 'triggers').filter(({ key }) => key !== 'watched_field_list');

  it.each(
    quiet.map((one) => [one.place, one] as const),
  )('%s shows nothing, and no error', async (_place, one) => {
    expect(await rows(one, exampleFor(one, connection.sandbox))).toEqual([]);
  });

  it.each(
    operationsOf(app, 'searches')
      .filter(({ key }) => key.startsWith('find_'))
      .map((one) => [one.place, one] as const),
  )('%s answers [] as every find_* has to where nothing is found, and no error', async (_place, one) => {
    const [first] = inputsOfKey(one.key).runs(connection.sandbox).least;
    expect(await rows(one, first?.inputData)).toEqual([]);
  });

  it('lists and sums up nothing as zero', async () => {
    const [list] = await connection.run('searches.list_opportunities.operation.perform');
    expect(list).toMatchObject({ count: 0, total_value: 0, opportunities: [] });
    const [summary] = await connection.run('searches.summarize_opportunities.operation.perform', {
      period: 'this_month',
    });
    expect(summary).toMatchObject({ open_count: 0, open_value: 0, won_count: 0, stages: [] });
  });
});

describe('what is gone from HighLevel', () => {
  let connection: Connection;
  beforeEach(async () => {
    connection = await connectForExamples();
  });
  afterEach(() => connection.close());

  /** Runs an operation with an input that names what is gone; answers with the sentence that a person reads. */
  const refusal = async (one: Placed, input: object) => {
    connection.requests();
    const run = connection.run(methodOf(one), { ...exampleFor(one, connection.sandbox), ...input });
    return sentenceOf(await errorOf(run));
  };

  // The dropdown of stages has those of each pipeline then.
  const needing = asking('pipeline_id', 'stage_list');

  it.each(needing)('%s names the pipelines that there are', async (_place, one, label) => {
    const { Onboarding } = connection.sandbox.seeded.pipelines;
    connection.sandbox.state.pipelines.delete(Onboarding?.id ?? '');
    const said = await refusal(one, { pipeline_id: Onboarding?.id });
    expect(said).toContain(`${label}: there is no pipeline called "${Onboarding?.id}". There are: "Sales".`);
    expect(writes(connection)).toEqual([]);
  });

  it.each(asking('stage_id'))('%s names the stages that there are', async (_place, one, label) => {
    const sales = connection.sandbox.state.pipelines.get(connection.sandbox.seeded.pipelines.Sales?.id ?? '');
    const [stage] = sales?.stages.splice(1, 1) ?? [];
    const said = await refusal(one, { pipeline_id: sales?.id, stage_id: stage?.id });
    expect(said).toMatch(
      new RegExp(
        `^${label}: there is no stage of the pipeline "Sales" called ".+"\\. There are: "New Lead", `,
      ),
    );
    expect(writes(connection)).toEqual([]);
  });

  // Who left the account still follows its opportunities, and can be taken off them.
  const people = ['owner_id', 'author_id', 'follower_ids'].flatMap((key) =>
    asking(key, 'remove_followers').map(([place, one, label]) => [place, key, one, label] as const),
  );
  const leave = () => {
    const [, left = ''] = Object.values(connection.sandbox.seeded.users);
    Object.assign(connection.sandbox.state.users.get(left) ?? {}, { deleted: true });
    return left;
  };
  const of = (...places: string[]) => people.filter(([place]) => places.some((one) => place.startsWith(one)));
  const doesWithout = ['creates.create_task', 'creates.create_note'];

  it.each(people)('%s names the people that there are (%s)', async (_place, key, one, label) => {
    const said = await refusal(one, { [key]: 'Nobody' });
    expect(said).toContain(`${label}: there is no user called "Nobody". There are: "Dana Whitfield", `);
    expect(writes(connection)).toEqual([]);
  });

  it.each(
    of('creates').filter(([place]) => !doesWithout.includes(place)),
  )('%s says that a person left (%s)', async (_place, key, one, label) => {
    const left = leave();
    const said = await refusal(one, { [key]: left });
    expect(said).toContain(
      `${label}: the user with the ID "${left}" is not in this sub-account, or not any more.`,
    );
    expect(writes(connection)).toEqual([]);
  });

  it.each(
    of(...doesWithout),
  )('%s does without a person who left, and says so (%s)', async (_place, key, one, label) => {
    const left = leave();
    const input = { ...exampleFor(one, connection.sandbox), [key]: left };
    const result = await connection.run<Record<string, unknown>>(methodOf(one), input);
    expect(result).toMatchObject({ [key]: null, is_test: false });
    expect(result.notice).toContain(`${label}: the user with the ID "${left}" is not in this sub-account`);
  });

  it.each(of('triggers', 'searches'))('%s filters by a person who left (%s)', async (_place, key, one) => {
    const left = leave();
    const input = { ...exampleFor(one, connection.sandbox), [key]: left };
    expect(await connection.run(methodOf(one), input)).toEqual(expect.any(Array));
  });

  it.each(asking('lost_reason_id'))('%s names the reasons that there are', async (_place, one, label) => {
    const said = await refusal(one, { status: 'lost', lost_reason_id: 'Too Expensive' });
    expect(said).toMatch(
      new RegExp(`^${label}: there is no lost reason called "Too Expensive". There are: "`),
    );
    expect(writes(connection)).toEqual([]);
  });

  const changing = asking('opportunity_id').filter(([place]) => place.startsWith('creates.'));
  it.each(changing)('%s says that the opportunity may have been deleted', async (_place, one) => {
    const said = await refusal(one, { opportunity_id: 'goneGoneGoneGoneGone' });
    expect(said).toMatch(/may have been deleted|was deleted already/);
  });

  const writing = ['pipeline_id', 'owner_id', 'author_id', 'follower_ids'].flatMap((key) =>
    asking(key, 'remove_followers').flatMap(([place, one]) =>
      place.startsWith('creates.') ? [[place, key, one] as const] : [],
    ),
  );
  it.each(
    writing,
  )('%s says so too where only HighLevel knows that it is gone (%s)', async (_place, key, one) => {
    // The names were read a moment ago, and are remembered.
    await connection.run('triggers.pipeline_list.operation.perform');
    await connection.run('triggers.user_list.operation.perform');
    const { seeded, state } = connection.sandbox;
    const [, archived] = Object.values(seeded.users);
    for (const id of seeded.opportunityIds)
      connection.sandbox.editOpportunity(id, { assignedTo: null, followers: [] });
    Object.assign(state.users.get(archived ?? '') ?? {}, { deleted: true });
    state.pipelines.delete(seeded.pipelines.Onboarding?.id ?? '');
    const gone = key === 'pipeline_id' ? seeded.pipelines.Onboarding?.id : archived;
    expect(await refusal(one, { [key]: gone })).toMatch(/It may have been deleted: choose another/);
  });
});
