import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { call } from '../support/relay.ts';
import { type Setup, startSetup } from '../support/setup.ts';

let setup: Setup;

beforeAll(async () => {
  setup = await startSetup();
});
afterAll(() => setup.close());

let number = 0;
let ignoring = '';
let everything = '';
let ids: string[] = [];
const EVENTS = ['opportunity_created', 'stage_changed', 'value_changed', 'opportunity_deleted'] as const;

beforeEach(async () => {
  for (const id of ids) await setup.unsubscribe(id);
  number += 1;
  ignoring = `ignoring${number}`;
  everything = `everything${number}`;
  ids = [];
  for (const event of EVENTS) {
    ids.push(await setup.subscribe(event, ignoring, { ignoreOwn: true }, `${ignoring}-${event}`));
    ids.push(await setup.subscribe(event, everything, {}, `${everything}-${event}`));
  }
});

const announce = (write: object, token: string | undefined = setup.sandbox.accessToken) =>
  call(`${setup.relay.url}/writes`, {
    method: 'POST',
    body: { locationId: setup.sandbox.locationId, fields: {}, ...write },
    token,
  });
const came = async (hook: string) => {
  await setup.settled();
  return setup.sink.received(hook).map(({ body }) => [body.change.field, body.change.to]);
};

describe('a change that the app said it would make', () => {
  test('is not sent to those who ask so, and a person’s own in the same minute is', async () => {
    const { stages } = setup;
    const id = await setup.newOpportunity({ monetaryValue: 100 });
    await announce({ opportunityId: id, fields: { stage: stages[1], value: 250 } });
    await setup.change(id, { pipelineStageId: stages[1], monetaryValue: 250 });
    await setup.change(id, { pipelineStageId: stages[2] });
    // Back to what the app wrote: that was one change, and this is another.
    await setup.change(id, { pipelineStageId: stages[1] });
    const all = [
      ['created', null],
      ['stage', stages[1]],
      ['value', 250],
      ['stage', stages[2]],
      ['stage', stages[1]],
    ];
    expect((await came(everything)).sort()).toEqual([...all].sort());
    expect((await came(ignoring)).sort()).toEqual(
      [
        ['created', null],
        ['stage', stages[1]],
        ['stage', stages[2]],
      ].sort(),
    );
  });

  test('is another where a person was faster, or wrote another value', async () => {
    const id = await setup.newOpportunity({ monetaryValue: 100 });
    await announce({ opportunityId: id, fields: { value: 250 } });
    await setup.change(id, { monetaryValue: 300 });
    await setup.change(id, { monetaryValue: 250 });
    expect(await came(ignoring)).toEqual([
      ['created', null],
      ['value', 300],
    ]);
  });

  test('that changes nothing hides no later change of a person', async () => {
    const { stages } = setup;
    const id = await setup.newOpportunity({ pipelineStageId: stages[1] });
    await setup.settled();
    await announce({ opportunityId: id, fields: { stage: stages[1] } });
    await setup.change(id, { pipelineStageId: stages[2] });
    await setup.change(id, { pipelineStageId: stages[1] });
    expect(await came(ignoring)).toEqual([
      ['created', null],
      ['stage', stages[2]],
      ['stage', stages[1]],
    ]);
  });

  test('may be a creation, known by its contact and pipeline, and a deletion', async () => {
    const { sandbox } = setup;
    const pipelineId = sandbox.seeded.pipelines.Sales?.id;
    const [contactId, otherId] = sandbox.seeded.contactIds;
    await announce({ opportunityId: null, created: { contactId, pipelineId } });
    const own = await setup.newOpportunity({ contactId });
    await setup.newOpportunity({ contactId: otherId });
    await setup.settled();
    expect(setup.sink.received(ignoring).map(({ body }) => body.snapshot.contact_id)).toEqual([otherId]);
    await announce({ opportunityId: own, deleted: true });
    sandbox.moveClock({ by: 1_000 });
    sandbox.removeOpportunity(own);
    await sandbox.context.webhooks.idle();
    expect(await came(ignoring)).toHaveLength(1);
    expect((await came(everything)).map(([field]) => field)).toEqual(['created', 'created', 'deleted']);
  });

  test('is waited for no longer than two minutes', async () => {
    const id = await setup.newOpportunity({ monetaryValue: 100 });
    await announce({ opportunityId: id, fields: { value: 250 } });
    await setup.db.query(`update relay.writes set expires_at = expires_at - interval '2 minutes'`);
    await setup.change(id, { monetaryValue: 250 });
    expect(await came(ignoring)).toEqual([
      ['created', null],
      ['value', 250],
    ]);
  });

  test('is taken from those alone who may subscribe there, and holds ids and numbers alone', async () => {
    expect(await announce({ opportunityId: 'o1' }, 'garbage')).toMatchObject({ status: 401 });
    expect(await announce({ opportunityId: 'o1', locationId: 'another' })).toMatchObject({ status: 403 });
    expect(await announce({ opportunityId: 'o1', fields: { name: 'Kim' } })).toMatchObject({ status: 400 });
  });
});
