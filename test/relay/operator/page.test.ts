import { afterAll, beforeAll, expect, test } from '@jest/globals';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../../../tools/pictures/browser.ts';
import { ADMIN_TOKEN } from '../support/relay.ts';
import { type Setup, startSetup } from '../support/setup.ts';

let setup: Setup;
let browser: Browser | null;

beforeAll(async () => {
  browser = await openBrowser();
  setup = await startSetup();
});

afterAll(async () => {
  await browser?.close();
  await setup.close();
});

/** The page in a browser of its own; what it asks for, and what goes wrong in it. */
async function openPage(
  hash = `#token=${ADMIN_TOKEN}`,
  look: { width?: number; colorScheme?: 'light' | 'dark' } = {},
): Promise<{ page: Page; asked: string[]; wrong: string[] } | null> {
  if (!browser) return null;
  const context = await browser.newContext({
    viewport: { width: look.width ?? 1280, height: 800 },
    colorScheme: look.colorScheme ?? 'light',
  });
  const page = await context.newPage();
  const asked: string[] = [];
  const wrong: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('pageerror', (error) => wrong.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('401')) wrong.push(message.text());
  });
  await page.goto(`${setup.relay.url}/operator/${hash}`);
  return { page, asked, wrong };
}

/** Changes of a value that a Zap's hook refuses until they are given up. */
async function deadDelivery(hook: string): Promise<{ subscription: string; opportunity: string }> {
  const subscription = await setup.subscribe('value_changed', hook);
  setup.sink.always(hook, { status: 404 });
  const opportunity = await setup.newOpportunity();
  await setup.change(opportunity, { monetaryValue: 5 });
  await setup.settled();
  return { subscription, opportunity };
}

test('asks for the token, says when it is wrong, and keeps it out of the address', async () => {
  const opened = await openPage('');
  if (!opened) return;
  const { page, asked } = opened;
  const field = page.getByLabel('RELAY_ADMIN_TOKEN');
  await field.fill('a-wrong-token-of-somebody');
  await page.keyboard.press('Enter');
  await page.getByText('The relay does not take this token.').waitFor();
  await field.fill(ADMIN_TOKEN);
  await page.getByRole('button', { name: 'Open' }).click();
  await page.getByText('Deliveries that wait').waitFor();
  await page.reload();
  await page.getByText('Deliveries that wait').waitFor();
  expect(page.url()).toBe(`${setup.relay.url}/operator/`);
  await page.getByRole('button', { name: 'Forget the token' }).click();
  await field.waitFor();
  await page.reload();
  await field.waitFor();
  expect(asked.filter((url) => !url.startsWith(setup.relay.url))).toEqual([]);

  const linked = await openPage();
  await linked?.page.getByText('Deliveries that wait').waitFor();
  expect(linked?.page.url()).not.toContain(ADMIN_TOKEN);
});

test('shows what runs, what waits and why, and sends what was given up again, by keyboard alone', async () => {
  const { subscription, opportunity } = await deadDelivery('dead');
  const waiting = await setup.subscribe('value_changed', 'waiting');
  setup.sink.always('waiting', { status: 429, headers: { 'retry-after': '1' } });
  await setup.change(opportunity, { monetaryValue: 6 });
  const opened = await openPage();
  if (!opened) return;
  const { page, wrong } = opened;
  await page
    .getByRole('row', { name: /value_changed/ })
    .first()
    .waitFor();
  expect(await page.getByRole('row').count()).toBe(3);

  await page.getByRole('link', { name: 'What waits' }).focus();
  await page.keyboard.press('Enter');
  await page.getByText('status 429: asked to wait').waitFor();

  await page.getByRole('link', { name: 'Given up' }).focus();
  await page.keyboard.press('Enter');
  await page
    .getByRole('cell', { name: /status 404, 4 tries/ })
    .first()
    .waitFor();
  setup.sink.always('dead', { status: 200 });
  const before = setup.sink.received('dead').length;
  await page
    .getByRole('button', { name: `Send again: value_changed of ${opportunity}` })
    .first()
    .focus();
  await page.keyboard.press('Enter');
  await page.getByText('It is on its way again.').waitFor();
  await setup.sink.until('dead', before + 1);

  await page.getByRole('link', { name: 'Subscriptions' }).focus();
  await page.keyboard.press('Enter');
  const end = page.getByRole('button', { name: /^End/ });
  await end.first().focus();
  await page.keyboard.press('Enter');
  await page.getByText('End this subscription?').waitFor();
  await page.keyboard.press('Escape');
  expect(await end.count()).toBe(2);
  await end.first().focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'End it' }).focus();
  await page.keyboard.press('Enter');
  await page.getByText('Ended.', { exact: true }).waitFor();
  expect(await end.count()).toBe(1);
  expect(wrong).toEqual([]);
  for (const id of [subscription, waiting]) await setup.unsubscribe(id);
});

test('a question that is asked again at once is answered by its own buttons', async () => {
  await setup.subscribe('value_changed', 'asked-twice');
  const opened = await openPage();
  if (!opened) return;
  const { page } = opened;
  const end = page.getByRole('button', { name: /^End/ });
  await end.first().click();
  await page.evaluate(
    `document.querySelector('dialog').close(); document.querySelector('button[aria-label^="End"]').click();`,
  );
  await page.getByRole('button', { name: 'End it' }).click();
  await page.getByText('Ended.', { exact: true }).waitFor();
  expect(await end.count()).toBe(0);
});

test.each([
  ['light', 1280],
  ['dark', 1280],
  ['light', 375],
  ['dark', 375],
] as const)('passes axe and is no wider than its window: %s, %i px', async (colorScheme, width) => {
  const { subscription } = await deadDelivery(`axe-${colorScheme}-${width}`);
  const opened = await openPage(undefined, { colorScheme, width });
  if (!opened) return;
  const { page } = opened;
  const look = async () => {
    await page.evaluate(axe.source);
    const found = await page.evaluate(async () => {
      const { axe: inPage } = globalThis as unknown as { axe: typeof axe };
      const { violations } = await inPage.run();
      return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
    });
    expect(found).toEqual([]);
    expect(
      await page.evaluate('document.documentElement.scrollWidth - window.innerWidth'),
    ).toBeLessThanOrEqual(0);
  };
  for (const list of ['Subscriptions', 'What waits', 'Given up']) {
    await page.getByRole('link', { name: list }).click();
    await page.locator(`nav a[aria-current]:text-is("${list}")`).waitFor();
    await page.waitForLoadState('networkidle');
    await look();
  }
  await page
    .getByRole('button', { name: /^Send again/ })
    .first()
    .waitFor();
  await page.getByRole('button', { name: 'Forget the token' }).click();
  await look();
  await setup.unsubscribe(subscription);
});

test('the page may be framed by this machine alone, and loads nothing from outside', async () => {
  const answer = await fetch(`${setup.relay.url}/operator/`);
  expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
  const policy = answer.headers.get('content-security-policy');
  expect(policy).toContain("default-src 'none'; script-src 'self'");
  expect(policy).toContain("frame-ancestors 'self' http://127.0.0.1:* http://localhost:*");
  expect((await fetch(`${setup.relay.url}/operator`)).url).toBe(`${setup.relay.url}/operator/`);
});
