/** What each operation is run with in the matrix: its own test's inputs, and the cases that contrary answers are about. */

import type { Opportunity, Sandbox } from '../../../local/sandbox/index.ts';
import type { Delivery } from '../../../wire/deliveries.ts';
import { inputsOf } from '../../support/all-inputs.ts';
import { idsOf, ownFields } from '../../support/inputs.ts';
import type { Run } from '../../support/operation.ts';
import type { Call, Step } from './world.ts';

/** Calls that follow each other, such as a creation and the search for what was created; the last one counts. */
export interface Situation {
  name: string;
  steps: Step[];
}

export type Kind = 'triggers' | 'searches' | 'creates';
type Input = Record<string, unknown>;

const GONE = 'goneGoneGoneGoneGone';

/** The situations of an operation. Asked for before the account is looked at, as they add records to it. */
export function situationsOf(kind: Kind, key: string, sandbox: Sandbox): Situation[] {
  const { runs, example } = inputsOf(key);
  const { all, least } = runs(sandbox);
  const step = ({ method = 'perform', inputData, meta, bundle }: Run): Call => ({
    method: `${kind}.${key}.operation.${method}`,
    inputData,
    meta,
    bundle,
  });
  const more = MORE[key]?.(sandbox) ?? [];
  const examples = example ? [{ inputData: example(sandbox) }] : [];
  const usual = distinct([...least, ...firstOfEach(all), ...(more.length > 0 ? [] : examples)]);
  const named = [
    ...usual.map((run, index) => ({
      name: `${isForSamples(key, run) ? 'samples' : 'inputs'} ${index + 1}`,
      run,
    })),
    ...more.map(([name, inputData]) => ({ name, run: { inputData } })),
    ...gone([...least, ...all]),
  ];
  return [
    ...named.map(({ name, run }) => ({ name, steps: [step(run)] })),
    ...(SEQUENCES[key]?.(sandbox) ?? []),
  ];
}

/** A hook that is invoked by hand, without a delivery, shows its samples as well. */
function isForSamples(key: string, { method, bundle }: Run): boolean {
  return method === 'performList' || (key.endsWith('_instant') && !bundle?.cleanedRequest);
}

/** Of each method the run with the most inputs, and of a poll the one that fills what is known. */
function firstOfEach(all: Run[]): Run[] {
  const usual = all.filter(({ fault, meta }) => !fault && !meta?.isLoadingSample);
  return [...new Map(usual.toReversed().map((run) => [`${run.method} ${Boolean(run.meta)}`, run])).values()];
}

function distinct(runs: Run[]): Run[] {
  return [...new Map(runs.map((run) => [JSON.stringify(run), run])).values()];
}

/** The same for a record that is not there any more. */
function gone(runs: Run[]): { name: string; run: Run }[] {
  const keys = ['opportunity_id', 'contact_id', 'note_id', 'task_id'];
  const named = keys.flatMap((key) => {
    const run = runs.find(({ inputData }) => inputData && key in inputData);
    return run
      ? [{ name: `${key} gone`, run: { ...run, inputData: { ...run.inputData, [key]: GONE } } }]
      : [];
  });
  const delivered = runs.find(({ bundle }) => bundle?.cleanedRequest);
  if (!delivered) return named;
  const delivery = delivered.bundle?.cleanedRequest as Delivery;
  const id = delivery.note_id ? { note_id: GONE } : { opportunity_id: GONE };
  return [
    ...named,
    {
      name: 'delivery of what is gone',
      run: { ...delivered, bundle: { cleanedRequest: { ...delivery, ...id } } },
    },
  ];
}

type Cases = (sandbox: Sandbox) => [name: string, input: Input][];

const opportunitiesOf = (sandbox: Sandbox): Opportunity[] =>
  sandbox.seeded.opportunityIds.map((id) => sandbox.opportunity(id));

/** Somebody with one opportunity, which is in this pipeline. */
function settled(sandbox: Sandbox, pipelineId: string): Opportunity {
  const all = opportunitiesOf(sandbox);
  const found = all.find(
    (one) =>
      one.pipelineId === pipelineId &&
      one.status === 'open' &&
      all.filter(({ contactId }) => contactId === one.contactId).length === 1,
  );
  if (!found) throw new Error('The sandbox has nobody like that.');
  return found;
}

