import * as s from 'zod/mini';
import type { Client, Endpoint } from '../http/client.ts';
import { countedEntries, flag, numeral, shown, textOrNumber } from '../http/shapes.ts';
import { createLookup, type Listed } from './lookup.ts';

/** A custom field that a person made for their opportunities or contacts. */
export interface CustomField {
  id: string;
  name: string;
  /** Without the model in front: `external_id`, not `opportunity.external_id`. */
  key: string;
  /** TEXT, LARGE_TEXT, NUMERICAL, PHONE, MONETORY (sic), CHECKBOX, SINGLE_OPTIONS …; unknown ones count as text. [spec] */
  dataType: string;
  options: string[];
  /** Whether HighLevel takes a choice that is not among the options. [spec: isAllowedCustomOption] */
  takesOther: boolean;
}

/** Without `model` only contact fields come back. [measured by others] */
const LIST_CUSTOM_FIELDS: Endpoint = {
  method: 'GET',
  path: '/locations/{locationId}/customFields',
  scope: 'locations/customFields.readonly',
  doing: 'list the custom fields',
  repeatable: true,
  takesInput: false,
};

/** An empty answer, and null for the list, are no fields. */
const answer = s.lazy(() =>
  s.nullish(
    s.looseObject({
      customFields: s.nullable(
        countedEntries(
          s.looseObject({
            id: s.string(),
            name: shown(textOrNumber),
            fieldKey: shown(s.nullish(s.string())),
            model: shown(s.nullish(s.string())),
            dataType: s.nullish(s.string()),
            position: shown(s.nullish(numeral)),
            picklistOptions: shown(s.nullish(s.array(s.unknown()))),
            isAllowedCustomOption: shown(flag),
          }),
        ),
      ),
    }),
  ),
);

/** An option is a text or a number, or an object whose label or else name is what people choose. */
function optionOf(option: unknown): string[] {
  if (typeof option === 'string' || typeof option === 'number') return [String(option)];
  if (typeof option !== 'object' || option === null) return [];
  const { label, name } = option as { label?: unknown; name?: unknown };
  const shown = [label, name].find((text) => typeof text === 'string' && text !== '');
  return typeof shown === 'string' ? [shown] : [];
}

/** The model that a field is of, by its own word, or by what its key begins with; null where it does not say. */
function modelOf(field: { model?: string | null; fieldKey?: string | null }): string | null {
  return (field.model || MODEL_OF_KEY.exec(field.fieldKey ?? '')?.[1])?.toLowerCase() ?? null;
}

const MODEL_OF_KEY = /^(opportunity|contact)\./i;

function listCustomFields(model: 'opportunity' | 'contact') {
  return async (client: Client): Promise<Listed<CustomField>> => {
    const parts = { path: { locationId: client.locationId() }, query: { model } };
    const listed = await client.call(LIST_CUSTOM_FIELDS, answer, parts);
    const { kept = [], leftOut = 0 } = listed?.customFields ?? {};
    const items = kept
      // Those of the other model were seen to come along.
      .filter((field) => (modelOf(field) ?? model) === model)
      .sort((a, b) => (a.position ?? 0) - (b.position ?? 0))
      .map(({ id, name, fieldKey, dataType, picklistOptions, isAllowedCustomOption }) => ({
        id,
        name: name || fieldKey || id,
        key: (fieldKey || id).replace(MODEL_OF_KEY, ''),
        dataType: (dataType || 'TEXT').toUpperCase(),
        options: (picklistOptions ?? []).flatMap(optionOf),
        takesOther: isAllowedCustomOption ?? false,
      }));
    return { items, leftOut };
  };
}

export const opportunityFields = createLookup(
  'opportunity_fields',
  listCustomFields('opportunity'),
  ({ id }) => [id],
);
export const contactFields = createLookup('contact_fields', listCustomFields('contact'), ({ id }) => [id]);
