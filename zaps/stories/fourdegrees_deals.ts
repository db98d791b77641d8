import { deepEqual, equal, ok } from 'node:assert/strict';
import type { Opportunity } from '../../local/sandbox/index.ts';
import type { Scene, Story } from '../harness/story.ts';
import type { World } from '../harness/world.ts';
import { BEFORE, DEAL_OUT, deal, dealIn, dealNew, dealOut } from './fourdegrees_deal.ts';
import { RULES } from './fourdegrees_merge.ts';

const LUMEN = 'Series A of Lumen Grid';
const ASKED = [
  'The issue’s own words: deals and opportunities of one firm in two systems',
  'zapier.com template "Create new deal in 4Degrees from Ninja Forms submission"',
  'help.zapier.com "Zap is stuck in a loop": two Zaps that answer each other are the trouble of every sync both ways',
];

const there = (world: World) => world.apps.records('4Degrees', 'deals');
const theirs = (world: World) => there(world)[0] ?? fail('4Degrees has no deal');
const ours = (world: World) => here(world, theirs(world).id);

function here(world: World, id: string): Opportunity {
  const found = world.opportunities().filter((one) => world.fieldOf(one, 'External ID') === id);
  equal(found.length, 1, `opportunities that bear the ID ${id}`);
  return found[0] ?? fail('no opportunity');
}

const stageId = (world: World, name: string) => world.sandbox.seeded.pipelines.Sales?.stages[name];

/** Changes in 4Degrees that Zaps made, in this scene. */
const theirWrites = (world: World) =>
  world.events
    .filter((event) => event.type === 'step' && event.kind === 'other' && event.key.endsWith('Update Deal'))
    .filter((event) => world.runs().some(({ id }) => event.type === 'step' && event.task === id))
    .map((event) => (event.type === 'step' ? event.input : {}));

const arrives: Scene = {
  says: 'A deal is added in 4Degrees',
  act: async (world) => {
    world.apps.add('4Degrees', 'deals', deal.payload);
    await world.rest();
  },
  holds: {
    'HighLevel has it, with contact, stage, owner, value and close date': (world) => {
      const one = ours(world);
      deepEqual(
        [one.name, one.monetaryValue, one.pipelineStageId, one.status, one.forecastExpectedCloseDate],
        [LUMEN, 250_000, stageId(world, 'Contacted'), 'open', '2027-02-26'],
      );
      equal(one.assignedTo, world.sandbox.seeded.users['Dana Whitfield']);
      const contact = world.contacts().find(({ id }) => id === one.contactId);
      deepEqual([contact?.email, contact?.firstName], ['imani@lumengrid.example', 'Imani']);
    },
    'Each side keeps the other’s ID': (world) => {
      equal(theirs(world).highlevel_id, ours(world).id);
      ok(String(theirs(world).highlevel_link).includes(ours(world).id));
    },
    'Contact and opportunity are written once each': (world) =>
      deepEqual(world.writes(), ['POST /contacts/upsert', 'POST /opportunities/']),
  },
};

const changesThere: Scene = {
  says: 'Value, stage and close date change in 4Degrees',
  act: async (world) => {
    world.pause();
    const fields = { value: '300000', stage: 'Negotiation', close_date: '2027-03-31' };
    world.apps.edit('4Degrees', 'deals', theirs(world).id, fields);
    await world.rest();
  },
  holds: {
    'HighLevel follows, with one write of those fields alone': (world) => {
      const one = ours(world);
      deepEqual(
        [one.monetaryValue, one.pipelineStageId, one.forecastExpectedCloseDate, one.name],
        [300_000, stageId(world, 'Negotiation'), '2027-03-31', LUMEN],
      );
      deepEqual(world.writes(), [`PUT /opportunities/${one.id}`]);
      const written = world.requests().find(({ method }) => method === 'PUT')?.body as object;
      deepEqual(
        Object.keys(written).sort(),
        ['forecastExpectedCloseDate', 'monetaryValue', 'pipelineId', 'pipelineStageId'].sort(),
      );
    },
    'Nothing is written back to 4Degrees': (world) => deepEqual(theirWrites(world), []),
    'It is one run: what a Zap wrote in HighLevel starts no other': (world) => equal(world.runs().length, 1),
  },
};

