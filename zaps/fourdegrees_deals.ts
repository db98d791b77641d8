import { deepEqual, equal, ok } from 'node:assert/strict';
import type { Opportunity } from '../local/sandbox/index.ts';
import { BEFORE, DEAL_IN, DEAL_NEW, DEAL_OUT, deal, dealIn, dealNew, dealOut } from './fourdegrees_deal.ts';
import { RULES } from './fourdegrees_merge.ts';
import type { Stage } from './stage.ts';
import type { Scene, Story } from './story.ts';

const LUMEN = 'Series A of Lumen Grid';
const ASKED = [
  'The issue’s own words: deals and opportunities of one firm in two systems',
  'zapier.com template "Create new deal in 4Degrees from Ninja Forms submission"',
  'help.zapier.com "Zap is stuck in a loop": two Zaps that answer each other are the trouble of every sync both ways',
];

const there = (stage: Stage) => stage.apps.records('4Degrees', 'deals');
const theirs = (stage: Stage) => there(stage)[0] ?? fail('4Degrees has no deal');
const ours = (stage: Stage) => here(stage, theirs(stage).id);

function here(stage: Stage, id: string): Opportunity {
  const found = stage.deals().filter((one) => stage.fieldOf(one, 'External ID') === id);
  equal(found.length, 1, `opportunities that bear the ID ${id}`);
  return found[0] ?? fail('no opportunity');
}

const stageId = (stage: Stage, name: string) => stage.sandbox.seeded.pipelines.Sales?.stages[name];

/** Changes in 4Degrees that Zaps made, in this scene. */
const theirWrites = (stage: Stage) =>
  stage.events
    .filter((event) => event.type === 'step' && event.kind === 'other' && event.key.endsWith('Update Deal'))
    .filter((event) => stage.runs().some(({ id }) => event.type === 'step' && event.task === id))
    .map((event) => (event.type === 'step' ? event.input : {}));

const arrives: Scene = {
  says: 'A deal is added in 4Degrees',
  act: async (stage) => {
    stage.apps.add('4Degrees', 'deals', deal.payload);
    await stage.settle();
  },
  holds: {
    'HighLevel has it, with contact, stage, owner, value and close date': (stage) => {
      const one = ours(stage);
      deepEqual(
        [one.name, one.monetaryValue, one.pipelineStageId, one.status, one.forecastExpectedCloseDate],
        [LUMEN, 250_000, stageId(stage, 'Contacted'), 'open', '2027-02-26'],
      );
      equal(one.assignedTo, stage.sandbox.seeded.users['Dana Whitfield']);
      const contact = stage.contacts().find(({ id }) => id === one.contactId);
      deepEqual([contact?.email, contact?.firstName], ['imani@lumengrid.example', 'Imani']);
    },
    'Each side keeps the other’s ID': (stage) => {
      equal(theirs(stage).highlevel_id, ours(stage).id);
      ok(String(theirs(stage).highlevel_link).includes(ours(stage).id));
    },
    'Contact and opportunity are written once each': (stage) =>
      deepEqual(stage.writes(), ['POST /contacts/upsert', 'POST /opportunities/']),
  },
};

const changesThere: Scene = {
  says: 'Value, stage and close date change in 4Degrees',
  act: async (stage) => {
    stage.pause();
    const fields = { value: '300000', stage: 'Negotiation', close_date: '2027-03-31' };
    stage.apps.edit('4Degrees', 'deals', theirs(stage).id, fields);
    await stage.settle();
  },
  holds: {
    'HighLevel follows, with one write of those fields alone': (stage) => {
      const one = ours(stage);
      deepEqual(
        [one.monetaryValue, one.pipelineStageId, one.forecastExpectedCloseDate, one.name],
        [300_000, stageId(stage, 'Negotiation'), '2027-03-31', LUMEN],
      );
      deepEqual(stage.writes(), [`PUT /opportunities/${one.id}`]);
      const written = stage.requests().find(({ method }) => method === 'PUT')?.body as object;
      deepEqual(
        Object.keys(written).sort(),
        ['forecastExpectedCloseDate', 'monetaryValue', 'pipelineId', 'pipelineStageId'].sort(),
      );
    },
    'Nothing is written back to 4Degrees': (stage) => deepEqual(theirWrites(stage), []),
  },
};

const movesHere: Scene = {
  says: 'Someone moves the opportunity in HighLevel',
  act: async (stage) => {
    stage.pause();
    stage.sandbox.changeOpportunity(ours(stage).id, { pipelineStageId: stageId(stage, 'Closing') });
    await stage.settle();
  },
  holds: {
    '4Degrees follows, in the stage alone': (stage) => {
      equal(theirs(stage).stage, 'Closing');
      deepEqual(
        theirWrites(stage).map((fields) => Object.keys(fields).sort()),
        [['id', 'replaced', 'stage']],
      );
    },
    'Nothing is written back to HighLevel': (stage) => deepEqual(stage.writes(), []),
  },
};

