/** Whether what one part of the definition calls by key is there. */

import {
  type Definition,
  inputsOf,
  type Operation,
  operationsOf,
  outputsOf,
  type SearchOrCreate,
} from '../definition.ts';
import { placedInputs, type Rule } from './rule.ts';

function hasOutput(operation: Operation, key: string): boolean {
  return key in (operation.operation.sample ?? {}) || outputsOf(operation).some((field) => field.key === key);
}

const allInputs = (app: Definition) => operationsOf(app).flatMap(placedInputs);

/** An ID is chosen by name. Its label does not call it an ID, because a person sees names. */
const idsHaveDropdowns: Rule = {
  code: 'D004',
  *check(app) {
    for (const { field, place } of allInputs(app)) {
      if (!/(^|_)ids?$/.test(field.key)) continue;
      if (!field.dynamic && !field.choices) yield { place, says: 'an ID without a dropdown.' };
      if (/\bIDs?$/i.test(field.label ?? '')) {
        yield { place, says: `its label "${field.label}" asks for an ID; name the thing instead.` };
      }
    }
  },
};

const dropdownsExist: Rule = {
  code: 'D005',
  *check(app) {
    for (const { field, place } of allInputs(app)) {
      if (!field.dynamic) continue;
      const [list = '', id = '', labels = ''] = field.dynamic.split('.');
      const trigger = app.triggers?.[list];
      if (!trigger) yield { place, says: `its dropdown "${list}" is no trigger of the app.` };
      else if (trigger.operation.type !== 'polling') {
        yield { place, says: `its dropdown "${list}" is no polling trigger.` };
      } else {
        for (const key of [id, ...labels.split(',')]) {
          if (!hasOutput(trigger, key)) yield { place, says: `its dropdown "${list}" has no "${key}".` };
        }
      }
    }
  },
};

const hooksCanBeListed: Rule = {
  code: 'D006',
  *check(app) {
    for (const { operation, place } of operationsOf(app, 'triggers')) {
      if (operation.type === 'hook' && !operation.performList) {
        yield { place, says: 'a hook without performList cannot show a sample in the editor.' };
      }
    }
  },
};

const searchesHaveFields: Rule = {
  code: 'D009',
  *check(app) {
    for (const search of operationsOf(app, 'searches')) {
      if (!inputsOf(search).some(({ type }) => type !== 'copy')) {
        yield { place: search.place, says: 'a search without a field to search by.' };
      }
    }
  },
};

const searchesExist: Rule = {
  code: 'D013',
  *check(app) {
    for (const { field, place } of allInputs(app)) {
      if (!field.search) continue;
      const [key = '', output = ''] = field.search.split('.');
      const search = app.searches?.[key];
      if (!search) yield { place, says: `its search "${key}" is no search of the app.` };
      else if (!hasOutput(search, output)) yield { place, says: `its search "${key}" finds no "${output}".` };
    }
  },
};

const searchesFitFields: Rule = {
  code: 'D014',
  *check(app) {
    for (const { field, place } of allInputs(app)) {
      if (!field.search) continue;
      if (!field.dynamic) yield { place, says: 'a search-powered field works only beside a dropdown.' };
      if (!['string', 'number', 'integer'].includes(field.type ?? 'string')) {
        yield { place, says: `a search cannot fill the type "${field.type}".` };
      }
      if (field.list || field.dict || field.children) {
        yield { place, says: 'a search cannot fill a list, a dictionary or line items.' };
      }
    }
  },
};

const searchOrCreatesExist: Rule = {
  code: 'D015',
  *check(app) {
    for (const [mapKey, pair] of Object.entries(app.searchOrCreates ?? {})) {
      for (const says of wrongIn(app, mapKey, pair)) yield { place: `searchOrCreates.${mapKey}`, says };
    }
  },
};

