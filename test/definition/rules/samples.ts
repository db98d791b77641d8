/** Static samples, the output that describes them, and the addresses that stand anywhere. */

import { operationsOf, outputsOf } from '../definition.ts';
import { describedPaths, fits, isCustom, isOfRows, isOtherTime, pathsIn, valuesAt } from '../values.ts';
import { type Rule, textsIn } from './rule.ts';

const addressesAreSafe: Rule = {
  code: 'D007',
  *check(app) {
    for (const { text, place } of textsIn(app)) {
      if (/\bhttp:\/\//i.test(text)) yield { place, says: `"${text}" has an address that is not https.` };
    }
  },
};

const addressesAreHarmless: Rule = {
  code: 'D025',
  *check(app) {
    for (const { text, place } of textsIn(app)) {
      if (/(^|[\s("'`])(javascript|vbscript|data|file|blob):\S/i.test(text)) {
        yield { place, says: `"${text}" has an address that could run code.` };
      }
    }
  },
};

/** Rows of hidden lists are seen by no one, but the dropdowns read their IDs. */
const polledSamplesHaveKeys: Rule = {
  code: 'D010',
  *check(app) {
    for (const trigger of operationsOf(app, 'triggers')) {
      const { operation, place } = trigger;
      if (operation.type !== 'polling' || !operation.sample) continue;
      const primary = outputsOf(trigger).filter((field) => field.primary);
      for (const key of primary.length > 0 ? primary.map((field) => field.key) : ['id']) {
        const [value] = valuesAt(operation.sample, key);
        if (typeof value !== 'string' && typeof value !== 'number') {
          yield { place, says: `its sample has no "${key}", by which rows are told apart.` };
        }
      }
    }
  },
};

const samplesExist: Rule = {
  code: 'D012',
  *check(app) {
    for (const { display, operation, place } of operationsOf(app)) {
      if (!display.hidden && Object.keys(operation.sample ?? {}).length === 0)
        yield { place, says: 'no sample.' };
    }
  },
};

const sampleTimesAreIso: Rule = {
  code: 'D023',
  *check(app) {
    for (const { operation, place } of operationsOf(app)) {
      for (const { text, place: at } of textsIn(operation.sample, `${place}.sample`)) {
        if (isOtherTime(text)) {
          yield { place: at, says: `"${text}" is a time without offset, or not in ISO 8601.` };
        }
      }
    }
  },
};

const samplesFitOutputs: Rule = {
  code: 'D024',
  *check(app) {
    for (const one of operationsOf(app)) {
      if (!one.operation.sample) continue;
      for (const [path, field] of describedPaths(outputsOf(one))) {
        if (field.ofAccount) continue;
        for (const value of valuesAt(one.operation.sample, path)) {
          if (!fits(value, field)) {
            const is = `${JSON.stringify(value)} in the sample is no ${field.list ? 'list of ' : ''}`;
            yield { place: `${one.place}.${path}`, says: `${is}${field.type ?? 'string'}.` };
          }
        }
      }
    }
  },
};

const isFixed = (path: string) => !isCustom(path) && !isOfRows(path);

/** Lists for dropdowns describe no output: people see a label, and nothing to map. */
const samplesAreDescribed: Rule = {
  code: 'sample',
  *check(app) {
    for (const one of operationsOf(app)) {
      const { sample } = one.operation;
      if (one.display.hidden || !sample) continue;
      const described = [...describedPaths(outputsOf(one)).keys()].filter(isFixed);
      for (const path of described) {
        if (valuesAt(sample, path).every((value) => value === undefined)) {
          yield { place: one.place, says: `its output "${path}" is not in the sample.` };
        }
      }
      for (const path of pathsIn(sample)) {
        if (isFixed(path) && !described.includes(path)) {
          yield { place: one.place, says: `"${path}" of its sample is not among the output fields.` };
        }
      }
    }
  },
};

const TOKENS = /\beyJ[\w-]{10,}\.|\b(sk|pk|pit|ghp|xox[bp])[-_]\w{8,}|\bBearer\s/i;
const EMAIL = /[\w.+-]+@([\w-]+\.)+\w+/g;

/** Nobody's credentials, address or telephone: example domains and the numbers kept for fiction. */
const samplesAreMadeUp: Rule = {
  code: 'secret',
  *check(app) {
    for (const { operation, place } of operationsOf(app)) {
      for (const { text, place: at } of textsIn(operation.sample, `${place}.sample`)) {
        if (TOKENS.test(text)) yield { place: at, says: `"${text}" looks like a credential.` };
        for (const [email] of text.matchAll(EMAIL)) {
          if (!/@(.+\.)?example\.(com|org|net)$/.test(email))
            yield { place: at, says: `${email} may be someone’s.` };
        }
        if (/^\+\d{8,15}$/.test(text) && !/^\+1\d{3}55501\d\d$/.test(text)) {
          yield { place: at, says: `${text} may be someone’s telephone.` };
        }
      }
    }
  },
};

export const samples = [
  addressesAreSafe,
  addressesAreHarmless,
  polledSamplesHaveKeys,
  samplesExist,
  sampleTimesAreIso,
  samplesFitOutputs,
  samplesAreDescribed,
  samplesAreMadeUp,
];
