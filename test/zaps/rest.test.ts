import { expect, it } from '@jest/globals';
import App from '../../index.ts';
import { startWorld } from '../../zaps/harness/world.ts';
import type { StoryZap } from '../../zaps/harness/zap.ts';

/** Carries what is added to one list over to the next. */
const carry = (from: string, to: string): StoryZap => ({
  startedBy: { app: 'Lists', things: from, when: 'made' },
  mostRequests: 0,
  zap: {
    name: `${from} → ${to}`,
    trigger: { kind: 'other', app: 'Lists', event: 'New Entry' },
    steps: [
      {
        id: 'entry',
        kind: 'other',
        app: 'Lists',
        action: 'Add Entry',
        does: 'create',
        things: to,
        input: { text: '{{trigger.text}}' },
      },
    ],
  },
});

it('a world is at rest only when what one Zap set off in others is done', async () => {
  // Against the order in which they are waited for.
  const world = await startWorld({ zaps: [carry('c', 'd'), carry('b', 'c'), carry('a', 'b')] }, { app: App });
  for (let count = 1; count <= 5; count += 1) {
    world.apps.add('Lists', 'a', { text: String(count) });
    await world.rest();
    expect(world.apps.records('Lists', 'd')).toHaveLength(count);
  }
  await world.close();
});

it('Zaps that set each other off for ever are found out', async () => {
  const world = await startWorld({ zaps: [carry('a', 'b'), carry('b', 'a')] }, { app: App });
  world.apps.add('Lists', 'a', { text: 'round' });
  await expect(world.rest()).rejects.toThrow('they set each other off');
  await world.close();
});