const movesHere: Scene = {
  says: 'Someone moves the opportunity in HighLevel',
  act: async (world) => {
    world.pause();
    world.sandbox.changeOpportunity(ours(world).id, { pipelineStageId: stageId(world, 'Closing') });
    await world.rest();
  },
  holds: {
    '4Degrees follows, in the stage alone': (world) => {
      equal(theirs(world).stage, 'Closing');
      deepEqual(
        theirWrites(world).map((fields) => Object.keys(fields).sort()),
        [['id', 'replaced', 'stage']],
      );
    },
    'Nothing is written back to HighLevel': (world) => deepEqual(world.writes(), []),
  },
};

const wonHere: Scene = {
  says: 'It is given to somebody else, is worth more, and is won, in HighLevel',
  act: async (world) => {
    for (const patch of [
      { assignedTo: world.sandbox.seeded.users['Marcus Boyd'] },
      { monetaryValue: 320_000 },
      { status: 'won' as const },
    ]) {
      world.pause();
      world.sandbox.changeOpportunity(ours(world).id, patch);
      await world.rest();
    }
  },
  holds: {
    '4Degrees has owner, value and status, each by its own Zap': (world) => {
      const { owner, value, status } = theirs(world);
      deepEqual([String(owner).startsWith('marcus'), value, status], [true, '320000', 'won']);
      deepEqual(
        theirWrites(world).map((fields) =>
          Object.keys(fields).filter((key) => key !== 'id' && key !== 'replaced'),
        ),
        [['owner'], ['value'], ['status']],
      );
    },
    'Nothing is written back to HighLevel': (world) => deepEqual(world.writes(), []),
  },
};

const renamedHere: Scene = {
  says: 'Name and close date are changed in HighLevel, and Zapier takes its next look',
  act: async (world) => {
    await world.poll(DEAL_OUT.rest);
    world.pause();
    const { id } = ours(world);
    world.sandbox.changeOpportunity(id, { name: 'Lumen Grid A', forecastExpectedCloseDate: '2027-05-31' });
    await world.poll(DEAL_OUT.rest);
    await world.poll(DEAL_OUT.rest);
  },
  holds: {
    '4Degrees has both, by one change of those alone': (world) => {
      deepEqual([theirs(world).name, theirs(world).close_date], ['Lumen Grid A', '2027-05-31']);
      deepEqual(
        theirWrites(world).map((fields) => Object.keys(fields).sort()),
        [['close_date', 'id', 'name', 'replaced']],
      );
    },
    'Nothing is written back to HighLevel': (world) => deepEqual(world.writes(), []),
  },
};

const newHere: Scene = {
  says: 'A new opportunity is added in HighLevel',
  act: async (world) => {
    const { sandbox } = world;
    world.pause();
    sandbox.addOpportunity({
      locationId: sandbox.locationId,
      pipelineId: sandbox.seeded.pipelines.Sales?.id ?? '',
      contactId: free(world),
      name: 'Bridge round of Tidewater',
      monetaryValue: 90_000,
    });
    await world.rest();
  },
  holds: {
    '4Degrees has it, and each side keeps the other’s ID': (world) => {
      const added = there(world).find(({ name }) => name === 'Bridge round of Tidewater');
      deepEqual([added?.value, added?.stage, added?.status], [90_000, 'New Lead', 'open']);
      equal(added?.highlevel_id, here(world, added?.id ?? '').id);
    },
    'It is written once to HighLevel, for the ID, and nothing comes back': (world) => {
      const added = there(world).find(({ name }) => name === 'Bridge round of Tidewater');
      deepEqual(world.writes(), [`PUT /opportunities/${added?.highlevel_id}`]);
      deepEqual(theirWrites(world), []);
    },
  },
};

/** Both sides are edited before any Zap runs. */
const atOnce = (says: string, first: 'here' | 'there', wins: number): Scene => ({
  says,
  act: async (world) => {
    world.pause();
    const edits = {
      here: () => world.sandbox.changeOpportunity(ours(world).id, { monetaryValue: wins }),
      there: () => world.apps.edit('4Degrees', 'deals', theirs(world).id, { value: String(wins + 5) }),
    };
    edits[first]();
    edits[first === 'here' ? 'there' : 'here']();
    await world.rest();
  },
  holds: {
    'Both sides end with HighLevel’s value': (world) =>
      deepEqual([ours(world).monetaryValue, Number(theirs(world).value)], [wins, wins]),
    '4Degrees keeps a note of what was replaced': (world) =>
      equal(theirs(world).replaced, `value "${wins + 5}" by "${wins}"`),
    'One write settles it': (world) => {
      deepEqual(world.writes(), []);
      equal(theirWrites(world).length, 1);
    },
  },
});

