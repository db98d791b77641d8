import {
  type Bundle,
  defineInputFields,
  defineTrigger,
  type PollingTriggerPerform,
  type ZObject,
} from 'zapier-platform-core';
import { readChoice } from '../fields/inputs/choices.ts';
import { ownerFilter, pipelineFilter, stageFilter } from '../fields/inputs/common.ts';
import { chosenFilters } from '../fields/inputs/filters.ts';
import { includeContact } from '../fields/inputs/include-contact.ts';
import { requiredText } from '../fields/inputs/read-text.ts';
import { readWholeNumber } from '../fields/inputs/read-whole-number.ts';
import { opportunityRowSample, outputFieldsWithout } from '../fields/outputs/opportunity.ts';
import { without } from '../fields/outputs/pick.ts';
import { connect, type HighLevel } from '../highlevel/connect.ts';
import { digest } from '../highlevel/http/digest.ts';
import type { Criteria } from '../highlevel/opportunities/criteria.ts';
import { type Moment, NO_NEW_PAGE_AFTER_MS } from '../highlevel/opportunities/reading.ts';
import type { Opportunity, OpportunityRecord } from '../highlevel/opportunities/record.ts';
import { withContacts } from './support/include-contact.ts';
import { FALLBACK_ROWS, isLongPast, polling, readLatest, readRows } from './support/polling.ts';

const LONGEST_DAYS = 3650;

const days = {
  key: 'days',
  label: 'Days Without Movement',
  type: 'string',
  required: true,
  default: '14',
  helpText:
    'An open opportunity that has not moved for this many days is stale. Write a whole number, for example `14`.',
} as const;

const MOVEMENT_CHOICES = { stage: 'A Change of Stage', update: 'Any Change to the Opportunity' };

const movement = {
  key: 'movement',
  label: 'What Counts as Movement',
  type: 'string',
  required: false,
  choices: MOVEMENT_CHOICES,
  helpText:
    'What moves an opportunity: "Any Change to the Opportunity" counts changes of its value, owner, name and other fields as well. Leave empty to count changes of stage only.',
} as const;

const inputFields = defineInputFields([
  days,
  movement,
  pipelineFilter,
  stageFilter,
  ownerFilter,
  includeContact,
  {
    key: 'about_checks',
    label: 'How Stale Opportunities Are Found',
    type: 'copy',
    helpText:
      'An opportunity starts the Zap once each time it goes stale, but not if it was stale already when the Zap was turned on, or went stale more than a week ago. ' +
      `While HighLevel refuses to sort opportunities by their changes, only the ${FALLBACK_ROWS} newest are looked at, and older ones come late or are missed.`,
  },
]);

/** An open opportunity has no lost reason: HighLevel drops the one that it had. [measured by others] */
const NEVER_OF_OPEN = ['lost_reason_id', 'lost_reason_name'] as const;

const DAY_MS = 24 * 60 * 60 * 1000;
const HOUR_MS = 60 * 60 * 1000;

const MOMENTS = {
  stage: { moment: 'lastStageChangeAt', criterion: 'stageChanged', key: 'last_stage_change_at' },
  update: { moment: 'updatedAt', criterion: 'updated', key: 'updated_at' },
} as const satisfies Record<string, { moment: Moment; criterion: keyof Criteria; key: keyof Opportunity }>;

const perform = polling(async (z, bundle) => {
  const highlevel = connect(z, bundle);
  const { inputData, meta } = bundle;
  const { moment, criterion, key } =
    MOMENTS[readChoice(z, movement.label, inputData.movement, MOVEMENT_CHOICES) ?? 'stage'];
  const now = Date.now();
  const before = now - readDays(z, inputData.days) * DAY_MS;
  const where = {
    ...(await chosenFilters(z, bundle, inputData)),
    status: 'open' as const,
    [criterion]: { before },
  };
  // The latest moment is that of the opportunity that went stale last, so the first page holds all that is new,
  const plan = { freshSince: before - HOUR_MS, until: now + NO_NEW_PAGE_AFTER_MS };
  const { rows: moved, isPart } = await readLatest(highlevel, meta, where, moment, plan);
  // but for one that was opened again after its last move, which may lie far behind.
  const mayBeBehind = isPart && moment === 'lastStageChangeAt' && !meta?.isLoadingSample;
  const reopened = mayBeBehind ? await readReopened(highlevel, bundle, where, before, now) : [];
  const records = [...new Map([...moved, ...reopened].map((record) => [record.id, record])).values()];
  const rows = (await highlevel.opportunities.present(records)).flatMap((opportunity) => {
    const since = later(opportunity[key], opportunity.last_status_change_at);
    const wentStaleAt = Date.parse(since) + (now - before);
    if (wentStaleAt > now || isLongPast(meta, new Date(wentStaleAt).toISOString())) return [];
    return [
      {
        ...without(NEVER_OF_OPEN, opportunity),
        stale_since: since,
        days_stale: Math.floor((now - Date.parse(since)) / DAY_MS),
      },
    ];
  });
  return withContacts(z, bundle, rows);
}) satisfies PollingTriggerPerform<typeof inputFields>;

/** A second look at each poll would double its requests, and one that rests for days can wait for the hour. */
const LOOK_EVERY_SECONDS = 60 * 60;

/** Those that went stale by the moment they were opened again, looked for once an hour. */
async function readReopened(
  highlevel: HighLevel,
  { meta, inputData }: Bundle,
  where: Criteria,
  before: number,
  now: number,
): Promise<OpportunityRecord[]> {
  const looked = `looked_for_reopened:${meta?.zap?.id ?? ''}:${digest(inputData)}`;
  if (!meta?.isPopulatingDedupe && (await highlevel.recall<boolean>(looked))) return [];
  const opened = { ...where, statusChanged: { before } };
  const plan = { freshSince: before - 3 * HOUR_MS, until: now + NO_NEW_PAGE_AFTER_MS };
  const rows = await readRows(highlevel, meta, opened, 'lastStatusChangeAt', plan);
  await highlevel.remember(looked, true, LOOK_EVERY_SECONDS);
  return rows;
}

/** An opportunity that was opened again a minute ago has not rested, whatever its stage. */
function later(movedAt: string | null, openedAt: string | null): string {
  return [movedAt ?? '', openedAt ?? ''].sort().at(-1) ?? '';
}

function readDays(z: ZObject, value: unknown): number {
  const limits = { least: 1, most: LONGEST_DAYS };
  return readWholeNumber(z, days.label, requiredText(z, days.label, value), limits) ?? LONGEST_DAYS;
}

export default defineTrigger({
  key: 'stale_opportunity',
  noun: 'Opportunity',
  display: {
    label: 'Stale Opportunity',
    description: 'Triggers when an open opportunity has not moved for a number of days.',
  },
  operation: {
    type: 'polling',
    perform,
    inputFields,
    outputFields: [
      ...outputFieldsWithout(NEVER_OF_OPEN).map((field) =>
        typeof field !== 'function' && field.key === 'id' ? { ...field, primary: true } : field,
      ),
      { key: 'stale_since', label: 'Last Movement', type: 'datetime', primary: true, required: true },
      { key: 'days_stale', label: 'Days Without Movement', type: 'integer' },
    ],
    sample: {
      ...without(NEVER_OF_OPEN, opportunityRowSample),
      stale_since: opportunityRowSample.last_stage_change_at,
      days_stale: 14,
    },
  },
});
