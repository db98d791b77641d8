/** The marks in comments that say how a fact is known, and the table of facts in docs/evidence.md. */

import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const KINDS = [
  'spec',
  'recorded',
  'docs',
  'issue',
  'measured by others',
  'source',
  'run',
  'conflict',
  'assumed',
  'live',
] as const;

export interface Mark {
  file: string;
  line: number;
  /** The kind, or what stands in a kind's place and is none. */
  kind: string;
}

export interface Fact {
  fact: string;
  kinds: string[];
  files: string[];
}

const ROOT = join(import.meta.dirname, '../..');
const ROOMS = [
  'authentication',
  'highlevel',
  'fields',
  'triggers',
  'creates',
  'searches',
  'wire',
  'relay-client',
  'relay',
  'local',
];
const FILES = ['app.ts', 'index.ts', 'index.private-token.ts'];

const COMMENT = /\/\*[\s\S]*?\*\/|(?:^|\s)\/\/.*/gm;
/** What is a mark, or was meant to be one: other spellings of the kinds have been about. */
const BRACKETS =
  /\[((?:spec|rec(?:orded)?|docs?|issues?|measured|source|run|conflict|assumed|live|3p|inf)\b[^[\]]*)\]/gi;

export function marks(): Mark[] {
  const sources = ROOMS.flatMap((room) => sourcesIn(join(ROOT, room)));
  return [...FILES, ...sources].flatMap((file) => marksIn(file, readFileSync(join(ROOT, file), 'utf8')));
}

function sourcesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.name === 'node_modules') return [];
    if (entry.isDirectory()) return sourcesIn(path);
    return path.endsWith('.ts') ? [relative(ROOT, path)] : [];
  });
}

/** `[spec; assumed: the rest]` is a mark of two kinds. */
export function marksIn(file: string, source: string): Mark[] {
  return [...source.matchAll(COMMENT)].flatMap((comment) => {
    // A mark can be broken over two lines.
    const text = comment[0].replace(/\n\s*(\*|\/\/)?/g, (end) => `\n${' '.repeat(end.length - 1)}`);
    return [...text.matchAll(BRACKETS)].flatMap((found) => {
      const line = source.slice(0, comment.index + found.index).split('\n').length;
      const parts = (found[1] ?? '').replace(/\s+/g, ' ').split(/; ?/);
      return parts.map((part) => ({ file, line, kind: kindOf(part) }));
    });
  });
}

function kindOf(part: string): string {
  return KINDS.find((kind) => part.startsWith(kind) && /^$|^[ :,]/.test(part.slice(kind.length))) ?? part;
}

export function facts(): Fact[] {
  const table = readFileSync(join(ROOT, 'docs/evidence.md'), 'utf8');
  return table
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter(({ length, 1: fact, 3: where }) => length === 5 && fact !== 'fact' && where?.startsWith('`'))
    .map(([, fact = '', kinds = '', files = '']) => ({
      fact,
      kinds: kinds.split(/; ?/),
      files: [...files.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file),
    }));
}

/** Where marks and facts are out of step, each in a sentence. */
export function outOfStep(marks: Mark[], facts: Fact[]): string[] {
  const has = (file: string, kind: string) => marks.some((mark) => mark.file === file && mark.kind === kind);
  const told = (file: string, kind: string) =>
    facts.some(({ files, kinds }) => files.includes(file) && kinds.includes(kind));
  const spelled = marks.filter(({ kind }) => !KINDS.some((known) => known === kind));
  const known = marks.filter(({ kind }) => KINDS.some((one) => one === kind));
  const sentences = [
    ...spelled.map(
      ({ file, line, kind }) => `${file}:${line}: [${kind}] is no mark; take one of ${KINDS.join(', ')}.`,
    ),
    ...known
      .filter(({ file, kind }) => !told(file, kind))
      .map(
        ({ file, line, kind }) =>
          `${file}:${line} is marked [${kind}], and no row of docs/evidence.md known by ${kind} names the file. Add the fact, or the file to its row.`,
      ),
    ...facts.flatMap(({ fact, files, kinds }) => [
      ...files
        .filter((file) => !kinds.some((kind) => has(file, kind)))
        .map(
          (file) =>
            `docs/evidence.md: "${fact}" names ${file}, where nothing is marked ${kinds.join(' or ')} any more.`,
        ),
      ...kinds
        .filter((kind) => !files.some((file) => has(file, kind)))
        .map(
          (kind) =>
            `docs/evidence.md: "${fact}" is said to be known by ${kind}, and none of its files is marked so.`,
        ),
    ]),
  ];
  return [...new Set(sentences)];
}
