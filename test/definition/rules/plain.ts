/** Words for people who do not write code: short, one word for one thing, and nothing of how it works inside. */

import { type Definition, displaysOf, type Field, operationsOf, type Placed } from '../definition.ts';
import { titleCase } from '../title-case.ts';
import { type PlacedField, placed, placedInputs, placedOutputs, type Rule, type Text } from './rule.ts';

const MOST_SENTENCES = 2;

/** The one step for those who know HighLevel's API. */
const FOR_PROGRAMMERS = 'creates.api_request';

const shownTriggers = ({ display, shelf, operation }: Placed) =>
  shelf !== 'triggers' || operation.type === 'hook' || !display.hidden;

/** What a person reads of an operation. The lists behind dropdowns show no more than their rows. */
function operations(app: Definition): Placed[] {
  return operationsOf(app).filter(shownTriggers);
}

const ofAll = ({ field }: PlacedField) => !field.ofAccount;

function inputs(app: Definition): PlacedField[] {
  return [
    ...placed(app.authentication?.fields ?? [], 'authentication.fields'),
    ...operations(app).flatMap(placedInputs),
  ].filter(ofAll);
}

const choicesOf = ({ choices = {} }: Field) => Object.values(choices);

/** Every text that a person reads, each with its place. */
function texts(app: Definition): Text[] {
  const fields = [...inputs(app), ...operations(app).flatMap(placedOutputs).filter(ofAll)];
  const shown = new Set(operations(app).map(({ place }) => place));
  return [
    ...displaysOf(app)
      .filter(({ place }) => place.startsWith('searchOrCreates.') || shown.has(place))
      .flatMap(({ display, place }) => [display.label, display.description].map((text) => ({ text, place }))),
    ...fields.flatMap(({ field, place }) =>
      [field.label ?? '', field.helpText ?? '', ...choicesOf(field)].map((text) => ({ text, place })),
    ),
  ];
}

/** Links lead to addresses, and code shows what to write: neither is a word of the sentence. */
const prose = (text: string) => text.replace(/`[^`]*`/g, '…').replace(/\]\([^)]*\)/g, ']');

const helpIsBrief: Rule = {
  code: 'two-sentences',
  *check(app) {
    for (const { field, place } of inputs(app)) {
      const sentences = prose(field.helpText ?? '').match(/[.!?](?=[\s)"”*]|$)/g) ?? [];
      if (sentences.length > MOST_SENTENCES) {
        yield { place, says: `its help text has ${sentences.length} sentences; two are enough.` };
      }
    }
  },
};

const MACHINERY =
  /\b(endpoints?|payloads?|null|undefined|booleans?|strings?|integers?|arrays?|digests?|hash(es)?|idempotent|relays?|webhooks?|hooks?|poll(s|ed|ing)?|cursors?|offsets?|UTC|ISO|JSON|API|UUIDs?|OAuth|scopes?|cache[sd]?|parameters?|dedupe[sd]?)\b/i;

const noMachinery: Rule = {
  code: 'machinery',
  *check(app) {
    for (const { text, place } of texts(app)) {
      const [word] = place.startsWith(FOR_PROGRAMMERS) ? [] : (MACHINERY.exec(prose(text)) ?? []);
      if (word) yield { place, says: `"${word}" is a word of programmers, in "${text}".` };
    }
  },
};

/** What else it could be called, and the one word for it. */
const ONE_WORD: [other: RegExp, word: string][] = [
  [/\bdeals?\b/i, 'opportunity'],
  [/\b(lead|opportunity) source\b/i, 'Source'],
  [/\b(lead|deal) value\b|\bamount\b/i, 'Value'],
  [/\bassign(ed|ee)?\b|\bsalesperson\b/i, 'owner'],
  [/\bteam members?\b|\bagents?\b/i, 'user'],
  [/\b(further|secondary|extra) contacts?\b/i, 'additional contact'],
  [/\bopportunity’s own contact\b|\bmain contact\b/i, 'primary contact'],
  // A permission of HighLevel's is called so.
  [/(?<!View )\blocations?\b|\bsubaccounts?\b|\b(your|some|HighLevel) accounts?\b/i, 'sub-account'],
  [/\b(drop-down|pick ?list|from the list)\b/i, 'dropdown'],
  [/\bopened again\b|\bre-open/i, 'reopened'],
  [/\b(is|are|it|as) done\b|\bmarked done\b|^Done$/i, 'completed'],
  [/\btak(e|es|en) (away|out)\b/i, 'removed'],
  [/\bown (custom )?fields\b/i, 'custom fields'],
  [/\be-mail\b/i, 'email'],
  [/\btelephone\b/i, 'phone'],
  [/\bcolumns?\b/i, 'stage'],
  [/\bwhite-?labell?ed\b/i, 'white label'],
];

const oneWord: Rule = {
  code: 'one-word',
  *check(app) {
    for (const { text, place } of texts(app)) {
      if (place.startsWith(FOR_PROGRAMMERS)) continue;
      for (const [other, word] of ONE_WORD) {
        const [found] = other.exec(prose(text)) ?? [];
        if (found) yield { place, says: `"${found}" is called "${word}" elsewhere, in "${text}".` };
      }
    }
  },
};

/** A person who leaves a choice open must know what then happens; where there is a default, it is shown. */
const emptyIsSaid: Rule = {
  code: 'empty',
  *check(app) {
    for (const { field, place } of inputs(app)) {
      const isChosen = Boolean(field.dynamic || field.choices);
      if (!isChosen || field.required || field.default !== undefined || field.computed) continue;
      if (!/\bempty\b/i.test(field.helpText ?? '')) {
        yield { place, says: 'its help text does not say what it means when it is empty.' };
      }
    }
  },
};

const choicesAreTitles: Rule = {
  code: 'choice',
  *check(app) {
    for (const { field, place } of inputs(app)) {
      for (const text of choicesOf(field)) {
        if (text !== titleCase(text)) yield { place, says: `"${text}" should be "${titleCase(text)}".` };
      }
    }
  },
};

export const plain = [helpIsBrief, noMachinery, oneWord, emptyIsSaid, choicesAreTitles];
