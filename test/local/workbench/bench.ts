import type { Browser, Page } from 'playwright-core';
import { examplesIn } from '../../../local/demo/examples.ts';
import { startWorkbench, type Workbench } from '../../../local/workbench/workbench.ts';
import { openWorld, type WorldOptions } from '../../../local/workbench/world.ts';
import { openBrowser } from '../../../tools/pictures/browser.ts';

/** A workbench with its own HighLevel, relay and Zapier, and a browser before it. */
export interface Bench {
  workbench: Workbench;
  world: Awaited<ReturnType<typeof openWorld>>;
  browser: Browser;
  close(): Promise<void>;
}

/** Null, with a word, where no browser runs. */
export async function openBench(options: Partial<WorldOptions> = {}): Promise<Bench | null> {
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

/** A window of its own. @param isNew whether the person was never here, and is offered the tour */
export async function openPage({ browser, workbench }: Bench, path: string, isNew = false): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    colorScheme: 'light',
    reducedMotion: 'reduce',
  });
  if (!isNew) await context.addInitScript(() => localStorage.setItem('workbench-tour-seen', 'yes'));
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  await page.goto(`${workbench.url}${path}`);
  return page;
}
