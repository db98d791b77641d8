import { describe, expect, it } from '@jest/globals';
import { facts, marks, marksIn, outOfStep } from './marks.ts';

describe('the evidence', () => {
  it('lists every fact that is marked in the code, and no other', () => {
    expect(outOfStep(marks(), facts())).toEqual([]);
    expect(facts().length).toBeGreaterThan(100);
  });

  const FACT = { fact: 'Ids are short.', kinds: ['spec'], files: ['a.ts'] };

  it('notices a mark without a row, and a row without its mark', () => {
    expect(outOfStep(marksIn('a.ts', '// Short. [spec]'), [FACT])).toEqual([]);
    expect(outOfStep(marksIn('a.ts', '/** Short. [spec]\n * Long. [assumed] */'), [FACT])).toEqual([
      'a.ts:2 is marked [assumed], and no row of docs/evidence.md known by assumed names the file. Add the fact, or the file to its row.',
    ]);
    expect(outOfStep([], [FACT])).toEqual([
      'docs/evidence.md: "Ids are short." names a.ts, where nothing is marked spec any more.',
      'docs/evidence.md: "Ids are short." is said to be known by spec, and none of its files is marked so.',
    ]);
  });

  it('reads marks in comments alone, broken over lines, of two kinds, and refuses other spellings', () => {
    const source =
      'const a = [source]; // [docs: a page; assumed: the rest]\n/**\n * Seen. [measured by\n * others]\n */';
    expect(marksIn('a.ts', source)).toEqual([
      { file: 'a.ts', line: 1, kind: 'docs' },
      { file: 'a.ts', line: 1, kind: 'assumed' },
      { file: 'a.ts', line: 3, kind: 'measured by others' },
    ]);
    expect(outOfStep(marksIn('a.ts', '// [3P]'), [])[0]).toMatch(
      /^a\.ts:1: \[3P\] is no mark; take one of spec,/,
    );
  });
});