const wonHere: Scene = {
  says: 'It is given to somebody else, is worth more, and is won, in HighLevel',
  act: async (stage) => {
    for (const patch of [
      { assignedTo: stage.sandbox.seeded.users['Marcus Boyd'] },
      { monetaryValue: 320_000 },
      { status: 'won' as const },
    ]) {
      stage.pause();
      stage.sandbox.changeOpportunity(ours(stage).id, patch);
      await stage.settle();
    }
  },
  holds: {
    '4Degrees has owner, value and status, each by its own Zap': (stage) => {
      const { owner, value, status } = theirs(stage);
      deepEqual([String(owner).startsWith('marcus'), value, status], [true, '320000', 'won']);
      deepEqual(
        theirWrites(stage).map((fields) =>
          Object.keys(fields).filter((key) => key !== 'id' && key !== 'replaced'),
        ),
        [['owner'], ['value'], ['status']],
      );
    },
    'Nothing is written back to HighLevel': (stage) => deepEqual(stage.writes(), []),
  },
};

const newHere: Scene = {
  says: 'A new opportunity is added in HighLevel',
  act: async (stage) => {
    const { sandbox } = stage;
    stage.pause();
    sandbox.addOpportunity({
      locationId: sandbox.locationId,
      pipelineId: sandbox.seeded.pipelines.Sales?.id ?? '',
      contactId: free(stage),
      name: 'Bridge round of Tidewater',
      monetaryValue: 90_000,
    });
    await stage.settle();
  },
  holds: {
    '4Degrees has it, and each side keeps the other’s ID': (stage) => {
      const added = there(stage).find(({ name }) => name === 'Bridge round of Tidewater');
      deepEqual([added?.value, added?.stage, added?.status], [90_000, 'New Lead', 'open']);
      equal(added?.highlevel_id, here(stage, added?.id ?? '').id);
    },
    'It is written once to HighLevel, for the ID, and nothing comes back': (stage) => {
      const added = there(stage).find(({ name }) => name === 'Bridge round of Tidewater');
      deepEqual(stage.writes(), [`PUT /opportunities/${added?.highlevel_id}`]);
      deepEqual(theirWrites(stage), []);
    },
  },
};

/** Both sides are edited before any Zap runs. */
const atOnce = (says: string, first: 'here' | 'there', wins: number): Scene => ({
  says,
  act: async (stage) => {
    stage.pause();
    const edits = {
      here: () => stage.sandbox.changeOpportunity(ours(stage).id, { monetaryValue: wins }),
      there: () => stage.apps.edit('4Degrees', 'deals', theirs(stage).id, { value: String(wins + 5) }),
    };
    edits[first]();
    edits[first === 'here' ? 'there' : 'here']();
    await stage.settle();
  },
  holds: {
    'Both sides end with HighLevel’s value': (stage) =>
      deepEqual([ours(stage).monetaryValue, Number(theirs(stage).value)], [wins, wins]),
    '4Degrees keeps a note of what was replaced': (stage) =>
      equal(theirs(stage).replaced, `value "${wins + 5}" by "${wins}"`),
    'One write settles it': (stage) => {
      deepEqual(stage.writes(), []);
      equal(theirWrites(stage).length, 1);
    },
  },
});

