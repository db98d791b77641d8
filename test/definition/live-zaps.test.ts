import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { createAppHandler } from 'zapier-platform-core';
import App from '../../index.ts';
import { type Definition, operationsOf } from './definition.ts';
import { CHECKED, liveZapsPage } from './live-zaps.ts';

const FILE = new URL('../../docs/live-zaps.md', import.meta.url);

describe('docs/live-zaps.md', () => {
  it('has a Zap for each operation (if not: RECORD_DEFINITION=1 npm run jest -- test/definition/live-zaps)', async () => {
    const answer = await createAppHandler(App)({ command: 'definition', calledFromCli: true });
    const definition = answer.results as Definition;
    const shown = operationsOf(definition)
      .filter(({ mapKey, display }) => !display.hidden || mapKey.endsWith('_instant'))
      .map(({ mapKey }) => mapKey);
    expect(CHECKED.toSorted()).toEqual(shown.toSorted());
    const page = liveZapsPage(definition);
    if (process.env.RECORD_DEFINITION) writeFileSync(FILE, page);
    expect(readFileSync(FILE, 'utf8')).toBe(page);
  });
});
