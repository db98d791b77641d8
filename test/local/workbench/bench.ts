import type { Browser, Page } from 'playwright-core';
import type { Workbench } from '../../../local/workbench/workbench.ts';
import { startWorkbench } from '../../../local/workbench/workbench.ts';
import { openWorld } from '../../../local/workbench/world.ts';
import { openBrowser } from './browser.ts';

type World = Awaited<ReturnType<typeof openWorld>>;

/** A workbench with its own HighLevel, relay and Zapier, and a browser before it. */
export interface Bench {
  workbench: Workbench;
  world: World;
  browser: Browser;
  close(): Promise<void>;
}

/** Null, with a word, where no browser runs. */
export async function openBench(): Promise<Bench | null> {
  const browser = await openBrowser();
  if (!browser) return null;
  const workbench = await startWorkbench();
  const world = await openWorld(workbench, { appPath: 'dist/index.js' });
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
export async function openPage(
  { browser, workbench }: Bench,
  path: string,
  options: { width?: number; height?: number; colorScheme?: 'light' | 'dark' } = {},
): Promise<Page> {
  const { width = 1440, height = 900, colorScheme = 'light' } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme,
    reducedMotion: 'reduce',
  });
  await context.addInitScript(() => localStorage.setItem('workbench-tour-seen', 'yes'));
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  await page.goto(`${workbench.url}${path}`);
  return page;
}

/** Signs in through HighLevel's own consent page. */
export async function connect(page: Page): Promise<void> {
  await page.goto(new URL('/connect', page.url()).href);
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await page.getByRole('button', { name: 'Allow access' }).click();
  await page.getByText('Connected:').waitFor();
}

/** Chooses from a field's dropdown. */
async function choose(page: Page, field: string, option: string | RegExp): Promise<void> {
  await page.getByRole('button', { name: new RegExp(`^${field} `) }).click();
  await page
    .getByRole('option', { name: option, ...(typeof option === 'string' ? { exact: true } : {}) })
    .click();
}

/** Types into a field of a step. */
async function fill(page: Page, field: string, text: string): Promise<void> {
  await page.getByRole('textbox', { name: new RegExp(`^${field}`) }).click();
  await page.keyboard.type(text);
}

/** Maps a value of an earlier step into a field. */
async function map(page: Page, field: string, value: string): Promise<void> {
  await page.getByRole('button', { name: `Map a value into ${field}`, exact: true }).click();
  await page
    .getByRole('option', { name: new RegExp(`^${value}`) })
    .first()
    .click();
}

/** Tests the node that is shown, and waits for what it gives. */
export async function testNode(page: Page): Promise<string> {
  await page.getByRole('tab', { name: 'Test' }).click();
  await page.getByRole('button', { name: /^Test/ }).click();
  await page.getByRole('button', { name: 'Test again', disabled: false }).waitFor();
  return page.locator('.result').innerText();
}

/** Builds a Zap: a card that comes to Negotiation becomes a task. */
export async function buildTaskZap(page: Page, trigger: RegExp): Promise<void> {
  await page.goto(new URL('/zaps', page.url()).href);
  await page.getByRole('button', { name: 'New Zap' }).click();
  await page.getByRole('option', { name: trigger }).click();
  await choose(page, 'Pipeline', 'Sales');
  if (trigger.source.includes('Stage')) await choose(page, 'Moved to Stage', 'Negotiation');
  await testNode(page);
  await page.getByRole('button', { name: 'Add a step' }).click();
  await page.getByRole('option', { name: /^Create Task/ }).click();
  await fill(page, 'Title', 'Call about ');
  await map(page, 'Title', 'Opportunity Name');
  await page.getByRole('button', { name: 'Type or map Opportunity' }).click();
  await map(page, 'Opportunity', 'Opportunity ID');
  await fill(page, 'Due Date', '2026-12-01 09:00');
}
