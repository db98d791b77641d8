import type { Bundle, ZObject } from 'zapier-platform-core';
import { kindOf } from '../../highlevel/account/custom-field-value.ts';
import type { CustomField } from '../../highlevel/account/custom-fields.ts';
import { type Lookup, orNone } from '../../highlevel/account/lookup.ts';
import { connect } from '../../highlevel/connect.ts';

/**
 * A person's own fields in an output, under the names they gave them; keyed by id, which stays when a name changes.
 *
 * @param lines where the records are line items: what stands before their keys, such as `opportunities[]`
 */
export function customFieldOutputs(lookup: Lookup<CustomField>, lines = '') {
  return async (z: ZObject, bundle: Bundle) => {
    const highlevel = connect(z, bundle);
    if (!highlevel.hasScope('locations/customFields.readonly')) return [];
    return (await orNone(lookup.all(highlevel))).map(({ id, name, dataType }) => ({
      key: `${lines}custom_fields__${id}`,
      label: name,
      type: kindOf(dataType) === 'number' ? ('number' as const) : ('string' as const),
      ...(kindOf(dataType) === 'list' ? { list: true } : {}),
    }));
  };
}
