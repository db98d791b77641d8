import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import App from '../../index.ts';

/** README's tables of operations, which nobody keeps in step by hand. */
const FILE = new URL('../../README.md', import.meta.url);
const PLACE = /(<!-- operations -->\n).*(<!-- \/operations -->)/s;

interface Shown {
  key: string;
  display: { label: string; description: string; hidden?: boolean | undefined };
}

const SHELVES = { Trigger: App.triggers, Action: App.creates, Search: App.searches } as const;

function tables(): string {
  return Object.entries(SHELVES)
    .map(([title, shelf]) => {
      const rows = (Object.values(shelf) as Shown[])
        // An instant trigger is hidden only where no relay is set, as in this test.
        .filter(({ key, display }) => !display.hidden || key.endsWith('_instant'))
        .map(({ key, display }) => `| \`${key}\` | ${display.label} | ${display.description} |`);
      return `\n| ${title} | | |\n|---|---|---|\n${rows.join('\n')}\n`;
    })
    .join('');
}

describe('README.md', () => {
  it('lists every operation (if not: RECORD_DEFINITION=1 npm run jest -- test/definition/readme)', () => {
    const page = readFileSync(FILE, 'utf8');
    const inStep = page.replace(PLACE, (_, begin: string, end: string) => `${begin}${tables()}\n${end}`);
    expect(page).toMatch(PLACE);
    if (process.env.RECORD_DEFINITION) writeFileSync(FILE, inStep);
    expect(readFileSync(FILE, 'utf8')).toBe(inStep);
  });
});
