import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Frame, FrameLocator, Page } from 'playwright-core';
import { openPool } from '../../../relay/store/db.ts';
import { beginZap, connect, dragCard, turnOn } from '../../../tools/pictures/drive.ts';
import { embeddedUrl } from '../../relay/support/relay.ts';
import { violations } from './axe.ts';
import { type Bench, openBench, openPage } from './bench.ts';

/** The relay's page for its operator, within the workbench. */
let bench: Bench | null;
let page: Page;
let inside: FrameLocator;
beforeAll(async () => {
  bench = await openBench();
  if (!bench) return;
  page = await openPage(bench, '/');
  await connect(page);
  await beginZap(page, /^Opportunity Stage Changed \(Instant\)/);
  await turnOn(page);
}, 90_000);
afterAll(() => bench?.close());

/** @throws Error where it is not shown */
function framed(): Frame {
  const found = page.frames().find((one) => one.url().includes('/operator/'));
  if (!found) throw new Error('The relay’s page is not shown.');
  return found;
}

/** Opens one of its lists by keyboard. */
async function list(name: string): Promise<void> {
  await inside.getByRole('link', { name }).focus();
  await page.keyboard.press('Enter');
  await inside.locator(`nav a[aria-current]`, { hasText: name }).waitFor();
}

test('it shows what is subscribed, what waits and what was given up, and sends it again, by keyboard alone', async () => {
  if (!bench) return;
  const { sandbox, relay } = bench.world;
  if (!relay) throw new Error('No relay runs here.');
  // A Zap whose hook Zapier does not know, so that all that is sent there fails.
  const answer = await fetch(`${relay.url}/subscriptions`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${sandbox.mintToken().accessToken}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({
      locationId: sandbox.locationId,
      event: 'stage_changed',
      targetUrl: `http://127.0.0.1:${relay.hookPort}/hooks/standard/unknown/`,
    }),
  });
  expect(answer.status).toBe(201);

  const name = await dragCard(page, 'Proposal Sent', 'Negotiation');
  const about = [...sandbox.state.opportunities.values()].find((one) => one.name === name)?.id;
  await page.getByRole('link', { name: 'Wire', exact: true }).click();
  await page.getByRole('link', { name: 'The relay’s own page' }).click();
  inside = page.frameLocator('iframe');
  await inside
    .getByRole('row', { name: /stage_changed/ })
    .nth(1)
    .waitFor();

  await list('What waits');
  await inside.getByText(/status 404, \d (try|tries)/).waitFor();

  // It is given up after a day; here the day has passed.
  const pool = openPool(
    embeddedUrl(join(tmpdir(), `highlevel-local-relay-${process.pid}-${relay.hookPort}`)),
    () => undefined,
  );
  await pool.db.query(`update relay.deliveries set created_at = now() - interval '25 hours', due_at = now()`);
  await pool.close();
  const again = inside.getByRole('button', { name: `Send again: stage_changed of ${about}` });
  await expectSoon(async () => {
    await list('Given up');
    await inside.getByRole('button', { name: 'Refresh' }).press('Enter');
    await again.waitFor({ timeout: 1_000 });
  });
  expect([...(await violations(page)), ...(await violations(framed()))]).toEqual([]);
  await again.focus();
  await page.keyboard.press('Enter');
  await inside.getByText('It is on its way again.').waitFor();
  await inside.getByText('No delivery was given up in the last 14 days.').waitFor();
  await list('What waits');
  await inside.getByText(/status 404, \d (try|tries)/).waitFor();
}, 60_000);

test('it comes open, keeps its token out of every address, follows the theme, and fits in a phone', async () => {
  if (!bench) return;
  expect(framed().url()).not.toContain('token');
  expect(page.url()).not.toContain('token');
  const ground = () => framed().evaluate<string>('getComputedStyle(document.body).backgroundColor');
  // The browser in which a test sets the colours shows them in every frame.
  await page.emulateMedia({ colorScheme: null });
  const light = await ground();
  await page.getByRole('button', { name: 'Switches and colours' }).click();
  await page.getByRole('button', { name: /Colours/ }).click();
  await page.getByRole('option', { name: 'Dark' }).click();
  await page.keyboard.press('Escape');
  expect(await ground()).not.toBe(light);
  expect(await violations(framed(), ['color-contrast'])).toEqual([]);
  await page.setViewportSize({ width: 375, height: 812 });
  const overflow = 'document.documentElement.scrollWidth - window.innerWidth';
  expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0);
  expect(await framed().evaluate(overflow)).toBeLessThanOrEqual(0);
}, 60_000);

/** Tries until it works, for five seconds. */
async function expectSoon(attempt: () => Promise<void>): Promise<void> {
  for (let left = 5; ; left -= 1) {
    try {
      return await attempt();
    } catch (error) {
      if (left === 0) throw error;
    }
  }
}
