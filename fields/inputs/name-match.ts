import type { ZObject } from 'zapier-platform-core';
import { readChoice } from './choices.ts';

const CHOICES = { whole: 'The Whole Name', part: 'A Part of the Name' };

/** A part of a name can belong to another person or opportunity, and what follows would happen to that one. */
export const nameMatch = {
  key: 'name_match',
  label: 'Name Match',
  type: 'string',
  required: false,
  choices: CHOICES,
  helpText:
    'Leave empty for the whole name. A part can find another one than you mean: `Ann` is a part of `Hannah Lee`.',
} as const;

/**
 * Whether a name must be the whole one.
 *
 * @throws HaltedError for what is no choice
 */
export function isWholeName(z: ZObject, input: { name_match?: unknown }): boolean {
  return readChoice(z, nameMatch.label, input.name_match, CHOICES) !== 'part';
}