const conflicts: Scene[] = [
  atOnce('Both sides change the value within the same second, 4Degrees first', 'there', 400_000),
  atOnce('The same, HighLevel first', 'here', 500_000),
  {
    says: 'Twenty seconds apart: HighLevel changes the value, then 4Degrees does',
    act: async (world) => {
      world.pause();
      world.sandbox.changeOpportunity(ours(world).id, { monetaryValue: 600_000 });
      await world.rest();
      world.sandbox.moveClock({ by: 20_000 });
      world.apps.edit('4Degrees', 'deals', theirs(world).id, { value: '610000' });
      await world.rest();
    },
    holds: {
      'The later edit wins on both sides': (world) =>
        deepEqual([ours(world).monetaryValue, Number(theirs(world).value)], [610_000, 610_000]),
    },
  },
  {
    says: 'Within the same second, different fields: HighLevel the stage, 4Degrees the value and the close date',
    act: async (world) => {
      world.pause();
      world.apps.edit('4Degrees', 'deals', theirs(world).id, { value: '620000', close_date: '2027-04-30' });
      world.sandbox.changeOpportunity(ours(world).id, { pipelineStageId: stageId(world, 'Negotiation') });
      await world.rest();
    },
    holds: {
      'Both edits are on both sides': (world) => {
        const [one, other] = [ours(world), theirs(world)];
        deepEqual(
          [one.monetaryValue, one.pipelineStageId, one.forecastExpectedCloseDate],
          [620_000, stageId(world, 'Negotiation'), '2027-04-30'],
        );
        deepEqual(
          [Number(other.value), other.stage, other.close_date],
          [620_000, 'Negotiation', '2027-04-30'],
        );
      },
    },
  },
  {
    says: 'Within the same second, both give the deal another name',
    act: async (world) => {
      world.pause();
      world.sandbox.changeOpportunity(ours(world).id, { name: 'Lumen A' });
      world.apps.edit('4Degrees', 'deals', theirs(world).id, { name: 'Lumen Grid, Series A' });
      await world.rest();
      await world.poll(DEAL_OUT.rest);
    },
    holds: {
      '4Degrees’ name wins on both sides': (world) =>
        deepEqual([ours(world).name, theirs(world).name], ['Lumen Grid, Series A', 'Lumen Grid, Series A']),
    },
  },
  {
    says: '4Degrees sends an event twice, and HighLevel sends its webhook twice',
    act: async (world) => {
      world.pause();
      world.apps.repeat(1);
      world.apps.edit('4Degrees', 'deals', theirs(world).id, { value: '630000' });
      await world.rest();
      world.sandbox.webhooks.fault({ repeat: 2 });
      world.pause();
      world.sandbox.changeOpportunity(ours(world).id, { pipelineStageId: stageId(world, 'Closing') });
      await world.rest();
    },
    holds: {
      'Both sides agree, and each change went over once': (world) => {
        deepEqual(
          [ours(world).monetaryValue, Number(theirs(world).value), theirs(world).stage],
          [630_000, 630_000, 'Closing'],
        );
        equal(theirWrites(world).length, 1);
      },
    },
  },
];

