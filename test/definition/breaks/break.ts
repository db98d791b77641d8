import type { Definition, Facts, Field, Operation } from '../definition.ts';

export interface Broken {
  code: string;
  when: string;
  spoil: (app: Definition, facts: Facts) => void;
  says: RegExp;
}

/** Changes one operation of the sound definition. */
type Edit = (operation: Operation & { operation: { inputFields: Field[]; outputFields: Field[] } }) => void;

/** One break of the definition: which rule it is, what a person did, and what the finding says. */
export const broken = (code: string, when: string, says: RegExp, spoil: Broken['spoil']): Broken => ({
  code,
  when,
  says,
  spoil,
});

const edited =
  (shelf: 'triggers' | 'creates' | 'searches', key: string) =>
  (edit: Edit): Broken['spoil'] =>
  (app) =>
    edit(app[shelf]?.[key] as Parameters<Edit>[0]);

export const trigger = edited('triggers', 'new_opportunity');
export const hook = edited('triggers', 'opportunity_won_instant');
export const list = edited('triggers', 'stage_list');
export const create = edited('creates', 'create_opportunity');
export const search = edited('searches', 'find_opportunity');

export const field = (fields: Field[], key: string): Field => {
  const found = fields.find((one) => one.key === key);
  if (!found) throw new Error(`The sound definition has no field "${key}".`);
  return found;
};

export const pair =
  (change: object): Broken['spoil'] =>
  (app) => {
    Object.assign(app.searchOrCreates?.find_opportunity ?? {}, change);
  };
