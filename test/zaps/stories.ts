import { describe, expect, it } from '@jest/globals';
import App from '../../index.ts';
import { play } from '../../zaps/harness/play.ts';
import { stories } from '../../zaps/stories/index.ts';

/** Plays stories to the end, each a test: all that they promise must hold. */
export function playAll(...names: string[]): void {
  describe.each(names)('%s', (name) => {
    it('ends as promised', async () => {
      const story = stories.find((one) => one.name === name);
      if (!story) throw new Error(`There is no story "${name}".`);
      const { checks } = await play(story, { app: App });
      expect(checks.filter(({ fault }) => fault !== null)).toEqual([]);
      expect(checks.length).toBeGreaterThan(story.scenes.length);
    }, 120_000);
  });
}
