import type { SeedResult } from '../../local/sandbox/index.ts';
import type { Zap } from '../../local/zap-runner/index.ts';

/**
 * A person's own fields have other ids in each account, and a Zap's inputs and outputs are keyed by them. In the Zaps
 * here their names stand instead, in square brackets: `custom_field_[External ID]` as an input, and
 * `custom_fields.[External ID]` within a reference; contact fields as `[Contact: Account Number]`.
 */
const FIELD_NAME = /\[([A-Z][^[\]]*)\]/g;

/** The Zap as it would be built in an account. @throws Error for a field that the account does not have */
export function inAccount(zap: Zap, fieldIds: Map<string, string>): Zap {
  const text = JSON.stringify(zap, (_key, value) => (typeof value === 'function' ? undefined : value));
  const filled = text.replace(FIELD_NAME, (_all, name: string) => {
    const id = fieldIds.get(name);
    if (!id) throw new Error(`"${zap.name}" needs the field "${name}", which the account does not have.`);
    return id;
  });
  return withCode(JSON.parse(filled) as Zap, zap);
}

/** The ids of the sandbox's fields by the names they bear there. */
export function fieldIdsOf(seeded: SeedResult): Map<string, string> {
  const names = Object.entries(seeded.customFields).map(([key, id]): [string, string] => {
    const [model, plain = ''] = key.split('.');
    const name = plain
      .split('_')
      .map((word) => (word === 'id' ? 'ID' : word.charAt(0).toUpperCase() + word.slice(1)))
      .join(' ');
    return [model === 'contact' ? `Contact: ${name}` : name, id];
  });
  return new Map(names);
}

/** Functions are no text; those of the original are put back where they were. */
function withCode<T>(filled: T, original: T): T {
  if (typeof original === 'function') return original;
  if (typeof original !== 'object' || original === null) return filled;
  const result = filled as Record<string, unknown>;
  for (const [key, value] of Object.entries(original)) {
    if (typeof value === 'function') result[key] = value;
    else if (typeof value === 'object') withCode(result[key], value);
  }
  return filled;
}
