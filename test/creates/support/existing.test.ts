import { describe, expect, it } from '@jest/globals';
import type { ZObject } from 'zapier-platform-core';
import { readOnlyIf, ruleFor } from '../../../creates/support/existing.ts';
import { opportunityRecord } from '../../../highlevel/opportunities/record.ts';

/** A status that HighLevel's documentation does not know, in capitals, or not told at all. */
describe('the rules for an existing opportunity of a strange status', () => {
  const read = (status: string | null) => opportunityRecord.parse({ id: 'o1', status });
  const z = { errors: { HaltedError: Error } } as unknown as ZObject;

  it.each([['Won'], [' WON'], ['closed'], ['archived'], [null]])('leave one that is %p alone', (status) => {
    const opportunity = read(status);
    for (const rule of ['update_open', 'update_or_reopen'] as const) {
      expect(ruleFor(rule, opportunity)).toBe('leave');
    }
    expect(ruleFor('update_any', opportunity)).toBe('update');
    for (const choice of ['open', 'not_won']) expect(readOnlyIf(z, choice, false)(opportunity)).toBe(false);
    expect(readOnlyIf(z, '', true)(opportunity)).toBe(false);
    expect(readOnlyIf(z, 'any', false)(opportunity)).toBe(true);
  });

  it.each([
    ['Open', 'update', true],
    ['LOST', 'reopen', true],
    ['Abandoned', 'reopen', true],
  ] as const)('take %s for what it is', (status, fate, mayChange) => {
    expect(ruleFor('update_or_reopen', read(status))).toBe(fate);
    expect(readOnlyIf(z, 'not_won', false)(read(status))).toBe(mayChange);
  });
});
