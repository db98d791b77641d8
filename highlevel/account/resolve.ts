/**
 * What a person may have put into a dropdown: an id picked from it, or a name mapped from another app.
 * A name counts when exactly one thing bears it, whatever its capitals and spaces.
 */

import type { Client } from '../http/client.ts';
import { LABELS } from '../http/labels.ts';
import { isBadToken, problemOf } from '../http/problem.ts';
import { shortened } from '../http/shortened.ts';
import { type CustomField, opportunityFields } from './custom-fields.ts';
import { type Lookup, leftOutOf } from './lookup.ts';
import { type LostReason, lostReasons } from './lost-reasons.ts';
import { type Pipeline, pipelines, type Stage } from './pipelines.ts';
import { type User, users } from './users.ts';
import { type Workflow, workflows } from './workflows.ts';

/**
 * @returns for an id while the list cannot be had, a pipeline of which no stage is known
 * @throws HaltedError where no pipeline, or more than one, answers to the text
 */
export function resolvePipeline(client: Client, text: string): Promise<Pipeline> {
  return unlisted(
    resolvePipelineStages(client, text),
    text,
    (id): Pipeline => ({ id, name: id, stages: [] }),
  );
}

/**
 * As `resolvePipeline`, for what cannot do without the stages.
 *
 * @throws also what the list's refusal throws
 */
export function resolvePipelineStages(client: Client, text: string): Promise<Pipeline> {
  return resolveIn(client, pipelines, text, { label: LABELS.pipelineId, thing: 'pipeline' });
}

/**
 * @param label the input field's label, for the error
 * @throws HaltedError where no user, or more than one, answers to the text (an id, a name or an e-mail address)
 */
export async function resolveUser(client: Client, text: string, label: string): Promise<Person> {
  const user = await resolveUserOrGone(client, text, label);
  if (user) return user;
  throw new client.errors.HaltedError(`${label}: ${hasLeft(text)}. Choose somebody else.`);
}

/** A user, whose name is not known where the list cannot be had. */
type Person = Pick<User, 'id'> & { name: string | null };

/** What is said of an id that no user of the sub-account has. */
export function hasLeft(id: string): string {
  return `the user with the ID "${id}" is not in this sub-account, or not any more`;
}

/**
 * As `resolveUser`, for what can be done without somebody who left.
 *
 * @returns null where the text is an id that no user has
 */
export async function resolveUserOrGone(client: Client, text: string, label: string): Promise<Person | null> {
  const sought = { label, thing: 'user' };
  if (!isRecordId(text)) return resolveIn(client, users, text, sought);
  const found = async (): Promise<Person | null> => {
    const items = await users.withIds(client, new Set([text]));
    if (matches(items, text).length === 0 && leftOutOf(items) === 0) return null;
    return theOne(client, items, text, sought);
  };
  return unlisted(found(), text, (id): Person => ({ id, name: null }));
}

/**
 * The owner to filter by: an opportunity can still belong to somebody who left, whose id is then all there is.
 *
 * @param label the input field's label, for the error
 * @returns the owner's id
 * @throws HaltedError where the text is no id, and no user or more than one answers to it
 */
export async function resolveOwnerFilter(client: Client, text: string, label: string): Promise<string> {
  if (isRecordId(text) && !client.hasScope('users.readonly')) return text;
  return (await resolveUserOrGone(client, text, label))?.id ?? text;
}

/** Ids of records are 20 letters and digits. [recorded] */
function isRecordId(text: string): boolean {
  return /^[A-Za-z0-9]{20}$/.test(text);
}

