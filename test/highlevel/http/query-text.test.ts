import { describe, expect, it } from '@jest/globals';
import { queryText } from '../../../highlevel/http/query-text.ts';

describe('queryText', () => {
  it.each([
    ['a short one', 'Roof repair', 'Roof repair'],
    ['one of 75 characters', 'x'.repeat(75), 'x'.repeat(75)],
    ['one of 75 with spaces', `${'x'.repeat(70)} yyyy`, `${'x'.repeat(70)} yyyy`],
    ['a longer one, to its last whole word', `${'x'.repeat(70)} yyyyyyy`, 'x'.repeat(70)],
    ['a longer one whose word ends just there', `${'x'.repeat(75)} y`, 'x'.repeat(75)],
    ['one long word, as far as it goes', 'x'.repeat(80), 'x'.repeat(75)],
    ['one that begins with a space', ` ${'x'.repeat(80)}`, ` ${'x'.repeat(74)}`],
  ])('sends %s', (_, text, sent) => {
    expect(queryText(text)).toBe(sent);
  });
});
