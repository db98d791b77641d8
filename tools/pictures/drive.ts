/** What a person does on the workbench, for pictures and for tests. */

import type { Locator, Page } from 'playwright-core';

/** Signs in through HighLevel's own consent page. @param before is called while that page is open */
export async function connect(page: Page, before: () => Promise<unknown> = async () => {}): Promise<void> {
  await page.goto(new URL('/connect', page.url()).href);
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await page.getByRole('button', { name: 'Allow access' }).waitFor();
  await before();
  await page.getByRole('button', { name: 'Allow access' }).click();
  await page.getByText('Connected:').waitFor();
}

/** Chooses from a field's dropdown. */
export async function choose(page: Page, field: string, option: string | RegExp): Promise<void> {
  await page.getByRole('button', { name: new RegExp(`^${field} `) }).click();
  const exact = typeof option === 'string';
  await page.getByRole('option', { name: option, exact }).click();
}

/** What an open list offers. What it says while it has nothing yet counts as an option to the browser, and is none. */
export function options(page: Page): Locator {
  return page.locator('[role="option"][data-key]');
}

/** Types into a field of a step. */
export async function fill(page: Page, field: string, text: string): Promise<void> {
  await page.getByRole('textbox', { name: new RegExp(`^${field}`) }).click();
  await page.keyboard.type(text);
}

/** Maps a value of an earlier step into a field. */
export async function map(page: Page, field: string, value: string): Promise<void> {
  await page.getByRole('button', { name: `Map a value into ${field}`, exact: true }).click();
  await page
    .getByRole('option', { name: new RegExp(`^${value}`) })
    .first()
    .click();
}

/** Tests the node that is shown, and gives what is said of it. */
export async function testNode(page: Page): Promise<string> {
  await page.getByRole('tab', { name: 'Test' }).click();
  const button = page.getByRole('button', { name: /^Test/ });
  await button.waitFor();
  const results = page.locator('.result');
  const before = (await results.count()) > 0 ? await results.getAttribute('data-at') : '';
  await button.click();
  const fresh = page.locator(`.result:not([data-at="${before}"])`);
  await fresh.waitFor({ timeout: 30_000 });
  await page.getByRole('button', { name: 'Test again' }).waitFor();
  return fresh.innerText();
}

/** Begins a Zap with a trigger of the pipeline "Sales", and tests the trigger. */
export async function beginZap(page: Page, trigger: RegExp): Promise<void> {
  await page.goto(new URL('/zaps', page.url()).href);
  await page.getByRole('button', { name: 'New Zap' }).click();
  await page.getByRole('option', { name: trigger }).click();
  await choose(page, 'Pipeline', 'Sales');
  if (trigger.source.includes('Stage')) await choose(page, 'Moved to Stage', 'Negotiation');
  await testNode(page);
}

/** Adds an action, shown to be filled in. */
export async function addStep(page: Page, action: RegExp): Promise<void> {
  await page.getByRole('button', { name: 'Add a step' }).click();
  await page.getByRole('option', { name: action }).click();
}

/** Fills in a task about the opportunity of the trigger. */
export async function fillTask(page: Page): Promise<void> {
  await fill(page, 'Title', 'Call about ');
  await map(page, 'Title', 'Opportunity Name');
  await page.getByRole('button', { name: 'Type or map Opportunity' }).click();
  await map(page, 'Opportunity', 'Opportunity ID');
  await fill(page, 'Due Date', '2026-12-01 09:00');
}

/** Turns the Zap that is shown on. */
export async function turnOn(page: Page): Promise<void> {
  await page.locator('.node h2').waitFor();
  await page.getByRole('switch').press('Space');
  await page.getByText('The Zap is on.').waitFor();
}

/** Drags the first card of one stage to another. Gives its name. */
export async function dragCard(page: Page, from: string, to: string): Promise<string> {
  await page.getByRole('link', { name: 'HighLevel', exact: true }).click();
  const card = page.getByRole('grid', { name: from }).locator('.card').first();
  const name = await card.locator('.card-name').innerText();
  await card.dragTo(page.getByRole('grid', { name: to }));
  await page.getByText(`${name} is now in ${to}.`).first().waitFor();
  return name;
}

/** Opens the run about a record, once it has ended. */
export async function openRun(page: Page, name: string): Promise<void> {
  await page.getByRole('link', { name: 'Runs', exact: true }).click();
  await page.getByRole('link', { name, exact: true }).first().click();
  await page.getByText('Success').first().waitFor();
}
