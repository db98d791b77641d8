/** `npm run pictures`: takes the pictures of the workbench that README and docs show, so that they never go stale. */
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { readFlags } from '../../local/command.ts';
import { examplesIn } from '../../local/demo/examples.ts';
import { startWorkbench } from '../../local/workbench/workbench.ts';
import { openWorld } from '../../local/workbench/world.ts';
import { openBrowser } from './browser.ts';
import { addStep, beginZap, connect, dragCard, fillTask, openRun, testNode, turnOn } from './drive.ts';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const PICTURES = join(ROOT, 'docs/pictures');

/** How long each picture of the story stays, in ms. */
const STAY_MS = 1800;
const STORY_WIDTH = 960;

readFlags(
  `npm run pictures
  Takes the pictures of the workbench that README and docs show, in a browser of its own, and writes them to
  docs/pictures. Takes about a minute.`,
  {},
);

const browser = await openBrowser();
if (!browser) process.exit(1);
await mkdir(PICTURES, { recursive: true });
const workbench = await startWorkbench();
const world = await openWorld(workbench, { appPath: join(ROOT, 'dist/index.js'), examples: examplesIn });
await workbench.built;

const frames: Buffer[] = [];
try {
  await tellStory(await open(1280, 800));
  await sharp(frames, { join: { animated: true } })
    .webp({ quality: 82, effort: 6, loop: 0, delay: frames.map(() => STAY_MS) })
    .toFile(join(PICTURES, 'story.webp'));
  console.log('story.webp');
  await photograph(await open(1440, 900, 'light'), '/highlevel', 'board');
  await photograph(await open(1440, 900, 'dark'), '/highlevel', 'board-dark');
  await photograph(await open(1440, 900), '/wire', 'wire');
  await photograph(await open(1440, 900), '/zaps', 'zaps');
  await photograph(await open(1440, 900), '/faults', 'faults');
  await photograph(await open(375, 812), '/highlevel', 'phone');
} finally {
  await browser.close();
  await workbench.close();
  await world.close();
}
console.log(`The pictures are in ${PICTURES}.`);
process.exit(0);

async function open(width: number, height: number, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
  const context = await browser?.newContext({
    viewport: { width, height },
    colorScheme,
    reducedMotion: 'reduce',
  });
  if (!context) throw new Error('The browser is gone.');
  await context.addInitScript(() => localStorage.setItem('workbench-tour-seen', 'yes'));
  const page = await context.newPage();
  await page.goto(workbench.url);
  return page;
}

/** From a board to a run, a picture each. */
async function tellStory(page: Page): Promise<void> {
  const frame = async () => {
    // What is said in passing would hide what is shown.
    await page.locator('.toast').last().waitFor({ state: 'detached' });
    frames.push(
      await sharp(await page.screenshot())
        .resize(STORY_WIDTH)
        .toBuffer(),
    );
  };
  await page.locator('.card').first().waitFor();
  await frame();
  await connect(page, frame);
  await beginZap(page, /^Opportunity Stage Changed \(Instant\)/);
  await frame();
  await addStep(page, /^Create Task/);
  await fillTask(page);
  await frame();
  await testNode(page);
  await page.getByRole('textbox', { name: 'Name of the Zap' }).fill('Card in negotiation → task');
  await turnOn(page);
  await frame();
  const name = await dragCard(page, 'Proposal Sent', 'Negotiation');
  await frame();
  await openRun(page, name);
  await frame();
  await page.getByRole('link', { name: 'Wire', exact: true }).click();
  await page.getByText('OpportunityStageUpdate').first().waitFor();
  await frame();
}

/** One page as it is, small enough to be committed. */
async function photograph(page: Page, path: string, name: string): Promise<void> {
  await page.goto(`${workbench.url}${path}`);
  await page.locator('.spinner').waitFor({ state: 'detached' });
  await page.locator('.card, .row, .tile').first().or(page.locator('.wire-row').first()).first().waitFor();
  await sharp(await page.screenshot())
    .png({ palette: true, effort: 10 })
    .toFile(join(PICTURES, `${name}.png`));
  console.log(`${name}.png`);
  await page.context().close();
}
