import type { OperationShape, Snapshot, Specs } from './snapshot.ts';

/** What a change of the definition means to what people have built on it, each in a sentence. */
export interface Changes {
  /** Breaks Zaps, templates or connections (C001 to C003). */
  breaks: string[];
  /** Harms nothing that is there. */
  harmless: string[];
}

export function changesBetween(before: Snapshot, after: Snapshot): Changes {
  const changes: Changes = { breaks: [], harmless: [] };
  const [was, is] = [before.authentication, after.authentication];
  if (was.type !== is.type) changes.breaks.push(`authentication was ${was.type} and is now ${is.type}.`);
  compareInputs('authentication.fields.', was.fields, is.fields, changes);
  compareKeys('', before.operations, after.operations, changes, (place, old, now) =>
    compareOperations(place, old, now, changes),
  );
  compareKeys(
    'searchOrCreates.',
    before.searchOrCreates,
    after.searchOrCreates,
    changes,
    (place, old, now) => {
      if (old !== now) changes.breaks.push(`${place} joined ${old} and now joins ${now}.`);
    },
  );
  return changes;
}

function compareOperations(place: string, was: OperationShape, is: OperationShape, changes: Changes): void {
  if (was.type !== is.type) changes.breaks.push(`${place} was of type ${was.type} and is now ${is.type}.`);
  if (is.hidden && !was.hidden) changes.breaks.push(`${place} is hidden now.`);
  if (was.hidden && !is.hidden) changes.harmless.push(`${place} is shown now.`);
  compareInputs(`${place}.inputs.`, was.inputs, is.inputs, changes);
  compareOutputs(`${place}.outputs.`, was.outputs, is.outputs, changes);
  compareKeys(`${place}.own.`, asKeys(was.own), asKeys(is.own), changes);
  compareKeys(`${place}.sample.`, asKeys(was.sample), asKeys(is.sample), changes);
}

const asKeys = (keys: string[]) => Object.fromEntries(keys.map((key) => [key, '']));

const isRequired = (spec: string) => spec.includes(', required');
const without = (mark: string, spec: string) => spec.replace(`, ${mark}`, '');

/** A person may leave more fields empty than before, but not fewer. */
function compareInputs(above: string, before: Specs, after: Specs, changes: Changes): void {
  const added = compareKeys(above, before, after, changes, (place, was, is) => {
    if (without('required', was) !== without('required', is)) {
      changes.breaks.push(`${place} was "${was}" and is now "${is}".`);
    } else if (isRequired(is) && !isRequired(was)) changes.breaks.push(`${place} is newly required.`);
    else if (was !== is) changes.harmless.push(`${place} is no longer required.`);
  });
  for (const key of added.filter((key) => isRequired(after[key] ?? ''))) {
    changes.breaks.push(`${above}${key} is required, and the Zaps that are there do not fill it in.`);
  }
}

/** More may be promised than before, but not less; and what tells rows apart stays, or old rows fire again. */
function compareOutputs(above: string, before: Specs, after: Specs, changes: Changes): void {
  const added = compareKeys(above, before, after, changes, (place, was, is) => {
    if (without('required', was) !== without('required', is)) {
      changes.breaks.push(`${place} was "${was}" and is now "${is}".`);
    } else if (isRequired(was) && !isRequired(is)) changes.breaks.push(`${place} is no longer always there.`);
    else if (was !== is) changes.harmless.push(`${place} is always there now.`);
  });
  for (const key of added.filter((key) => after[key]?.includes(', primary'))) {
    changes.breaks.push(`${above}${key} is primary, so that every old row is new again.`);
  }
}

/** What is gone breaks, what is new does not, and `both` judges the rest; answers with what is new. */
function compareKeys<T>(
  above: string,
  before: Record<string, T>,
  after: Record<string, T>,
  changes: Changes,
  both: (place: string, was: T, is: T) => void = () => {},
): string[] {
  const gone = Object.keys(before).filter((key) => !(key in after));
  const added = Object.keys(after).filter((key) => !(key in before));
  for (const key of gone) {
    const alike = added.filter((other) => JSON.stringify(after[other]) === JSON.stringify(before[key]));
    const renamed = gone.length === 1 && alike.length === 1 ? ` (renamed to ${alike[0]}?)` : '';
    changes.breaks.push(`${above}${key} is gone${renamed}.`);
  }
  changes.harmless.push(...added.map((key) => `${above}${key} is new.`));
  for (const [key, was] of Object.entries(before)) {
    const is = after[key];
    if (is !== undefined) both(`${above}${key}`, was, is);
  }
  return added;
}
