/** Keys, order, flags and versions. */

import { inputsOf, operationsOf } from '../definition.ts';
import { placedInputs, placedOutputs, type Rule } from './rule.ts';

const SECRET_WORD = /api_?key|token|secret|passw|credential/i;

const noSecretsAsked: Rule = {
  code: 'D001',
  *check(app) {
    for (const { field, place } of operationsOf(app).flatMap(placedInputs)) {
      if (SECRET_WORD.test(field.key) || field.type === 'password') {
        yield { place, says: 'asks for a secret outside of the connection.' };
      }
    }
  },
};

/** Only where people paste a key; an OAuth sign-in has none to look up. */
const authFieldsHaveLinks: Rule = {
  code: 'D002',
  *check({ authentication }) {
    if (!authentication || authentication.type === 'oauth2') return;
    for (const field of authentication.fields ?? []) {
      if (!/\]\(https:/.test(field.helpText ?? '')) {
        yield { place: `authentication.fields.${field.key}`, says: 'no link to where its value is found.' };
      }
    }
  },
};

const connectionIsNamed: Rule = {
  code: 'D003',
  *check({ authentication }) {
    const label = authentication?.connectionLabel ?? '';
    const place = 'authentication.connectionLabel';
    if (!/\{\{\w+\}\}/.test(label)) yield { place, says: `"${label}" is the same for every connection.` };
    if (SECRET_WORD.test(label)) yield { place, says: `"${label}" shows a secret.` };
  },
};

const createsHaveFixedFields: Rule = {
  code: 'D022',
  *check(app) {
    for (const create of operationsOf(app, 'creates')) {
      if (!inputsOf(create).some(({ ofAccount }) => !ofAccount)) {
        yield { place: create.place, says: 'no field is the same for all accounts.' };
      }
    }
  },
};

/** Whether it is also the newest one only the registry knows. */
const coreIsPinned: Rule = {
  code: 'D027',
  *check({ platformVersion }, { coreVersion }) {
    if (!/^\d+\.\d+\.\d+$/.test(coreVersion) || platformVersion !== coreVersion) {
      yield {
        place: 'platformVersion',
        says: `it is ${platformVersion}, and package.json says "${coreVersion}": they are one exact version.`,
      };
    }
  },
};

const inputIsNotCleaned: Rule = {
  code: 'D028',
  *check(app) {
    if (app.flags?.cleanInputData !== false)
      yield { place: 'flags.cleanInputData', says: 'it is not false.' };
    for (const { operation, place } of operationsOf(app)) {
      if (operation.cleanInputData) yield { place, says: 'it cleans its input.' };
    }
  },
};

const SNAKE_CASE = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;
/** Outputs may be nested (`owner__name`) or line items (`items[]name`). */
const OUTPUT_KEY = /^[a-z][a-z0-9]*((_|__|\[\])[a-z0-9]+)*$/;

const keysAreFound: Rule = {
  code: 'key',
  *check(app, { files }) {
    for (const one of operationsOf(app)) {
      const { key, mapKey, place, shelf } = one;
      if (!SNAKE_CASE.test(key)) yield { place, says: `its key "${key}" is not snake_case.` };
      if (key !== mapKey) yield { place, says: `it is registered as "${mapKey}" and calls itself "${key}".` };
      if (!files.includes(`${shelf}/${key}.ts`))
        yield { place, says: `there is no file ${shelf}/${key}.ts.` };
      for (const { field, place } of [...placedInputs(one), ...placedOutputs(one)]) {
        const form = place.includes('.outputFields.') ? OUTPUT_KEY : SNAKE_CASE;
        if (!field.ofAccount && !form.test(field.key)) yield { place, says: 'its key is not snake_case.' };
      }
    }
    const known = operationsOf(app).map(({ shelf, key }) => `${shelf}/${key}.ts`);
    for (const file of files) {
      if (!known.includes(file)) yield { place: file, says: 'it is not in the definition.' };
    }
  },
};

/** Two fields of one key overwrite each other; two of one label cannot be told apart. */
const fieldsAreTold: Rule = {
  code: 'twice',
  *check(app) {
    for (const one of operationsOf(app)) {
      const seen = new Set<string>();
      for (const { field, place } of [...placedInputs(one), ...placedOutputs(one)]) {
        const parent = place.slice(0, -field.key.length);
        const names = [`key "${field.key}"`];
        // A person may call their own field as one of ours is called.
        if (field.label && !field.ofAccount) names.push(`label "${field.label}"`);
        for (const name of names) {
          if (seen.has(parent + name)) yield { place, says: `its ${name} is given twice.` };
          seen.add(parent + name);
        }
      }
    }
  },
};

const requiredFieldsFirst: Rule = {
  code: 'order',
  *check(app) {
    for (const one of operationsOf(app)) {
      const fields = placedInputs(one).filter(({ field }) => field.type !== 'copy');
      const firstOptional = fields.findIndex(({ field }) => !field.required);
      for (const [index, { field, place }] of fields.entries()) {
        if (field.required && firstOptional >= 0 && index > firstOptional) {
          yield { place, says: 'it is required and stands behind an optional field.' };
        }
      }
    }
  },
};

export const structure = [
  noSecretsAsked,
  authFieldsHaveLinks,
  connectionIsNamed,
  createsHaveFixedFields,
  coreIsPinned,
  inputIsNotCleaned,
  keysAreFound,
  fieldsAreTold,
  requiredFieldsFirst,
];
