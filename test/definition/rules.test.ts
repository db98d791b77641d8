import { describe, expect, it } from '@jest/globals';
import type { Broken } from './breaks/break.ts';
import { plain } from './breaks/plain.ts';
import { references } from './breaks/references.ts';
import { samples } from './breaks/samples.ts';
import { structure } from './breaks/structure.ts';
import { words } from './breaks/words.ts';
import { findings, lint, RULES } from './lint.ts';
import { SOUND_FACTS, sound } from './sound.ts';
import { titleCase } from './title-case.ts';

const breaks = [...references, ...structure, ...words, ...plain, ...samples];

describe('each rule', () => {
  it('passes a sound definition', () => {
    expect(lint(sound(), SOUND_FACTS)).toEqual([]);
  });

  it('is proven to bite', () => {
    const proven = new Set(breaks.map(({ code }) => code));
    expect(RULES.map(({ code }) => code).filter((code) => !proven.has(code))).toEqual([]);
  });

  it.each(breaks)('$code bites: $when', ({ code, spoil, says }: Broken) => {
    const app = sound();
    const facts = structuredClone(SOUND_FACTS);
    spoil(app, facts);
    const found = findings(app, facts);
    expect(found.map((finding) => finding.code)).toEqual([code]);
    expect(`${found[0]?.place}: ${found[0]?.says}`).toMatch(says);
  });
});

describe('title case', () => {
  it.each([
    ['find or create opportunity', 'Find or Create Opportunity'],
    ['Opportunities For A Contact', 'Opportunities for a Contact'],
    ['where do you sign in?', 'Where Do You Sign In?'],
    ['sub-account', 'Sub-Account'],
    ['new opportunity (instant)', 'New Opportunity (Instant)'],
    ['status: as of today', 'Status: As of Today'],
    ['iPhone of the 2nd owner', 'iPhone of the 2nd Owner'],
  ])('"%s" becomes "%s"', (label, expected) => {
    expect(titleCase(label)).toBe(expected);
  });
});
