import { defineInputField, type ZObject } from 'zapier-platform-core';
import { readYesNo, YES_NO_CHOICES } from './read-yes-no.ts';

/**
 * Test Mode, the same on every action that writes: everything is read, found and checked, nothing is written, and the
 * answer shows what would have been, in the shape that a real run has.
 */
export const testMode = defineInputField({
  key: 'test_mode',
  label: 'Test Mode',
  type: 'string',
  required: false,
  choices: YES_NO_CHOICES,
  helpText:
    'Choose Yes to try this step without changing anything in HighLevel: names, permissions and values are checked, and the result shows what would have been saved. Leave empty, or choose No, to save for real.',
});

/**
 * Whether nothing may be written.
 *
 * @throws HaltedError for text that is neither yes nor no, because guessing would write by accident
 */
export function isTest(z: ZObject, input: { test_mode?: unknown }): boolean {
  return readYesNo(z, testMode.label, input.test_mode) ?? false;
}

/** Stands in the output of every action that writes, for the real run as well, so that a Zap can tell them apart. */
export const testOutput = { key: 'is_test', label: 'Was in Test Mode', type: 'boolean' } as const;

/** Where a record that was never made would have its id. */
export const TEST_ID = 'test-mode-nothing-saved';

/** An action's result with the mark; last among its keys. */
export function marked<T extends object>(result: T, test: boolean): T & { is_test: boolean } {
  return { ...result, is_test: test };
}
