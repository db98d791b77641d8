/**
 * Zapier's own tools as far as the Zaps here use them. Names of actions and what they do follow their help pages
 * [docs]; the keys of their outputs are [assumed].
 */

import { runInNewContext } from 'node:vm';
import type { Fields } from '../app/definition.ts';
import { messageOf, ZapFailure } from '../app/failure.ts';
import { asText } from '../inputs/mapping.ts';
import type { CodeStep, FormatterStep, StorageStep } from '../zap/zap.ts';

/** What Storage by Zapier keeps under one secret. */
export type Store = Map<string, unknown>;

/**
 * Looks a text up, or reckons a formula.
 * @param mapped the step's `input` or `formula` with its references filled in.
 * @throws ZapFailure for a formula beyond `MOD`, `+` and `-`.
 */
export function runFormatter(step: FormatterStep, mapped: Fields): Fields {
  if (step.transform === 'lookup_table') {
    return { output: step.table[asText(mapped.input)] ?? step.fallback ?? '' };
  }
  return { output: reckon(asText(mapped.formula)) };
}

/** Reads or changes the store, each time as one act: no other run comes between. */
export function useStorage(step: StorageStep, mapped: Fields, store: Store): Fields {
  const key = asText(mapped.storeKey);
  if (step.action === 'increment_value') {
    const value = Number(store.get(key) ?? 0) + 1;
    store.set(key, value);
    return { value };
  }
  const before = store.get(key);
  if (step.action === 'get_value') return { value: before ?? null };
  const value = { ...(before as Fields | undefined), ...(mapped.values as Fields | undefined) };
  store.set(key, value);
  return { value };
}

/**
 * Runs the code of a step apart from everything: what it would not have in Zapier, it has not here.
 * @throws ZapFailure with what the code throws.
 */
export function runCode(step: CodeStep, mapped: Fields): Fields {
  const inputData = Object.fromEntries(Object.keys(step.input).map((key) => [key, asText(mapped[key])]));
  try {
    const result = runInNewContext(`JSON.stringify((${step.code})(${JSON.stringify(inputData)}))`);
    return JSON.parse(result as string) as Fields;
  } catch (error) {
    throw new ZapFailure({ kind: 'other', message: messageOf(error) });
  }
}

const MOD = /^MOD\(\s*(-?\d+)\s*,\s*(\d+)\s*\)/;

function reckon(formula: string): number {
  let rest = formula.trim().replace(/^=/, '');
  let sum = 0;
  for (let sign = 1; ; ) {
    const mod = MOD.exec(rest);
    const term = mod ?? /^-?\d+(\.\d+)?/.exec(rest);
    if (!term) throw new ZapFailure({ kind: 'other', message: `The formula "${formula}" is not emulated.` });
    sum += sign * (mod ? Number(mod[1]) % Number(mod[2]) : Number(term[0]));
    rest = rest.slice(term[0].length).trim();
    if (rest === '') return sum;
    sign = rest.startsWith('-') ? -1 : 1;
    rest = rest.replace(/^[+-]\s*/, '');
  }
}
