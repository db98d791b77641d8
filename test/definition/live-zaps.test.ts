import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { createAppHandler } from 'zapier-platform-core';
import App from '../../index.ts';
import type { Definition } from './definition.ts';
import { liveZapsPage } from './live-zaps.ts';

const FILE = new URL('../../docs/live-zaps.md', import.meta.url);

describe('docs/live-zaps.md', () => {
  it('has a Zap for each operation (if not: RECORD_DEFINITION=1 npm run jest -- test/definition/live-zaps)', async () => {
    const answer = await createAppHandler(App)({ command: 'definition', calledFromCli: true });
    const definition = answer.results as Definition;
    const page = liveZapsPage(definition);
    if (process.env.RECORD_DEFINITION) writeFileSync(FILE, page);
    expect(readFileSync(FILE, 'utf8')).toBe(page);
  });
});
