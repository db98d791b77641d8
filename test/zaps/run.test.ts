import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify, stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import App from '../../index.ts';
import { play } from '../../zaps/harness/play.ts';
import { table } from '../../zaps/harness/report.ts';
import type { Story } from '../../zaps/harness/story.ts';
import { stories } from '../../zaps/stories/index.ts';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const run = (...names: string[]) =>
  promisify(execFile)(process.execPath, [join(ROOT, 'zaps/run.ts'), ...names], { cwd: ROOT });

describe('npm run zap', () => {
  it('tells what happens, what holds, and what it cost', async () => {
    const { stdout } = await run('lost-opportunity-sheet');
    const told = stripVTControlCharacters(stdout);
    expect(told).toMatch(/One is opened again, and lost for another reason\n/);
    expect(told).toMatch(/done +fill: Google Sheets: Update Spreadsheet Row/);
    expect(told).toMatch(/✓ Its row says so, and there is no other/);
    expect(told).toMatch(/Lost opportunity → sheet +3 +0 +\d+ +0 +0 of 0 +6\n/);
    expect(told).toMatch(/All 3 promises of 1 story hold\.\n$/);
  }, 60_000);

  it('names the Zaps that there are where it is given none, or another', async () => {
    await expect(run('nothing-of-this-name')).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /There is no "nothing-of-this-name"\.[\s\S]*accessally-lead +AccessAlly lead/,
      ),
    });
  }, 60_000);
});

describe('npm run zap -- --auth=private-token', () => {
  it('plays a story on that build, whose only connection is such a token', async () => {
    const { stdout } = await run('--auth=private-token', 'webhook-lead');
    expect(stdout).not.toContain('✗');
    expect(stdout).toMatch(/All \d+ promises of 1 story hold\.\n$/);
  }, 60_000);

  it('plays no story with instant triggers, and says why', async () => {
    await expect(run('--auth=private-token', 'webhook-lead', 'task-done-stage')).rejects.toMatchObject({
      code: 2,
      stderr:
        '--auth private-token: HighLevel sends no webhooks for such a token, and task-done-stage needs them, for instant triggers.\n',
    });
  }, 60_000);

  it('is in the usage, and refuses another build', async () => {
    expect((await run('--help')).stdout).toMatch(/--auth WAY +the build to use: oauth or private-token/);
    await expect(run('--auth=password', 'webhook-lead')).rejects.toMatchObject({
      code: 2,
      stderr: '--auth password: there is no such build. There are: oauth, private-token.\n',
    });
  }, 60_000);
});

describe('a story that does not come out', () => {
  it('says which promises do not hold, and why, and is played to its end', async () => {
    const [first] = stories.filter(({ name }) => name === 'lost-opportunity-sheet');
    const story: Story = {
      ...(first as Story),
      zaps: (first?.zaps ?? []).map((zap) => ({ ...zap, mostRequests: -1 })),
      scenes: [
        {
          says: 'Nothing',
          act: async () => undefined,
          holds: {
            'It fails': () => {
              throw new Error('as told');
            },
          },
        },
        { says: 'More', act: async () => undefined, holds: { 'It holds': () => undefined } },
      ],
    };
    const outcome = await play(story, { app: App });
    expect(outcome.checks).toEqual([
      { says: 'It fails', fault: 'as told' },
      { says: 'It holds', fault: null },
      { says: '"Lost opportunity → sheet" makes at most -1 requests in one run', fault: 'One run made 0.' },
    ]);
    expect(table([outcome])).toMatch(/^Zap +Runs .*\nLost opportunity → sheet +0 /);
  });
});
