/** The matrix in figures: `CONTRARY_TABLE=1 npm run jest -- test/contrary` prints it. */

import { OUTCOMES, type Outcome } from './verdict.ts';

const cells: { key: string; answer: string; outcome: Outcome }[] = [];

export function note(key: string, answer: string, outcome: Outcome): void {
  cells.push({ key, answer, outcome });
}

/** Prints how many cells came out how, by operation and by answer, where it is asked for. */
export function printTable(title: string): void {
  if (process.env.CONTRARY_TABLE) {
    process.stdout.write(`\n${table(title, 'key')}\n\n${table(title, 'answer')}\n`);
  }
  cells.length = 0;
}

function table(title: string, by: 'key' | 'answer'): string {
  const names = [...new Set(cells.map((cell) => cell[by]))];
  const count = (name: string | null, outcome: Outcome) =>
    cells.filter((cell) => (name === null || cell[by] === name) && cell.outcome === outcome).length;
  const line = (name: string | null) =>
    `| ${name ?? `all ${cells.length}`} | ${OUTCOMES.map((outcome) => count(name, outcome) || '').join(' | ')} |`;
  return [
    `| ${title} | ${OUTCOMES.join(' | ')} |`,
    `|---|${OUTCOMES.map(() => '---:|').join('')}`,
    ...names.map(line),
    line(null),
  ].join('\n');
}