function* wrongIn(app: Definition, mapKey: string, pair: SearchOrCreate): Iterable<string> {
  const search = app.searches?.[pair.search];
  if (pair.key !== pair.search || mapKey !== pair.key) yield 'its key is not the key of its search.';
  if (!search) yield `its search "${pair.search}" is no search of the app.`;
  if (!app.creates?.[pair.create]) yield `its create "${pair.create}" is no create of the app.`;
  const update = pair.update ? app.creates?.[pair.update] : undefined;
  if (pair.update && !update) yield `its update "${pair.update}" is no create of the app.`;
  for (const [input, output] of Object.entries(pair.updateInputFromSearchOutput ?? {})) {
    if (update && !inputsOf(update).some(({ key }) => key === input)) {
      yield `its update "${pair.update}" has no field "${input}".`;
    }
    if (search && !hasOutput(search, output)) yield `its search "${pair.search}" finds no "${output}".`;
  }
  for (const [input, output] of Object.entries(pair.searchUniqueInputToOutputConstraint ?? {})) {
    if (search && !inputsOf(search).some(({ key }) => key === input)) {
      yield `its search "${pair.search}" has no field "${input}".`;
    }
    if (search && typeof output === 'string' && !hasOutput(search, output)) {
      yield `its search "${pair.search}" finds no "${output}".`;
    }
  }
}

/** A find-or-create step shows the fields of its search and of its create as one form: one key is one thing there. */
const formsAgree: Rule = {
  code: 'one-form',
  *check(app) {
    for (const [mapKey, { search, create, update }] of Object.entries(app.searchOrCreates ?? {})) {
      const found = app.searches?.[search];
      const made = [...new Set([create, update])].flatMap((key) => (key ? (app.creates?.[key] ?? []) : []));
      for (const field of found ? inputsOf(found) : []) {
        for (const other of made.flatMap(inputsOf).filter(({ key }) => key === field.key)) {
          if (other.label !== field.label || other.type !== field.type || other.list !== field.list) {
            const says = `"${field.key}" is "${field.label}" to search by and "${other.label}" to write.`;
            yield { place: `searchOrCreates.${mapKey}`, says };
          }
        }
      }
    }
  },
};

/** D016 (nothing but a static hook) cannot happen where D017 holds. */
const hooksSubscribe: Rule = {
  code: 'D017',
  *check(app) {
    for (const { operation, place } of operationsOf(app, 'triggers')) {
      if (operation.type === 'hook' && !(operation.performSubscribe && operation.performUnsubscribe)) {
        yield { place, says: 'a hook needs performSubscribe and performUnsubscribe.' };
      }
    }
  },
};

const groupsExist: Rule = {
  code: 'group',
  *check(app) {
    for (const one of operationsOf(app)) {
      const groups = (one.operation.inputFieldGroups ?? []).map(({ key }) => key);
      for (const { field, place } of placedInputs(one)) {
        if (field.group && !groups.includes(field.group)) {
          yield { place, says: `its group "${field.group}" is not among inputFieldGroups.` };
        }
      }
      for (const group of groups) {
        if (!inputsOf(one).some((field) => field.group === group)) {
          yield { place: one.place, says: `no field is in its group "${group}".` };
        }
      }
    }
  },
};

/** HighLevel lists the notes of one contact at a time, and searches none. [spec] */
const NOT_TO_BE_FOUND = ['Note'];

/**
 * What narrows a trigger down is a way to search as well: an input that names a property of the trigger's record is
 * an input of the search that finds records of the same noun.
 */
const searchesCoverTriggers: Rule = {
  code: 'parity',
  *check(app) {
    for (const trigger of operationsOf(app, 'triggers')) {
      if (trigger.display.hidden || NOT_TO_BE_FOUND.includes(trigger.noun)) continue;
      const search = operationsOf(app, 'searches').find(
        ({ key, noun }) => key.startsWith('find_') && noun === trigger.noun,
      );
      if (!search) {
        yield { place: trigger.place, says: `no search finds what it shows (noun "${trigger.noun}").` };
        continue;
      }
      const known = inputsOf(search).map(({ key }) => key);
      for (const { key } of inputsOf(trigger)) {
        if (key in (trigger.operation.sample ?? {}) && !known.includes(key)) {
          yield { place: trigger.place, says: `it filters by "${key}", and ${search.place} cannot.` };
        }
      }
    }
  },
};

export const references = [
  idsHaveDropdowns,
  dropdownsExist,
  hooksCanBeListed,
  searchesHaveFields,
  searchesExist,
  searchesFitFields,
  searchOrCreatesExist,
  formsAgree,
  hooksSubscribe,
  groupsExist,
  searchesCoverTriggers,
];
