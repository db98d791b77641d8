import type { Browser, Page } from 'playwright-core';
import { examplesIn } from '../../../local/demo/examples.ts';
import { startWorkbench, type Workbench } from '../../../local/workbench/workbench.ts';
import { openWorld } from '../../../local/workbench/world.ts';
import { openBrowser } from '../../../tools/pictures/browser.ts';

/** A workbench with its own HighLevel, relay and Zapier, and a browser before it. */
export interface Bench {
  workbench: Workbench;
  world: Awaited<ReturnType<typeof openWorld>>;
  browser: Browser;
  close(): Promise<void>;
}

/** Null, with a word, where no browser runs. */
export async function openBench(options: { opportunities?: number } = {}): Promise<Bench | null> {
  const browser = await openBrowser();
  if (!browser) return null;
  const workbench = await startWorkbench();
  const world = await openWorld(workbench, { appPath: 'dist/index.js', examples: examplesIn, ...options });
  await workbench.built;
  return {
    workbench,
    world,
    browser,
    async close() {
      await browser.close();
      await workbench.close();
      await world.close();
    },
  };
}

/** A window of its own, in which nobody asks about the tour. */
export async function openPage({ browser, workbench }: Bench, path: string): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    colorScheme: 'light',
    reducedMotion: 'reduce',
  });
  await context.addInitScript(() => localStorage.setItem('workbench-tour-seen', 'yes'));
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  await page.goto(`${workbench.url}${path}`);
  return page;
}
