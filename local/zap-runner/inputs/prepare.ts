import type { Meta } from '../app/call.ts';
import {
  cleansInput,
  type FieldDefinition,
  type Fields,
  findOperation,
  hasDynamicFields,
  type OperationKind,
  operationPath,
  staticFields,
} from '../app/definition.ts';
import { ZapFailure } from '../app/failure.ts';
import type { Host } from '../app/host.ts';
import type { Connection } from '../connection/connection.ts';
import { coerceInput } from './coerce.ts';

/** What an operation is called with once its input is ready. */
export type Prepared = { inputData: Fields; inputDataRaw: Fields; inputFields: Meta['inputFields'] };

/**
 * The input fields of an operation as the editor shows them for this raw input. Asked of the app only where
 * some are dynamic; what that costs is not counted as a run, since the editor asks while the Zap is built
 * [assumed: whether a running Zap asks again is not established].
 */
export async function inputFieldsOf(
  host: Host,
  kind: OperationKind,
  key: string,
  raw: Fields,
  connection?: Connection,
): Promise<FieldDefinition[]> {
  const operation = findOperation(host.definition, kind, key);
  if (!hasDynamicFields(operation.inputFields)) return staticFields(operation.inputFields);
  const method = `${operationPath(kind, key)}.inputFields`;
  const reply = await host.call({ method, connection, inputData: raw });
  return staticFields(reply.results);
}

/**
 * Makes mapped input ready for an operation.
 * @param raw the input before references were filled in.
 * @param timezone IANA zone for dates without an offset.
 * @throws ZapFailure `unknown_field` for a key that no field has, which the editor could not have saved, and
 * `missing_field` for a required field without a value, which stops the step before the app is called.
 */
export function prepareInput(
  host: Host,
  kind: OperationKind,
  key: string,
  fields: FieldDefinition[],
  input: { raw: Fields; mapped: Fields; timezone: string },
): Prepared {
  const operation = findOperation(host.definition, kind, key);
  const clean = cleansInput(host.definition, operation);
  const { inputData, missing, unknown } = coerceInput(fields, input.mapped, clean, {
    timezone: input.timezone,
    files: host.files,
  });
  if (unknown.length > 0) {
    const known = fields.map((field) => field.key).join(', ');
    throw new ZapFailure({
      kind: 'unknown_field',
      message: `The ${kind} "${key}" has no field ${unknown.join(', ')} (it has: ${known}).`,
    });
  }
  if (missing.length > 0) {
    throw new ZapFailure({
      kind: 'missing_field',
      message: `Required field "${missing.join('", "')}" is missing.`,
    });
  }
  const described = fields.filter((field) => field.meta);
  const inputFields = Object.fromEntries(described.map((field) => [field.key, field.meta as Fields]));
  return { inputData, inputDataRaw: input.raw, inputFields };
}
