import type { Bundle, ZObject } from 'zapier-platform-core';
import { TEST_ID } from '../../fields/inputs/test-mode.ts';
import { connect } from '../../highlevel/connect.ts';
import { contactName } from '../../highlevel/contacts/record.ts';
import { LABELS } from '../../highlevel/http/labels.ts';
import { problemOf } from '../../highlevel/http/problem.ts';
import { previewNew } from '../../highlevel/opportunities/preview.ts';
import type { OpportunityRecord, Status } from '../../highlevel/opportunities/record.ts';
import type { NewOpportunity } from '../../highlevel/opportunities/writes.ts';
import { previewWhole, saveChange, type WholeChange } from './change.ts';
import { duplicateError } from './duplicate.ts';
import { type ExistsRule, ifExists, ruleFor, type ValueRule, withValue } from './existing.ts';
import { explainLostReason } from './lost-reason.ts';
import type { Outcome } from './outcome.ts';

/** What a person set; a status only where they did, because an existing opportunity keeps its own. */
export type Wanted = Omit<NewOpportunity, 'status'> & { status?: Status; lostReasonId?: string };

export interface Rules {
  exists: ExistsRule;
  value: ValueRule;
  /** Whether a search has just found nothing, in a find-or-create step. */
  afterSearch: boolean;
}

export interface Saved extends Outcome {
  /** What was done otherwise than asked; null where nothing was. */
  notice: string | null;
}

const ADVICE = `Nothing was created. To change that one instead, choose so under "${ifExists.label}" in this step.`;
const NO_SOURCE = `${LABELS.source}: it was left out, because this HighLevel account does not let integrations set it.`;
const NO_REASON = `${LABELS.lostReasonId}: HighLevel did not take it. Set it in HighLevel.`;
const GIVE_A_REASON = `Choose a ${LABELS.lostReasonId} in this step.`;

/**
 * Creates an opportunity, or does with the one that the contact has in the pipeline what the person chose.
 *
 * @param test whether nothing may be written; the outcome is then what would become of it
 * @throws HaltedError for one that is there, where the rule is to stop or HighLevel allows no other
 */
export async function saveOpportunity(
  z: ZObject,
  bundle: Bundle,
  wanted: Wanted,
  rules: Rules,
  test: boolean,
): Promise<Saved> {
  const { opportunities } = connect(z, bundle);
  const isNewContact = wanted.contactId === TEST_ID;
  const twin = rules.afterSearch && !isNewContact ? await opportunities.findTwin(wanted) : null;
  // As if the search had found it, which updates what is not won.
  if (twin) return withExisting(z, bundle, twin, wanted, { ...rules, exists: 'update_open' }, test);
  const looksFirst = rules.exists !== 'create' && !isNewContact;
  const known = looksFirst ? await opportunities.existing(wanted) : null;
  if (known) return withExisting(z, bundle, known, wanted, rules, test);
  if (!test) return create(z, bundle, wanted, rules);
  const hidden = isNewContact ? null : await opportunities.inTheWay(wanted);
  if (hidden) return withExisting(z, bundle, hidden, wanted, rules, test);
  return { record: await preview(z, bundle, wanted), before: null, leftAlone: false, notice: null };
}

async function create(z: ZObject, bundle: Bundle, wanted: Wanted, rules: Rules): Promise<Saved> {
  const { opportunities } = connect(z, bundle);
  const { lostReasonId, status = 'open', ...opportunity } = wanted;
  try {
    const created = await opportunities.create({ ...opportunity, status });
    if (!lostReasonId) return { record: created, before: null, leftAlone: false, notice: null };
    // An error now would have the step run again, and make a second one.
    const record = await saveChange(z, bundle, created.id, { status, lostReasonId }).catch(() => null);
    return { record: record ?? created, before: null, leftAlone: false, notice: record ? null : NO_REASON };
  } catch (error) {
    const problem = problemOf(error);
    if (wanted.source && problem?.messages.some((message) => /\bsource should not exist\b/.test(message))) {
      const saved = await create(z, bundle, { ...wanted, source: undefined }, rules);
      return { ...saved, notice: saved.before ? saved.notice : NO_SOURCE };
    }
    const existing = problem?.kind === 'duplicate' && (await inTheWay(z, bundle, wanted, problem.existingId));
    if (existing) return withExisting(z, bundle, existing, wanted, rules, false);
    throw explainLostReason(z, problem, GIVE_A_REASON) ?? error;
  }
}

/** The opportunity for which HighLevel refused another; it may name one, and that one may be of another pipeline. */
async function inTheWay(
  z: ZObject,
  bundle: Bundle,
  wanted: Wanted,
  id: string | null,
): Promise<OpportunityRecord | null> {
  const { opportunities } = connect(z, bundle);
  const named = id ? await opportunities.getIfThere(id).catch(() => ({ id, name: null })) : null;
  return named ?? opportunities.existing(wanted);
}

async function withExisting(
  z: ZObject,
  bundle: Bundle,
  before: OpportunityRecord,
  wanted: Wanted,
  rules: Rules,
  test: boolean,
): Promise<Saved> {
  const isElsewhere = Boolean(before.pipelineId) && before.pipelineId !== wanted.pipelineId;
  // What cannot be read must not be changed.
  const isKnown = Boolean(before.pipelineId);
  const rule = isKnown && !isElsewhere ? ruleFor(rules.exists, before) : 'stop';
  if (rule === 'stop') throw duplicateError(z, bundle, before, ADVICE, !isElsewhere);
  if (rule === 'leave') return { record: before, before, leftAlone: true, notice: null };
  const change = asChange(wanted, before, rules.value);
  if (rule === 'reopen') change.status ??= 'open';
  const record = test
    ? previewWhole(before, change)
    : await saveChange(z, bundle, before.id, change).catch((error: unknown) => {
        throw explainLostReason(z, problemOf(error), GIVE_A_REASON) ?? error;
      });
  return { record, before, leftAlone: false, notice: null };
}

/** An existing opportunity is of that contact and in that pipeline already, and where it came from first stays true. */
function asChange(
  { contactId, pipelineId, source, ...change }: Wanted,
  before: OpportunityRecord,
  rule: ValueRule,
): WholeChange {
  return withValue(change, rule, before);
}

/** The opportunity as it would be created. */
async function preview(z: ZObject, bundle: Bundle, { lostReasonId, ...wanted }: Wanted) {
  const highlevel = connect(z, bundle);
  const isNewContact = wanted.contactId === TEST_ID;
  const contact = isNewContact ? { id: TEST_ID } : await highlevel.contacts.get(wanted.contactId);
  const [firstStage] = (await highlevel.account.resolvePipeline(wanted.pipelineId)).stages;
  const opportunity = {
    ...wanted,
    status: wanted.status ?? 'open',
    pipelineStageId: wanted.pipelineStageId ?? firstStage?.id,
  };
  const record = previewNew(opportunity, {
    id: TEST_ID,
    locationId: highlevel.locationId(),
    contact: { ...contact, name: isNewContact ? null : contactName(contact) },
  });
  return { ...record, lostReasonId };
}
