import resolveInputDataTypes from 'zapier-platform-cli/src/oclif/commands/invoke/input-types.js';
import type { FieldDefinition } from '../app/definition.ts';

/**
 * Turns what a person typed or mapped into the type of the field, by the code of the CLI's own `invoke`, which calls
 * itself production's likeness [source cli/src/oclif/commands/invoke/input-types.js]. So `1,234` becomes 1, text without
 * a digit becomes 0, and an unreadable date becomes now: an app cannot tell these from real input.
 *
 * A value that is mapped arrives as text, so a number or a boolean is written out first [assumed]. What is empty is no
 * value, and is not read [assumed: the CLI would make 0 or now of it].
 * @param timezone IANA name, for dates without an offset. Words such as `tomorrow` are read against the machine's clock.
 */
export function readValue({ key, type }: FieldDefinition, value: unknown, timezone: string): unknown {
  if (!TYPED.has(type ?? '') || value === null || value === undefined || value === '') return value;
  return resolveInputDataTypes({ [key]: String(value) }, [{ key, type }], timezone)[key];
}

/** The types that the CLI reads; all others pass as they come. */
const TYPED = new Set(['integer', 'number', 'boolean', 'datetime']);