const conflicts: Scene[] = [
  atOnce('Both sides change the value within the same second, 4Degrees first', 'there', 400_000),
  atOnce('The same, HighLevel first', 'here', 500_000),
  {
    says: 'Twenty seconds apart: HighLevel changes the value, then 4Degrees does',
    act: async (stage) => {
      stage.pause();
      stage.sandbox.changeOpportunity(ours(stage).id, { monetaryValue: 600_000 });
      await stage.settle();
      stage.sandbox.moveClock({ by: 20_000 });
      stage.apps.edit('4Degrees', 'deals', theirs(stage).id, { value: '610000' });
      await stage.settle();
    },
    holds: {
      'The later edit wins on both sides': (stage) =>
        deepEqual([ours(stage).monetaryValue, Number(theirs(stage).value)], [610_000, 610_000]),
    },
  },
  {
    says: 'Within the same second, different fields: HighLevel the stage, 4Degrees the value and the close date',
    act: async (stage) => {
      stage.pause();
      stage.apps.edit('4Degrees', 'deals', theirs(stage).id, { value: '620000', close_date: '2027-04-30' });
      stage.sandbox.changeOpportunity(ours(stage).id, { pipelineStageId: stageId(stage, 'Negotiation') });
      await stage.settle();
    },
    holds: {
      'Both edits are on both sides': (stage) => {
        const [one, other] = [ours(stage), theirs(stage)];
        deepEqual(
          [one.monetaryValue, one.pipelineStageId, one.forecastExpectedCloseDate],
          [620_000, stageId(stage, 'Negotiation'), '2027-04-30'],
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
    act: async (stage) => {
      stage.pause();
      stage.sandbox.changeOpportunity(ours(stage).id, { name: 'Lumen A' });
      stage.apps.edit('4Degrees', 'deals', theirs(stage).id, { name: 'Lumen Grid, Series A' });
      await stage.settle();
    },
    holds: {
      '4Degrees’ name wins on both sides': (stage) =>
        deepEqual([ours(stage).name, theirs(stage).name], ['Lumen Grid, Series A', 'Lumen Grid, Series A']),
    },
  },
  {
    says: '4Degrees sends an event twice, and HighLevel sends its webhook twice',
    act: async (stage) => {
      stage.pause();
      stage.apps.repeat(1);
      stage.apps.edit('4Degrees', 'deals', theirs(stage).id, { value: '630000' });
      await stage.settle();
      stage.sandbox.context.webhooks.fault({ repeat: 2 });
      stage.pause();
      stage.sandbox.changeOpportunity(ours(stage).id, { pipelineStageId: stageId(stage, 'Closing') });
      await stage.settle();
    },
    holds: {
      'Both sides agree, and each change went over once': (stage) => {
        deepEqual(
          [ours(stage).monetaryValue, Number(theirs(stage).value), theirs(stage).stage],
          [630_000, 630_000, 'Closing'],
        );
        equal(theirWrites(stage).length, 1);
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
      act: async (stage) => {
        stage.apps.add('4Degrees', 'deals', {
          ...deal.payload,
          stage: 'Term Sheet',
          contact_email: 'x@y.example',
        });
        await stage.settle();
      },
      holds: {
        'The run stops before anything is written': (stage) => {
          deepEqual(stage.writes(), []);
          deepEqual(
            stage.runs().map(({ status }) => status),
            ['stopped'],
          );
        },
      },
    },
    {
      says: 'The opportunity was made, and 4Degrees was away when it was to keep the ID',
      act: async (stage) => {
        stage.apps.refuse('4Degrees', { status: 503, message: 'Maintenance.', method: 'PATCH' });
        const { id } = stage.apps.add('4Degrees', 'deals', {
          ...deal.payload,
          contact_email: 'away@example.com',
          contact_name: 'Ada Way',
        });
        await stage.settle();
        deepEqual(stage.complaints(), ['Maintenance.']);
        stage.apps.edit('4Degrees', 'deals', id, { value: '260000' });
        await stage.settle();
      },
      holds: {
        'The next run finds it by its External ID, and keeps the ID': (stage) => {
          const away = there(stage).find(({ contact_email }) => contact_email === 'away@example.com');
          const one = here(stage, away?.id ?? '');
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
    'A new opportunity becomes a deal; each change of stage, status, value and owner goes over within seconds, as that field alone.',
    'Five Zaps: one for new opportunities, and one each for stage, status, value and owner.',
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
    {
      says: 'An opportunity of another pipeline, and one that 4Degrees does not know, change',
      act: async (stage) => {
        const onboarding = stage.sandbox.seeded.pipelines.Onboarding;
        const [other] = stage.deals().filter(({ pipelineId }) => pipelineId === onboarding?.id);
        const [unlinked] = stage
          .deals()
          .filter(({ pipelineId }) => pipelineId !== onboarding?.id)
          .filter((one) => one.id !== ours(stage).id && one.status === 'open');
        stage.pause();
        for (const one of [other, unlinked]) {
          if (one) stage.sandbox.editOpportunity(one.id, { customFields: [] });
          if (one) stage.sandbox.changeOpportunity(one.id, { monetaryValue: 1 });
        }
        await stage.settle();
      },
      holds: { 'Nothing goes over': (stage) => deepEqual(theirWrites(stage), []) },
    },
  ],
  template: {
    title: 'Update deals in 4Degrees when opportunities change in HighLevel',
    description:
      'When an opportunity is moved, won, lost, revalued or given to someone else in HighLevel, its deal in 4Degrees follows within seconds: that field, and nothing else.',
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
  scenes: [arrives, changesThere, movesHere, wonHere, newHere, ...conflicts],
  template: {
    title: 'Keep deals in 4Degrees and opportunities in HighLevel the same',
    description:
      'Work a deal where you like: stage, status, value and owner go over in seconds, in both directions, without echoes. Where both sides are edited at once, it is settled by a rule and nothing is lost without a note.',
  },
};

export const FOURDEGREES_ZAPS = { DEAL_IN, DEAL_NEW, DEAL_OUT };

function free(stage: Stage): string {
  const taken = new Set(stage.deals().map(({ contactId }) => contactId));
  return stage.contacts().find(({ id }) => !taken.has(id))?.id ?? fail('every contact has a deal');
}

function fail(message: string): never {
  throw new Error(message);
}
