import {
  type Bundle,
  defineInputField,
  defineInputFields,
  defineSearch,
  type SearchPerform,
  type ZObject,
} from 'zapier-platform-core';
import { readChoice } from '../fields/inputs/choices.ts';
import { pipelineFilter } from '../fields/inputs/common.ts';
import { dayAt, isTimeZone, zapTimeZone } from '../fields/inputs/days.ts';
import { readDays } from '../fields/inputs/filters.ts';
import { DAY_EXAMPLES } from '../fields/inputs/read-day.ts';
import { readText } from '../fields/inputs/read-text.ts';
import { orNone } from '../highlevel/account/lookup.ts';
import type { Pipeline } from '../highlevel/account/pipelines.ts';
import type { User } from '../highlevel/account/users.ts';
import { connect } from '../highlevel/connect.ts';
import { readOpportunitiesOfPeriod } from './support/opportunities-of-period.ts';
import { factsOf, type OpportunityFacts } from './support/opportunity-sums.ts';
import { namedPeriod, PERIOD_CHOICES, type Period, periodOf } from './support/period.ts';
import { summarize } from './support/summary.ts';
import { summaryOutputFields, summarySample } from './support/summary-output.ts';
import { summaryMarkdown, summaryText } from './support/summary-text.ts';

const TIME_ZONE_CHOICES = { zap: 'The Zap’s', sub_account: 'The Sub-Account’s' };

const period = defineInputField({
  key: 'period',
  label: 'Period',
  type: 'string',
  required: true,
  choices: PERIOD_CHOICES,
  default: 'today',
  helpText:
    'The days to sum up: weeks begin on Monday, and the last 7 or 30 days end with today. For other days choose Custom, and fill in First Day and Last Day.',
});

const firstDay = defineInputField({
  key: 'period_start',
  label: 'First Day',
  type: 'string',
  required: false,
  helpText: `For the period Custom: the first day to count, ${DAY_EXAMPLES}. A time of day is ignored.`,
});

const lastDay = defineInputField({
  key: 'period_end',
  label: 'Last Day',
  type: 'string',
  required: false,
  helpText: 'For the period Custom: the last day to count, the whole of it. Leave empty for today.',
});

const timeZone = defineInputField({
  key: 'time_zone',
  label: 'Time Zone',
  type: 'string',
  required: false,
  choices: TIME_ZONE_CHOICES,
  helpText:
    'Where the days begin and end: choose the sub-account’s for the numbers of HighLevel’s own dashboard. Leave empty for the Zap’s time zone.',
});

const inputFields = defineInputFields([
  period,
  { ...pipelineFilter, helpText: 'Sums up this pipeline only. Leave empty for all pipelines.' },
  firstDay,
  lastDay,
  timeZone,
]);

const perform = (async (z, bundle) => {
  const highlevel = connect(z, bundle);
  const startedAt = Date.now();
  const chosenZone = readChoice(z, timeZone.label, bundle.inputData.time_zone, TIME_ZONE_CHOICES);
  const chosenPeriod = await readPeriod(z, bundle, bundle.inputData);
  const pipelineText = readText(bundle.inputData.pipeline_id);
  const pipeline = pipelineText ? await highlevel.account.resolvePipeline(pipelineText) : null;
  const zone = await zoneOf(z, bundle, chosenZone);
  const { firstDay, lastDay, from, before } = chosenPeriod(startedAt, zone);

  const wanted = { pipelineId: pipeline?.id, from, before, startedAt };
  const { opportunities, requests, leftOut } = await readOpportunitiesOfPeriod(highlevel, wanted, factsOf);
  const [allPipelines, people] = await namesFor(z, bundle, opportunities);
  const numbers = summarize(opportunities, {
    from,
    before,
    now: startedAt,
    // A stage may have come since the list was read that the chosen one is of.
    pipelines: pipeline ? [allPipelines.find(({ id }) => id === pipeline.id) ?? pipeline] : allPipelines,
    // Without the list of users nobody is known to have left.
    ownerName: (id) => people.find((person) => person.id === id)?.name ?? (people.length === 0 ? id : null),
    url: (id) => highlevel.connection.opportunityUrl(id),
  });
  const head = {
    pipeline_id: pipeline?.id ?? null,
    pipeline_name: pipeline?.name ?? null,
    period_start: firstDay,
    period_end: lastDay,
    time_zone: zone,
    left_out_count: leftOut,
  };
  return [
    {
      ...head,
      ...numbers,
      text: summaryText(head, numbers),
      markdown: summaryMarkdown(head, numbers),
      is_complete: leftOut === 0,
      opportunities_read: opportunities.length,
      search_requests: requests,
    },
  ];
}) satisfies SearchPerform<typeof inputFields>;