/** Those of stages are UUIDs, and of lost reasons 24 hex digits. [recorded] */
function isAnyId(text: string): boolean {
  return isRecordId(text) || /^[0-9a-f]{24}$|^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

/**
 * What a text stands for, where HighLevel does not give the list of names: an id needs none, a name cannot do without.
 *
 * @param found ends in the list's refusal
 * @param known what an id stands for by itself
 */
async function unlisted<T>(
  found: Promise<T>,
  text: string,
  known: (id: string) => NonNullable<T>,
): Promise<T> {
  try {
    return await found;
  } catch (error) {
    const problem = problemOf(error);
    const isRefused = problem !== null && problem.kind !== 'throttled' && !isBadToken(problem);
    if (isRefused && isAnyId(text.trim())) return known(text.trim());
    throw error;
  }
}

/** `resolveUser` for the field that most steps have. */
export function resolveOwner(client: Client, text: string): Promise<Person> {
  return resolveUser(client, text, LABELS.assignedTo);
}

/** @throws HaltedError where one of the texts (each an id, a name or an e-mail address) is no user, or more than one */
export async function resolveFollowers(client: Client, texts: string[]): Promise<Person[]> {
  const found = new Map<string, Person>();
  // One after the other, because the first may fetch the list that the others then find in the cache.
  for (const text of texts) {
    const user = await resolveUser(client, text, LABELS.followers);
    found.set(user.id, user);
  }
  return [...found.values()];
}

/** @throws HaltedError where no workflow, or more than one, answers to the text */
export function resolveWorkflow(client: Client, text: string): Promise<Workflow> {
  return resolveIn(client, workflows, text, { label: LABELS.workflowId, thing: 'workflow' });
}

/** @throws HaltedError where no lost reason, or more than one, answers to the text */
export function resolveLostReason(client: Client, text: string): Promise<LostReason> {
  const sought = { label: LABELS.lostReasonId, thing: 'lost reason' };
  return unlisted(resolveIn(client, lostReasons, text, sought), text, (id): LostReason => ({ id, name: id }));
}

/**
 * The lost reason to filter by: opportunities still name one that was deleted since, whose id is then all there is.
 *
 * @returns the reason's id
 * @throws HaltedError where the text is no id, and no reason or more than one answers to it
 */
export async function resolveLostReasonFilter(client: Client, text: string): Promise<string> {
  return isAnyId(text) ? text : (await resolveLostReason(client, text)).id;
}

/**
 * A custom field of the opportunities; its key counts as a name too, with or without `opportunity.` before it.
 *
 * @param label the label of the input field
 * @throws HaltedError where no field, or more than one, answers to the text
 */
export function resolveOpportunityField(client: Client, text: string, label: string): Promise<CustomField> {
  const plain = text.replace(/^opportunity\./i, '');
  return resolveIn(client, opportunityFields, plain, { label, thing: 'custom field' });
}

/**
 * A stage of the given pipeline; without a pipeline, a stage of any.
 *
 * @param label the input field's label, for the error
 * @throws HaltedError where the stage is not there, naming the stages that are
 */
export async function resolveStage(
  client: Client,
  text: string,
  pipeline: Pipeline | null,
  label: string = LABELS.pipelineStageId,
): Promise<Stage> {
  const candidates = (list: Pipeline[]) =>
    list.filter(({ id }) => !pipeline || id === pipeline.id).flatMap(({ stages }) => stages);
  const thing = pipeline ? `stage of the pipeline "${pipeline.name}"` : 'stage';
  const found = async () => {
    const known = await pipelines.where(client, (list) => matches(candidates(list), text).length === 1);
    return theOne(client, candidates(known), text, { label, thing }, leftOutOf(known));
  };
  return unlisted(found(), text, (id): Stage => ({ id, name: id, probability: null }));
}

interface Named {
  id: string;
  name: string;
  email?: string | null;
  key?: string;
}

const MOST_SHOWN = 10;

interface Sought {
  /** The label of the input field. */
  label: string;
  thing: string;
}

async function resolveIn<T extends Named>(
  client: Client,
  lookup: Lookup<T>,
  text: string,
  sought: Sought,
): Promise<T> {
  const items = await lookup.where(client, (known) => matches(known, text).length === 1);
  return theOne(client, items, text, sought);
}

function theOne<T extends Named>(
  client: Client,
  items: T[],
  text: string,
  { label, thing }: Sought,
  leftOut = leftOutOf(items),
): T {
  const found = matches(items, text);
  if (found.length === 1 && found[0]) return found[0];
  if (found.length === 0 && leftOut > 0)
    throw cannotTell(client, `${label}: `, `a ${thing} called "${shortened(text)}"`);
  throw new client.errors.HaltedError(
    found.length > 1
      ? `${label}: more than one ${thing} is called "${shortened(text)}". Choose one from the dropdown instead.`
      : `${label}: there is no ${thing} called "${shortened(text)}". ${
          items.length > 0
            ? `There are: ${listOf(items.map(({ name }) => name))}.`
            : 'The list is empty in this sub-account.'
        } Choose one from the dropdown, or map its exact name.`,
  );
}

/**
 * The error where a list has entries that cannot be told apart, and what is sought may be one of them.
 *
 * @param before what the sentence begins with
 * @param sought what it is, with its article
 */
export function cannotTell({ errors }: Client, before: string, sought: string): Error {
  return new errors.Error(
    `${before}HighLevel’s list has entries without an ID, so this step cannot tell whether there is ${sought}. Nothing was saved. Replay this step later; if this goes on, report it to whoever runs this integration.`,
    'unreadable',
    503,
  );
}

/** The first names of a list, in quotes, and how many more there are. */
export function listOf(names: string[]): string {
  const shown = names.slice(0, MOST_SHOWN).map((name) => `"${name}"`);
  const more = names.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}

function matches<T extends Named>(items: T[], text: string): T[] {
  const exact = items.filter(({ id }) => id === text.trim());
  if (exact.length > 0) return exact;
  const plain = simplify(text);
  return items.filter(({ name, email, key }) =>
    [name, email, key].some((one) => one && simplify(one) === plain),
  );
}

/** Text as a person reads it: composed, without characters that nobody sees, with single spaces. */
export function asRead(text: string): string {
  const seen = text.normalize('NFKC').replace(/\p{Cf}|\uFE0E|\uFE0F/gu, '');
  return seen.trim().replace(/\s+/g, ' ');
}

/** As `asRead`, without capitals: what is the same to a person is the same text. No text is the empty one. */
export function simplify(text: string | null | undefined): string {
  return asRead(text ?? '')
    .toLowerCase()
    .normalize('NFKC');
}
