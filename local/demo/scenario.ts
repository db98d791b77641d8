import { connectWithToken } from '../../highlevel/connect.ts';
import type { Sandbox } from '../sandbox/index.ts';
import type { LiveZap, Runner, Zap } from '../zap-runner/index.ts';
import type { Story } from './story.ts';

/** The first Zap that a sales team builds: an opportunity in one pipeline opens the follow-up in the next. */
export const followUpZap: Zap = {
  name: 'New sales opportunity → onboarding follow-up',
  trigger: { key: 'new_opportunity', input: { pipeline_id: 'Sales' } },
  steps: [
    {
      id: 'follow_up',
      kind: 'create',
      key: 'create_opportunity',
      input: {
        contact_id: '{{trigger.contact_id}}',
        pipeline_id: 'Onboarding',
        stage_id: 'Kickoff',
        name: 'Onboard {{trigger.contact_name}}: {{trigger.name}}',
        monetary_value: '{{trigger.monetary_value}}',
        owner_id: '{{trigger.owner_id}}',
        expected_close_date: '2026-12-31',
      },
    },
  ],
};

/** Nobody waits for a poll when an opportunity gets serious. */
export const negotiationZap: Zap = {
  name: 'Opportunity in negotiation → task for its owner',
  trigger: { key: 'stage_changed_instant', input: { pipeline_id: 'Sales', stage_id: 'Negotiation' } },
  steps: [
    {
      id: 'task',
      kind: 'create',
      key: 'create_task',
      input: {
        opportunity_id: '{{trigger.id}}',
        title:
          'Call about {{trigger.name}}: it moved from {{trigger.change.from_name}} to {{trigger.change.to_name}}',
        due_date: '2026-12-01T09:00:00-06:00',
        owner_id: '{{trigger.owner_id}}',
      },
    },
  ],
};

/** The connection as Zapier makes it: the consent page is opened and its form sent, over HTTP. */
export function signIn(sandbox: Sandbox): (url: string) => Promise<string> {
  return async (url) => {
    const response = await fetch(url);
    demand(response.ok, `${response.url} answered ${response.status}.`);
    const { origin, pathname, searchParams } = new URL(url);
    const form = new URLSearchParams([
      ...searchParams,
      ['location_id', sandbox.locationId],
      ['decision', 'allow'],
    ]);
    const answer = await fetch(origin + pathname, { method: 'POST', body: form, redirect: 'manual' });
    const back = answer.headers.get('location');
    if (!back) throw new Error(`The consent page did not lead back: it answered ${answer.status}.`);
    return back;
  };
}

/**
 * Plays the demonstration on a Zap that is on.
 *
 * @throws Error with the reason where anything ended otherwise than it should
 */
