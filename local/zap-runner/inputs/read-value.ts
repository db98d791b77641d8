import resolveInputDataTypes from 'zapier-platform-cli/src/oclif/commands/invoke/input-types.js';
import type { FieldDefinition } from '../app/definition.ts';
import type { FileStore } from '../app/files.ts';

/** What reading needs beside the field and the value. */
export type Reading = {
  /** IANA name of the Zap's zone, for dates without an offset. */
  timezone: string;
  files: Pick<FileStore, 'keep'>;
};

/**
 * Turns what a person typed or mapped into the type of the field, by the code of the CLI's own `invoke`, which calls
 * itself production's likeness [source cli/src/oclif/commands/invoke/input-types.js]. So `1,234` becomes 1, text without
 * a digit becomes 0, and an unreadable date becomes now: an app cannot tell these from real input.
 *
 * A value that is mapped arrives as text, so a number or a boolean is written out first [assumed]. What is empty is no
 * value, and is not read [assumed: the CLI would make 0 or now of it].
 *
 * Words such as `tomorrow` are read against the machine's clock.
 */
export function readValue({ key, type }: FieldDefinition, value: unknown, reading: Reading): unknown {
  if (type === 'file' && typeof value === 'string' && value !== '') return readFile(value, reading);
  if (!TYPED.has(type ?? '') || value === null || value === undefined || value === '') return value;
  return resolveInputDataTypes({ [key]: String(value) }, [{ key, type }], reading.timezone)[key];
}

/** The types that the CLI reads; all others pass as they come. */
const TYPED = new Set(['integer', 'number', 'boolean', 'datetime']);

/** A file field takes the address of a file; of any other text Zapier makes a file [docs field types]. */
function readFile(value: string, { files }: Reading): string {
  if (/^https?:\/\/\S+$/.test(value.trim())) return value.trim();
  return files.keep(Buffer.from(value), 'text.txt', 'text/plain');
}
