import { checkCustomFieldValue } from '../account/custom-field-values.ts';
import { unprocessable } from '../server/errors.ts';
import type { SandboxContext } from '../state/context.ts';
import type { CustomField } from '../state/records.ts';

/** One custom field of a body: by id or key, its value under the newer or the older name [spec]. */
export interface WrittenCustomField {
  id?: string | undefined;
  key?: string | undefined;
  fieldValue?: unknown;
  field_value?: unknown;
}

/**
 * Finds the contact fields that a body names and checks their values. That an unknown field is refused, and with
 * these words, is [assumed].
 *
 * @throws HighLevelError 422 with a list
 */
export function readContactCustomFields(
  ctx: SandboxContext,
  locationId: string,
  written: WrittenCustomField[],
): { id: string; value: unknown }[] {
  const faults: string[] = [];
  const values = written.flatMap((one, index) => {
    const field = fieldNamed(ctx, locationId, one);
    if (field === undefined) {
      faults.push(`customFields.${index}: no such custom field`);
      return [];
    }
    const value = one.fieldValue ?? one.field_value ?? null;
    const fault = checkCustomFieldValue(field, value);
    if (fault !== null) faults.push(fault);
    return [{ id: field.id, value }];
  });
  return faults.length === 0 ? values : unprocessable(faults);
}

function fieldNamed(
  ctx: SandboxContext,
  locationId: string,
  { id, key }: WrittenCustomField,
): CustomField | undefined {
  for (const field of ctx.state.customFields.values()) {
    if (field.locationId !== locationId || field.model !== 'contact') continue;
    const isIt =
      id === undefined ? [field.fieldKey, field.fieldKey.slice(8)].includes(key ?? '') : field.id === id;
    if (isIt) return field;
  }
  return undefined;
}
