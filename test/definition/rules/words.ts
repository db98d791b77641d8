/** What people read in the Zap editor. */

import { type Definition, displaysOf, type Field, operationsOf } from '../definition.ts';
import { titleCase } from '../title-case.ts';
import { placed, placedInputs, placedOutputs, type Rule, type Text } from './rule.ts';

/** A line and a half in the editor's list of triggers and actions. */
const LONGEST_DESCRIPTION = 150;
/** What core's schema lets through. [source: core, plain input field schema] */
const LONGEST_HELP = 1000;

const APP_NAME = /highlevel|leadconnector/i;

const authFields = (app: Definition) => placed(app.authentication?.fields ?? [], 'authentication.fields');

function* helpTexts(app: Definition): Iterable<Text & { field: Field }> {
  for (const { field, place } of [...authFields(app), ...operationsOf(app).flatMap(placedInputs)]) {
    if (field.helpText !== undefined) yield { field, text: field.helpText, place };
  }
}

const descriptions = (app: Definition): Text[] =>
  displaysOf(app).map(({ display, place }) => ({ text: display.description, place }));

const withoutCode = (text: string) => text.replace(/`[^`]*`/g, '…');

const linksWork: Rule = {
  code: 'D008',
  *check(app) {
    for (const { text, place } of [...descriptions(app), ...helpTexts(app)]) {
      const bare = withoutCode(text).replace(/\[[^[\]]+\]\(([^()\s]+)\)/g, (link, address) =>
        URL.canParse(address) ? '…' : link,
      );
      if (/[[\]`]/.test(bare)) yield { place, says: `a link or code sample is not whole in "${text}".` };
      else if (/\w+:\/\/|\bwww\./.test(bare)) {
        yield { place, says: `a bare address in "${text}": link it, or put it in backticks.` };
      }
    }
  },
};

const simple = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

const helpHelps: Rule = {
  code: 'D011',
  *check(app) {
    for (const { field, text, place } of helpTexts(app)) {
      if (simple(text) === simple(field.label ?? ''))
        yield { place, says: 'its help text repeats its label.' };
    }
  },
};

/** Zapier asks it of operations; people see fields in the same list, so fields and groups follow. */
const labelsAreTitles: Rule = {
  code: 'D018',
  *check(app) {
    const titles = displaysOf(app).map(({ display, place }) => ({ text: display.label, place }));
    const labels = operationsOf(app).flatMap((one) => [
      { text: one.noun, place: `${one.place}.noun` },
      ...(one.operation.inputFieldGroups ?? []).map(({ key, label = '' }) => ({
        text: label,
        place: `${one.place}.inputFieldGroups.${key}`,
      })),
      ...[...placedInputs(one), ...placedOutputs(one)].filter(({ field }) => !field.ofAccount).map(labelOf),
    ]);
    for (const { text, place } of [...titles, ...labels, ...authFields(app).map(labelOf)]) {
      if (text === '') yield { place, says: 'it has no label.' };
      if (text !== titleCase(text)) yield { place, says: `"${text}" should be "${titleCase(text)}".` };
    }
  },
};

const labelOf = ({ field, place }: { field: Field; place: string }): Text => ({
  // A copy field is its help text; the editor shows no label beside it.
  text: field.type === 'copy' ? 'Copy' : (field.label ?? ''),
  place,
});

const triggersSayWhen: Rule = {
  code: 'D021',
  *check(app) {
    for (const { display, place } of operationsOf(app, 'triggers')) {
      if (!/^Triggers when .+\.$/.test(display.description)) {
        yield { place, says: `"${display.description}" is not "Triggers when … .".` };
      }
    }
  },
};

const oneSentence: Rule = {
  code: 'sentence',
  *check(app) {
    for (const { text, place } of descriptions(app)) {
      const plain = withoutCode(text);
      if (!/^[A-Z].*\.$/.test(plain) || /[.!?;]\s/.test(plain)) {
        yield { place, says: `"${text}" is not one sentence.` };
      }
      if (text.length > LONGEST_DESCRIPTION) {
        yield { place, says: `its description has ${text.length} characters of ${LONGEST_DESCRIPTION}.` };
      }
    }
  },
};

const thirdPerson: Rule = {
  code: 'person',
  *check(app) {
    for (const { display, place } of displaysOf(app)) {
      if (place.startsWith('triggers.')) continue;
      if (!/^[A-Z][a-z]+s\b/.test(display.description)) {
        yield { place, says: `"${display.description}" does not begin as "Creates …" or "Finds …" do.` };
      }
    }
  },
};

const appIsNotNamed: Rule = {
  code: 'app-name',
  *check(app) {
    for (const { display, place } of operationsOf(app, 'triggers')) {
      if (APP_NAME.test(display.description)) yield { place, says: 'its description names the app.' };
    }
    for (const { display, place } of displaysOf(app)) {
      if (APP_NAME.test(display.label)) yield { place, says: 'its label names the app.' };
    }
  },
};

const nounsAreSingular: Rule = {
  code: 'noun',
  *check(app) {
    for (const { noun, place } of operationsOf(app)) {
      if (/s$/.test(noun) && !/(ss|us|is)$/.test(noun))
        yield { place, says: `its noun "${noun}" is a plural.` };
    }
  },
};

const helpIsShort: Rule = {
  code: 'help',
  *check(app) {
    for (const { text, place } of helpTexts(app)) {
      if (text.length > LONGEST_HELP) yield { place, says: `its help text has ${text.length} characters.` };
      if (!/^\P{Ll}/u.test(text) || !/\.$/.test(text)) yield { place, says: `"${text}" is no sentence.` };
    }
  },
};

/** "Updated Opportunity" leaves open what was updated; a trigger names the change it watches. */
const changesAreNamed: Rule = {
  code: 'generic-update',
  *check(app) {
    for (const { display, noun, place } of operationsOf(app, 'triggers')) {
      const plain = display.label.replace(' (Instant)', '');
      if (new RegExp(`^(New or )?(Updated|Changed) ${noun}$|^${noun} (Updated|Changed)$`).test(plain)) {
        yield { place, says: `"${display.label}" does not say which change it watches.` };
      }
    }
  },
};

const instantIsSaid: Rule = {
  code: 'instant',
  *check(app) {
    for (const { display, operation, place } of operationsOf(app, 'triggers')) {
      if ((operation.type === 'hook') !== display.label.endsWith(' (Instant)')) {
        yield { place, says: `"${display.label}": hooks, and only hooks, end in "(Instant)".` };
      }
    }
  },
};

export const words = [
  linksWork,
  helpHelps,
  labelsAreTitles,
  triggersSayWhen,
  oneSentence,
  thirdPerson,
  appIsNotNamed,
  nounsAreSingular,
  helpIsShort,
  changesAreNamed,
  instantIsSaid,
];
