import type { ZObject } from 'zapier-platform-core';
import { shortened } from '../../highlevel/http/shortened.ts';
import { requiredText, withoutInvisible } from './read-text.ts';
import { TEST_ID } from './test-mode.ts';

/**
 * Whether a text can be one of HighLevel's ids, which are letters and digits [recorded]: other text, a name most likely,
 * is told apart before it becomes part of an address.
 */
export function isId(text: string): boolean {
  return /^[\w-]{1,100}$/.test(text);
}

/**
 * The id of a record that must be named.
 *
 * @param label the input field's label
 * @param test whether this step writes nothing either, so that the id of a record that was never made will do
 * @throws HaltedError where it is empty, or no id
 */
export function requiredId(z: ZObject, label: string, value: unknown, test = false): string {
  const text = requiredText(z, label, value);
  const id = withoutInvisible(text).trim();
  if (id === TEST_ID && !test) {
    throw new z.errors.HaltedError(
      `${label}: this comes from a step in Test Mode, which saved nothing. Switch Test Mode off there, or on in this step too.`,
    );
  }
  if (isId(id)) return id;
  throw new z.errors.HaltedError(
    `${label}: "${shortened(text)}" is not an ID. Choose from the dropdown, or map the ID of an earlier step that finds it.`,
  );
}