export const fourdegreesIn: Story = {
  name: '4degrees-deal-to-opportunity',
  title: '4Degrees deal to HighLevel opportunity',
  who: 'A firm that finds its deals in 4Degrees and works them in HighLevel.',
  asked: ASKED,
  before: BEFORE,
  rules: [
    'A new deal becomes a contact and an opportunity; a changed one changes its opportunity, in the fields that changed and no others.',
    'The opportunity is found by the ID that 4Degrees keeps, and the first time by the External ID: a deal never becomes two opportunities.',
    ...RULES.slice(5, 6),
  ],
  zaps: [dealIn],
  samples: [deal],
  scenes: [
    arrives,
    changesThere,
    {
      says: 'A deal in a stage that HighLevel does not have',
      act: async (world) => {
        world.apps.add('4Degrees', 'deals', {
          ...deal.payload,
          stage: 'Term Sheet',
          contact_email: 'x@y.example',
        });
        await world.rest();
      },
      holds: {
        'The run stops before anything is written': (world) => {
          deepEqual(world.writes(), []);
          deepEqual(
            world.runs().map(({ status }) => status),
            ['stopped'],
          );
        },
      },
    },
    {
      says: 'The opportunity was made, and 4Degrees was away when it was to keep the ID',
      act: async (world) => {
        world.apps.refuse('4Degrees', { status: 503, message: 'Maintenance.', method: 'PATCH' });
        const { id } = world.apps.add('4Degrees', 'deals', {
          ...deal.payload,
          contact_email: 'away@example.com',
          contact_name: 'Ada Way',
        });
        await world.rest();
        deepEqual(world.failures(), ['Maintenance.']);
        world.apps.edit('4Degrees', 'deals', id, { value: '260000' });
        await world.rest();
      },
      holds: {
        'The next run finds it by its External ID, and keeps the ID': (world) => {
          const away = there(world).find(({ contact_email }) => contact_email === 'away@example.com');
          const one = here(world, away?.id ?? '');
          deepEqual([away?.highlevel_id, one.monetaryValue], [one.id, 260_000]);
        },
      },
    },
  ],
  template: {
    title: 'Create or update HighLevel opportunities from new or updated deals in 4Degrees',
    description:
      'Each deal of your 4Degrees list becomes an opportunity in HighLevel with its contact, stage, owner, value and close date, and follows it from then on. Both keep each other’s ID, so nothing is made twice.',
  },
};

export const fourdegreesOut: Story = {
  name: '4degrees-opportunity-to-deal',
  title: 'HighLevel opportunity to 4Degrees deal',
  who: 'A firm whose team sells in HighLevel and whose partners look at 4Degrees.',
  asked: ASKED,
  before: BEFORE,
  rules: [
    'A new opportunity becomes a deal; each change of stage, status, value and owner goes over within seconds, as that field alone, and a change of name or close date within minutes.',
    'Six Zaps: one for new opportunities, one each for stage, status, value and owner, and one for name and close date.',
    ...RULES.slice(4, 6),
  ],
  zaps: [dealNew, ...dealOut],
  samples: [deal],
  scenes: [
    newHere,
    {
      ...wonHere,
      says: 'It is given to somebody else, is worth more, and is won',
    },
    { ...movesHere, says: 'It is moved' },
    renamedHere,
    {
      says: 'An opportunity of another pipeline, and one that 4Degrees does not know, change',
      act: async (world) => {
        const onboarding = world.sandbox.seeded.pipelines.Onboarding;
        const [other] = world.opportunities().filter(({ pipelineId }) => pipelineId === onboarding?.id);
        const [unlinked] = world
          .opportunities()
          .filter(({ pipelineId }) => pipelineId !== onboarding?.id)
          .filter((one) => one.id !== ours(world).id && one.status === 'open');
        world.pause();
        for (const one of [other, unlinked]) {
          if (one) world.sandbox.editOpportunity(one.id, { customFields: [] });
          if (one) world.sandbox.changeOpportunity(one.id, { monetaryValue: 1 });
        }
        await world.rest();
      },
      holds: { 'Nothing goes over': (world) => deepEqual(theirWrites(world), []) },
    },
  ],
  template: {
    title: 'Update deals in 4Degrees when opportunities change in HighLevel',
    description:
      'When an opportunity is moved, won, lost, revalued or given to someone else in HighLevel, its deal in 4Degrees follows within seconds: that field, and nothing else. A new name or close date follows within minutes.',
  },
};

export const fourdegreesBoth: Story = {
  name: '4degrees-both-ways',
  title: '4Degrees deals and HighLevel opportunities, both ways at once',
  who: 'A firm where both systems are worked in, and must say the same.',
  asked: ASKED,
  before: BEFORE,
  rules: RULES,
  zaps: [dealIn, dealNew, ...dealOut],
  samples: [deal],
  scenes: [arrives, changesThere, movesHere, wonHere, renamedHere, newHere, ...conflicts],
  template: {
    title: 'Keep deals in 4Degrees and opportunities in HighLevel the same',
    description:
      'Work a deal where you like: stage, status, value and owner go over in seconds, name and close date in minutes, in both directions, without echoes. Where both sides are edited at once, it is settled by a rule and nothing is lost without a note.',
  },
};

function free(world: World): string {
  const taken = new Set(world.opportunities().map(({ contactId }) => contactId));
  return world.contacts().find(({ id }) => !taken.has(id))?.id ?? fail('every contact has an opportunity');
}

function fail(message: string): never {
  throw new Error(message);
}
