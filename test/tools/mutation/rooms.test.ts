import { globSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ROOMS } from '../../../tools/mutation/rooms.ts';

describe('the rooms of the mutation testing', () => {
  it('have every file of the app’s core, and each once', () => {
    const wanted = globSync('{authentication,highlevel,fields,triggers,creates,searches,wire}/**/*.ts');
    const files = ROOMS.flatMap(({ code }) => globSync(code));
    expect(files.filter((file) => !file.startsWith('relay')).sort()).toEqual(wanted.sort());
  });

  it.each(
    ROOMS.map((room) => [room.name, room.tests]),
  )('%s: has tests, and every one it names is there', (_name, tests) => {
    expect(tests.length).toBeGreaterThan(0);
    for (const one of tests) expect([one, globSync(`test/${one}.test.ts`).length]).not.toEqual([one, 0]);
  });
});