const MORE: Record<string, Cases> = {
  find_opportunity: (sandbox) => {
    const { opportunityId, customFields, lostReason, sales } = idsOf(sandbox);
    const { name, contactId } = sandbox.opportunity(opportunityId);
    const external = customFields['opportunity.external_id'];
    return [
      ['the whole name', { name }],
      ['contact and pipeline', { contact_id: contactId, pipeline_id: sales.id }],
      ['a custom field', { search_field: external, search_field_value: 'MATRIX-1' }],
      ['a custom field that none has', { search_field: external, search_field_value: 'MATRIX-2' }],
      [
        'ID and custom field',
        { opportunity_id: opportunityId, search_field: external, search_field_value: 'MATRIX-1' },
      ],
      ['lost reason', { lost_reason_id: lostReason }],
    ];
  },
  list_opportunities: (sandbox) => {
    const { customFields, lostReason, sales } = idsOf(sandbox);
    return [
      ['all', {}],
      ['a pipeline', { pipeline_id: sales.id, status: 'open' }],
      ['lost reason', { lost_reason_id: lostReason, min_value: '1' }],
      ['a custom field', { search_field: customFields['opportunity.plan'], search_field_value: 'Growth' }],
      ['without owner', { without_owner: 'yes' }],
    ];
  },
  summarize_opportunities: (sandbox) => [
    ['this month', { period: 'last_30_days' }],
    ['a pipeline', { period: 'last_30_days', pipeline_id: idsOf(sandbox).sales.id, time_zone: 'zap' }],
  ],
  create_opportunity: (sandbox) => {
    const { sales, onboarding, lostReason } = idsOf(sandbox);
    const { contactId } = settled(sandbox, sales.id);
    const second = { contact_id: contactId, pipeline_id: sales.id, name: 'Second', monetary_value: '700' };
    const elsewhere = {
      contact_id: settled(sandbox, onboarding.id).contactId,
      pipeline_id: sales.id,
      name: 'New',
    };
    return [
      ['a second one', second],
      ['a second one, stop', { ...second, if_exists: 'stop' }],
      ['a second one, update', { ...second, if_exists: 'update_any', value_rule: 'add' }],
      ['one elsewhere', elsewhere],
      ['one elsewhere, update', { ...elsewhere, if_exists: 'update_any' }],
      ['lost at once', { ...elsewhere, status: 'lost', lost_reason_id: lostReason, source: 'Webinar' }],
    ];
  },
  create_contact_and_opportunity: (sandbox) => {
    const { sales } = idsOf(sandbox);
    const { contactId } = settled(sandbox, sales.id);
    const email = sandbox.state.contacts.get(contactId)?.email;
    const known = { email, pipeline_id: sales.id, name: 'Second' };
    return [
      ['somebody known', known],
      ['somebody known, update', { ...known, if_exists: 'update_any' }],
      ['a name alone', { first_name: 'Kim', last_name: 'Reed', pipeline_id: sales.id, name: 'New' }],
    ];
  },
  create_or_update_contact: () => [['a name alone', { first_name: 'Kim', last_name: 'Reed' }]],
  find_contact: () => [['nobody', { email: 'nobody@mail.example' }]],
};

const SEQUENCES: Record<string, (sandbox: Sandbox) => Situation[]> = {
  find_opportunity: (sandbox) => {
    const { sales, customFields } = idsOf(sandbox);
    const { contactId } = settled(sandbox, idsOf(sandbox).onboarding.id);
    const input = { contact_id: contactId, pipeline_id: sales.id, name: 'Made a moment ago' };
    const key = `custom_field_${customFields['opportunity.external_id']}`;
    const create = (more: Input = {}): Step => ({
      method: 'creates.create_opportunity.operation.perform',
      inputData: { ...input, ...more },
    });
    const find = (inputData: Input): Step => ({
      method: 'searches.find_opportunity.operation.perform',
      inputData,
    });
    const byKey = { search_field: customFields['opportunity.external_id'], search_field_value: 'MATRIX-3' };
    return [
      { name: 'created before', steps: [create(), find(input)] },
      { name: 'created before, by custom field', steps: [create({ [key]: 'MATRIX-3' }), find(byKey)] },
    ];
  },
};

/**
 * Gives what the situations are about something to tell: each opportunity that they name is lost for a reason, has a
 * source, a probability, an expected close date, and a value in each custom field.
 */
export function enrich(sandbox: Sandbox, situations: Situation[]): void {
  const named = new Set(situations.flatMap(({ steps }) => steps.flatMap((step) => textsIn(step))));
  const { lostReason, customFields, owner } = idsOf(sandbox);
  const own = Object.entries(ownFields(idsOf(sandbox))).flatMap(([key, value]) => {
    const id = key.replace('custom_field_', '');
    return id.includes('__') ? [] : [{ id, value }];
  });
  const external = customFields['opportunity.external_id'];
  const values = own.map((one) => (one.id === external ? { ...one, value: 'MATRIX-1' } : one));
  for (const id of named) {
    if (!sandbox.state.opportunities.has(id)) continue;
    const isFirst = id === idsOf(sandbox).opportunityId;
    sandbox.editOpportunity(id, {
      status: 'lost',
      lostReasonId: lostReason,
      source: 'Webinar',
      assignedTo: owner,
      forecastProbability: 40,
      forecastExpectedCloseDate: '2026-12-31',
      customFields: isFirst ? values : values.filter((one) => one.id !== external),
    });
  }
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
