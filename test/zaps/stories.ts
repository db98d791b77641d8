import { describe, expect, it } from '@jest/globals';
import App from '../../index.ts';
import { play } from '../../zaps/harness/play.ts';
import { stories } from '../../zaps/stories/index.ts';

/** How Zapier may be set up where the Zaps run. */
const SETUPS = [
  { timezone: 'America/Chicago', autoreplay: 'off' },
  { timezone: 'Australia/Sydney', autoreplay: 'errored' },
] as const;

/** Plays stories to the end, each a test in two zones, once with replay: all that they promise must hold. */
export function playAll(...names: string[]): void {
  describe.each(names)('%s', (name) => {
    it.each(SETUPS)('ends as promised in $timezone, with replay $autoreplay', async (setup) => {
      const story = stories.find((one) => one.name === name);
      if (!story) throw new Error(`There is no story "${name}".`);
      const { checks } = await play(story, { app: App }, setup);
      expect(checks.filter(({ fault }) => fault !== null)).toEqual([]);
      expect(checks.length).toBeGreaterThan(story.scenes.length);
    }, 120_000);
  });
}
