/** What a run under a contrary answer is held to: the plain run, or a true word of what is missing. */

import { sentenceOf } from '../../support/connection.ts';
import { type Difference, differences } from './differences.ts';
import { type Cell, excuseOf, mayStop } from './rules.ts';
import type { Ran } from './world.ts';

/** From the best to the least that is right. */
export const OUTCOMES = ['not asked', 'the same', 'says what is missing', 'on replay', 'stops'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface Verdict {
  outcome: Outcome;
  /** What is wrong, each in one line; empty where nothing is. */
  faults: string[];
}

/** @param again what the same step gives when Zapier runs it once more; asked for where it ended in an error */
export async function judge(cell: Cell, plain: Ran, ran: Ran, again: () => Promise<Ran>): Promise<Verdict> {
  if (ran.error) return judgeError(cell, plain, ran, ran.error, again);
  if (plain.error) {
    return { outcome: 'the same', faults: [`succeeds where it otherwise stops: ${sentence(plain.error)}`] };
  }
  return judgeAnswer(cell, plain, ran);
}

function judgeAnswer(cell: Cell, plain: Ran, ran: Ran): Verdict {
  const found = [
    ...differences(plain.answer, ran.answer),
    ...differences(plain.written, ran.written, 'written '),
  ];
  const faults = found.filter((one) => !excuseOf(cell, one, ran.answer)).map(inWords);
  return { outcome: found.length === 0 ? 'the same' : 'says what is missing', faults };
}

async function judgeError(
  cell: Cell,
  plain: Ran,
  ran: Ran,
  error: Error,
  again: () => Promise<Ran>,
): Promise<Verdict> {
  const said = sentence(error);
  const faults = sentenceFaults(error, said);
  if (LOST_ONCE.test(cell.answer) && said !== (plain.error && sentence(plain.error))) {
    if (hasWritten(ran) && !/saved all the same|finds the same contact/.test(said)) {
      faults.push(`was saved, and the error does not say so: ${said}`);
    }
    return { outcome: 'on replay', faults: [...faults, ...(await replayFaults(cell, plain, again))] };
  }
  if (plain.error) {
    const expected = sentence(plain.error);
    const isOther = topicOf(said) !== topicOf(expected) && !mayStop(cell, said);
    if (isOther) faults.push(`stops otherwise: ${said} (in place of ${expected})`);
    // What it otherwise writes before it stops, it may write here.
    if (hasWritten(ran))
      faults.push(...judgeAnswer(cell, { ...plain, answer: null }, { ...ran, answer: null }).faults);
    return { outcome: said === expected ? 'the same' : 'stops', faults };
  }
  if (hasWritten(ran)) faults.push(`was saved, and ends in an error: ${said}`);
  if (!mayStop(cell, said)) faults.push(`stops: ${said}`);
  return { outcome: 'stops', faults };
}

/** How often Zapier runs a step again by itself. [docs] */
const REPLAYS = 5;

async function replayFaults(cell: Cell, plain: Ran, again: () => Promise<Ran>): Promise<string[]> {
  let ran = await again();
  // Another answer of the same step may be lost in its turn.
  for (let replay = 1; replay < REPLAYS && ran.error && !plain.error; replay += 1) ran = await again();
  const { error } = ran;
  const replayed = { ...cell, situation: `${cell.situation}, on replay` };
  if (!error && !plain.error)
    return judgeAnswer(replayed, plain, ran).faults.map((fault) => `on replay: ${fault}`);
  if (error && mayStop(cell, sentence(error))) return [];
  const isSame = error && plain.error && topicOf(sentence(error)) === topicOf(sentence(plain.error));
  return isSame ? [] : [`on replay: ${error ? sentence(error) : 'succeeds where it otherwise stops'}`];
}

function hasWritten({ written }: Ran): boolean {
  return Object.keys(written).length > 0;
}

/** Answers that are so once, so that the same step comes through when it runs again. */
const LOST_ONCE = /^(post|put)-answer-/;

/** The sentence that a person reads, without what differs from one answer to the next. */
function sentence(error: Error): string {
  const [said = ''] = sentenceOf(error).split('\nWhat happened:');
  return said.replace(/ \(HighLevel trace ID: [^)]*\)/, '').trim();
}

const KINDS = ['AppError', 'HaltedError', 'ThrottledError', 'ExpiredAuthError'];
/** What to do next is said by one of these. */
const ADVICE =
  /\b(choose|check|replay|replayed|looks again|tries again|try again|asks again|reconnect|connect|update|look in|look at|open|map|set|has to|give|fill in|known this time|nothing to delete|switch on|by itself|starts again)\b/i;
const NO_SENTENCE = /undefined|\[object|NaN|null\b|TypeError|Cannot read|this step cannot read/;

function sentenceFaults(error: Error, said: string): string[] {
  const faults: string[] = [];
  if (!KINDS.includes(error.name)) faults.push(`ends in a ${error.name}: ${said}`);
  if (!/^[A-Z"].*[.!)]$/s.test(said) || said.length < 30) faults.push(`is no sentence: "${said}"`);
  if (NO_SENTENCE.test(said)) faults.push(`is not for a person: ${said}`);
  if (!ADVICE.test(said)) faults.push(`does not say what to do: ${said}`);
  return faults;
}

/** What a refusal is about, whatever words HighLevel has for it. */
function topicOf(said: string): string {
  if (/already has an opportunity/.test(said)) return 'it is there already';
  if (/no longer accepts this connection/.test(said)) return 'it is to be connected again';
  if (/may have been deleted|nothing to delete|no longer there/.test(said)) return 'it is gone';
  return said;
}

function inWords({ path, before, after }: Difference): string {
  const shown = (value: unknown) =>
    value === undefined ? 'nothing' : (JSON.stringify(value)?.slice(0, 120) ?? 'nothing');
  return `${path || 'the answer'}: ${shown(before)} became ${shown(after)}`;
}
