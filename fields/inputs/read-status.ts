import type { ZObject } from 'zapier-platform-core';
import { simplify } from '../../highlevel/account/resolve.ts';
import { shortened } from '../../highlevel/http/shortened.ts';
import { STATUSES, type Status } from '../../highlevel/opportunities/record.ts';
import { readText } from './read-text.ts';

/**
 * A status, whatever its capitals.
 *
 * @param label the input field's label, for the error
 * @returns undefined where the field is empty
 * @throws HaltedError for any other word
 */
export function readStatus(z: ZObject, label: string, value: unknown): Status | undefined {
  const text = readText(value);
  if (text === undefined) return undefined;
  const status = STATUSES.find((known) => known === simplify(text));
  if (status) return status;
  throw new z.errors.HaltedError(
    `${label}: "${shortened(text)}" is not a status. Choose Open, Won, Lost or Abandoned.`,
  );
}
