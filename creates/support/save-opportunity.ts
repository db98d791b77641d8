import type { Bundle, ZObject } from 'zapier-platform-core';
import { TEST_ID } from '../../fields/inputs/test-mode.ts';
import { noticeOf } from '../../fields/outputs/notice.ts';
import { connect } from '../../highlevel/connect.ts';
import { contactName } from '../../highlevel/contacts/record.ts';
import { wasRefused } from '../../highlevel/http/attempts.ts';
import { LABELS } from '../../highlevel/http/labels.ts';
import { problemOf } from '../../highlevel/http/problem.ts';
import { previewNew } from '../../highlevel/opportunities/preview.ts';
import type { OpportunityRecord, Status } from '../../highlevel/opportunities/record.ts';
import type { NewOpportunity } from '../../highlevel/opportunities/writes.ts';
import { asItStood } from './before.ts';
import { previewWhole, saveChange, type WholeChange } from './change.ts';
import { duplicateError } from './duplicate.ts';
import { type ExistsRule, ifExists, ruleFor, type ValueRule, withValue } from './existing.ts';
import { explainLostReason } from './lost-reason.ts';
import { notKept } from './not-kept.ts';
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
/** Three measured one opportunity for each contact in a pipeline, four projects count with one in all of them. [conflict] */
const ELSEWHERE =
  'Nothing was created: in this sub-account a contact has one opportunity in all pipelines together. To change that one, use Update Opportunity.';
const NO_SOURCE = `${LABELS.source}: it was left out, because this sub-account does not let integrations set it.`;
const NO_REASON = `${LABELS.lostReasonId}: HighLevel did not take it. Set it in HighLevel.`;
const PERHAPS_NO_REASON = `${LABELS.lostReasonId}: HighLevel did not answer whether it took it. Look at the opportunity in HighLevel.`;
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
  const looks = rules.exists !== 'create' || rules.afterSearch;
  if (looks && !test && (await wasMadeBefore(z, bundle, wanted))) return create(z, bundle, wanted, rules);
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

/** Whether an earlier try of this step made it, and its answer was lost: then it is none that was there before. */
async function wasMadeBefore(z: ZObject, bundle: Bundle, wanted: Wanted): Promise<boolean> {
  const { opportunities } = connect(z, bundle);
  if (await opportunities.wasCreatedBefore(asNew(wanted))) return true;
  // A source may have been refused, and left out.
  return (
    wanted.source !== undefined && opportunities.wasCreatedBefore(asNew({ ...wanted, source: undefined }))
  );
}

async function create(z: ZObject, bundle: Bundle, wanted: Wanted, rules: Rules): Promise<Saved> {
  const { opportunities } = connect(z, bundle);
  const { lostReasonId, status = 'open' } = wanted;
  const withoutSource = async (): Promise<Saved> => {
    const saved = await create(z, bundle, { ...wanted, source: undefined }, rules);
    return { ...saved, notice: saved.before ? saved.notice : noticeOf(NO_SOURCE, saved.notice) };
  };
  if (wanted.source && (await opportunities.isSourceRefused())) return withoutSource();
  try {
    const created = await opportunities.create(asNew(wanted));
    // A step that looks for it finds it by its id the next time.
    if (rules.exists !== 'create') await opportunities.rememberKnown(wanted, created.id);
    const { record, notice } = lostReasonId
      ? await withReason(z, bundle, created, status, lostReasonId)
      : { record: created, notice: null };
    return {
      record,
      before: null,
      leftAlone: false,
      notice: noticeOf(notice, notKept(asNew(wanted), record)),
    };
  } catch (error) {
    const problem = problemOf(error);
    if (wanted.source && problem?.messages.some((message) => /\bsource should not exist\b/.test(message))) {
      await opportunities.rememberSourceRefused();
      return withoutSource();
    }
    const existing = problem?.kind === 'duplicate' && (await inTheWay(z, bundle, wanted, problem.existingId));
    if (existing) return withExisting(z, bundle, existing, wanted, rules, false);
    throw explainLostReason(z, problem, GIVE_A_REASON) ?? error;
  }
}

/** What is created; its lost reason is set thereafter. */
function asNew({ lostReasonId: _, status = 'open', ...opportunity }: Wanted): NewOpportunity {
  return { ...opportunity, status };
}

/** Gives an opportunity that was just created its lost reason. An error now would have the step run again, and make a second one. */
async function withReason(
  z: ZObject,
  bundle: Bundle,
  created: OpportunityRecord,
  status: Status,
  lostReasonId: string,
): Promise<Pick<Saved, 'record' | 'notice'>> {
  try {
    return { record: await saveChange(z, bundle, created.id, { status, lostReasonId }), notice: null };
  } catch (error) {
    const record = await connect(z, bundle)
      .opportunities.getWhole(created.id)
      .catch(() => created);
    if (record.lostReasonId === lostReasonId) return { record, notice: null };
    return { record, notice: wasRefused(error) ? NO_REASON : PERHAPS_NO_REASON };
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

function withExisting(
  z: ZObject,
  bundle: Bundle,
  now: OpportunityRecord,
  wanted: Wanted,
  rules: Rules,
  test: boolean,
): Promise<Saved> {
  const change = (before: OpportunityRecord) => changeExisting(z, bundle, before, wanted, rules, test);
  const gives = [wanted.status, ...(rules.exists === 'update_or_reopen' ? ['open'] : [])];
  return test ? change(now) : asItStood(z, bundle, now, gives, change);
}

async function changeExisting(
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
  if (rule === 'stop')
    throw duplicateError(z, bundle, before, isElsewhere ? ELSEWHERE : ADVICE, !isElsewhere);
  if (rule === 'leave') return { record: before, before, leftAlone: true, notice: null };
  const change = asChange(wanted, before, rules.value);
  if (rule === 'reopen') change.status ??= 'open';
  const record = test
    ? previewWhole(await connect(z, bundle).opportunities.getWhole(before.id), change)
    : await saveChange(z, bundle, before.id, change).catch((error: unknown) => {
        throw explainLostReason(z, problemOf(error), GIVE_A_REASON, change.lostReasonId) ?? error;
      });
  return { record, before, leftAlone: false, notice: notKept(change, record) };
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
