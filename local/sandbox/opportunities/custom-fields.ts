import { checkCustomFieldValue } from '../account/custom-field-values.ts';
import { unprocessable } from '../server/errors.ts';
import type { SandboxContext } from '../state/context.ts';
import type { CustomField, OpportunityCustomField } from '../state/records.ts';

/** One custom field of a body: by id or key, its value under the name of either version [spec]. */
export interface WrittenField {
  id?: string | undefined;
  key?: string | undefined;
  field_value?: unknown;
  fieldValue?: unknown;
}

function fieldNamed(ctx: SandboxContext, locationId: string, written: WrittenField): CustomField | undefined {
  if (written.id !== undefined) {
    const field = ctx.state.customFields.get(written.id);
    return field?.locationId === locationId && field.model === 'opportunity' ? field : undefined;
  }
  for (const field of ctx.state.customFields.values()) {
    if (field.locationId !== locationId || field.model !== 'opportunity') continue;
    if (field.fieldKey === written.key || field.fieldKey === `opportunity.${written.key}`) return field;
  }
  return undefined;
}

/**
 * Finds each written custom field by id or key and checks its value. Lists and objects need the id [spec]; that an
 * unknown field is refused is [assumed].
 *
 * @throws HighLevelError 422 with a list.
 */
export function readCustomFields(
  ctx: SandboxContext,
  locationId: string,
  written: WrittenField[],
): OpportunityCustomField[] {
  const faults: string[] = [];
  const fields: OpportunityCustomField[] = [];
  for (const [index, one] of written.entries()) {
    const value = one.fieldValue ?? one.field_value ?? null;
    const field = fieldNamed(ctx, locationId, one);
    if (field === undefined) {
      faults.push(`customFields.${index}: no such custom field`);
      continue;
    }
    if (one.id === undefined && typeof value === 'object' && value !== null) {
      faults.push(`customFields.${index}.id should not be empty`);
      continue;
    }
    const fault = checkCustomFieldValue(field, value);
    if (fault !== null) faults.push(fault);
    else fields.push({ id: field.id, value });
  }
  return faults.length > 0 ? unprocessable(faults) : fields;
}