interface PeriodInput {
  period?: unknown;
  period_start?: unknown;
  period_end?: unknown;
}

/** What was asked is read before anything is asked of HighLevel; which days it means depends on the zone. */
async function readPeriod(
  z: ZObject,
  bundle: Bundle,
  input: PeriodInput,
): Promise<(now: number, zone: string) => Period> {
  const name = readChoice(z, period.label, input.period, PERIOD_CHOICES) ?? 'today';
  if (name !== 'custom') {
    for (const [{ label }, value] of [
      [firstDay, input.period_start],
      [lastDay, input.period_end],
    ] as const) {
      if (readText(value)) throw notCustom(z, label, PERIOD_CHOICES[name]);
    }
    return (now, zone) => namedPeriod(name, now, zone);
  }
  const days = await readDays(
    z,
    bundle,
    [firstDay.label, lastDay.label],
    input.period_start,
    input.period_end,
  );
  const from = days?.from;
  if (!from) {
    throw new z.errors.HaltedError(
      `${firstDay.label}: this is empty. With the period Custom, fill in the first day to count.`,
    );
  }
  return (now, zone) => {
    const today = dayAt(now, zone);
    if (!days.to && from > today) {
      throw new z.errors.HaltedError(
        `${firstDay.label}: ${from} is still to come. Give a day that has begun.`,
      );
    }
    return periodOf(from, days.to ?? today, zone);
  };
}

/** Whoever fills in days wants their numbers, and not those of the period that is chosen by itself. */
function notCustom(z: ZObject, label: string, chosen: string): Error {
  return new z.errors.HaltedError(
    `${label}: this counts for the ${period.label} ${PERIOD_CHOICES.custom} alone, while ${period.label} is "${chosen}". Choose ${PERIOD_CHOICES.custom}, or empty ${firstDay.label} and ${lastDay.label}.`,
  );
}

/** @throws errors.Error where the sub-account's is asked for and may not be read; HaltedError where it has none */
async function zoneOf(
  z: ZObject,
  bundle: Bundle,
  chosen: keyof typeof TIME_ZONE_CHOICES | undefined,
): Promise<string> {
  if (chosen !== 'sub_account') return zapTimeZone(bundle);
  const zone = await connect(z, bundle).connection.timeZone();
  if (isTimeZone(zone)) return zone;
  throw new z.errors.HaltedError(
    `${timeZone.label}: HighLevel names none for this sub-account. Set it there under Settings, or choose "${TIME_ZONE_CHOICES.zap}".`,
  );
}

async function namesFor(
  z: ZObject,
  bundle: Bundle,
  opportunities: OpportunityFacts[],
): Promise<[Pipeline[], User[]]> {
  const highlevel = connect(z, bundle);
  const stageIds = new Set(opportunities.map(({ stageId }) => stageId).filter(Boolean));
  const ownerIds = new Set(opportunities.map(({ ownerId }) => ownerId).filter((id) => id !== null));
  return Promise.all([
    orNone(highlevel.account.pipelines.withIds(stageIds)),
    // Not what is known from before: who is not in the list is called a former user.
    ownerIds.size > 0 && highlevel.hasScope('users.readonly')
      ? orNone(highlevel.account.users.withIds(ownerIds))
      : [],
  ]);
}

export default defineSearch({
  key: 'summarize_opportunities',
  noun: 'Opportunity Summary',
  display: {
    label: 'Summarize Opportunities',
    description:
      'Finds how a pipeline stands: open, created, won and lost opportunities of a period, as numbers and as text to post.',
  },
  operation: { perform, inputFields, outputFields: summaryOutputFields, sample: summarySample },
});