export async function play(sandbox: Sandbox, runner: Runner, live: LiveZap, story: Story): Promise<void> {
  const { pipelines, users } = sandbox.seeded;
  const sales = pipelines.Sales?.id ?? '';
  const [ownerName, ownerId] = Object.entries(users)[0] ?? [];
  const add = (contactId: string, pipelineId: string, name: string, monetaryValue: number) => {
    story.change(`added "${name}", worth ${monetaryValue}`);
    return sandbox.addOpportunity({
      locationId: sandbox.locationId,
      pipelineId,
      contactId,
      name,
      monetaryValue,
      assignedTo: ownerId,
    });
  };

  story.chapter('A poll with nothing new');
  demand((await live.poll()).length === 0, 'A poll before any change should have found nothing new.');

  story.chapter(
    `${ownerName ?? 'Someone'} in sales adds two opportunities and moves a third, in HighLevel’s own pages`,
  );
  const added = [
    add(await addContact(sandbox, 'Priya Raman'), sales, 'Spring campaign', 2400),
    add(await addContact(sandbox, 'Tom Becker'), sales, 'Website relaunch {{phase 1}}', 3650),
  ];
  const moved = sandbox.seeded.opportunityIds
    .map((id) => sandbox.opportunity(id))
    .find(({ pipelineId, status }) => pipelineId === sales && status === 'open');
  if (moved) {
    sandbox.changeOpportunity(moved.id, { pipelineStageId: pipelines.Sales?.stages.Negotiation });
    story.change(`moved "${moved.name}" to Negotiation (no new opportunity, so the Zap should not run)`);
  }
  const tasks = await live.poll();
  demand(
    tasks.length === 2 && tasks.every(({ status }) => status === 'success'),
    `Two opportunities were added, and ${tasks.length} runs of the Zap came of it (${tasks.map(({ status }) => status).join(', ')}).`,
  );

  story.chapter('The next poll knows them');
  demand((await live.poll()).length === 0, 'An opportunity was taken for new twice.');

  story.chapter('An opportunity of a contact who is already being onboarded');
  const known = await addContact(sandbox, 'Mina Park');
  add(known, pipelines.Onboarding?.id ?? '', 'First project', 1100);
  add(known, sales, 'Second project', 900);
  const [stopped] = await live.poll();
  demand(
    stopped?.status === 'halted',
    'The account allows one opportunity per contact and pipeline; the step should have stopped.',
  );

  story.chapter('A search by hand finds what the Zap made');
  const found = await runner.call(
    'search',
    'find_opportunity',
    { name: `Onboard Tom Becker: ${added[1]?.name}`, pipeline_id: 'Onboarding' },
    story.connection,
  );
  const [opportunity] = found.results as { name: string; url: string }[];
  demand(
    opportunity?.name.endsWith(added[1]?.name ?? '') === true,
    'The follow-up opportunity was not found by its name.',
  );
  story.found(opportunity?.name ?? '', opportunity?.url ?? '');
}

/**
 * Drags a card and waits for the Zap.
 *
 * @throws Error where it did not run once, and well, within ten seconds
 */
export async function playInstant(sandbox: Sandbox, live: LiveZap, story: Story): Promise<void> {
  const { Sales } = sandbox.seeded.pipelines;
  const opportunity = [...sandbox.state.opportunities.values()].find(
    ({ pipelineId, pipelineStageId }) =>
      pipelineId === Sales?.id && pipelineStageId === Sales?.stages['Proposal Sent'],
  );
  if (!opportunity) throw new Error('The sandbox has no opportunity in "Proposal Sent".');
  // So that the relay knows the stage it comes from: it has seen nothing of this account yet.
  sandbox.changeOpportunity(opportunity.id, { source: 'Trade Show' });
  await sandbox.webhooks.idle();
  const started = performance.now();
  sandbox.changeOpportunity(opportunity.id, { pipelineStageId: Sales?.stages.Negotiation });
  story.change(`dragged "${opportunity.name}" from Proposal Sent to Negotiation`);
  while (live.tasks.length === 0 || live.tasks[0]?.status === 'held') {
    demand(
      performance.now() - started < INSTANT_WITHIN_MS,
      'The instant Zap did not run within ten seconds.',
    );
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await live.idle();
  const took = Math.round(performance.now() - started);
  demand(
    live.tasks.length === 1 && live.tasks[0]?.status === 'success',
    'The instant Zap did not run once and well.',
  );
  story.line(`     ${took} ms from the drag of the card to the end of the Zap’s action`);
}

const INSTANT_WITHIN_MS = 10_000;

/** A new person in the account, added through HighLevel's own API. Gives the contact's id. */
export async function addContact({ url, accessToken, locationId }: Sandbox, name: string): Promise<string> {
  const [firstName, lastName] = name.split(' ');
  const { contacts } = connectWithToken({ apiUrl: url, token: accessToken, locationId });
  const email = `${firstName}@example.com`.toLowerCase();
  return (await contacts.create({ firstName, lastName, email })).id;
}

function demand(holds: boolean, reason: string): asserts holds {
  if (!holds) throw new Error(reason);
}
