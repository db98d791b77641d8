import { setTimeout } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import {
  addStep,
  beginZap,
  choose,
  fill,
  map,
  options,
  testNode,
  turnOn,
} from '../../../tools/pictures/drive.ts';
import { violations } from './axe.ts';
import { type Bench, openBench, openPage } from './bench.ts';

/** The editor and its switches, with the build that connects by a private integration token. */
let bench: Bench | null;
let page: Page;
beforeAll(async () => {
  bench = await openBench({ appPath: 'dist/index.private-token.js' });
  if (!bench) return;
  const { sandbox } = bench.world;
  sandbox.setLocation(sandbox.locationId, { allowDuplicateOpportunity: true });
  page = await openPage(bench, '/connect');
}, 90_000);
afterAll(() => bench?.close());

function inBrowser(name: string, run: (bench: Bench) => Promise<void>): void {
  test(name, async () => bench && run(bench), 60_000);
}

/** What the steps of the tour mark. */
const MARKS = ['board', 'connect', 'new-zap', 'nav/zaps', 'board', 'runs'];

async function expectMarked(on: Page, mark: string): Promise<void> {
  await on.locator(`[data-tour="${mark}"]`).waitFor();
  const outline = `getComputedStyle(document.querySelector('[data-tour="${mark}"]')).outlineStyle`;
  expect(await on.evaluate(outline)).toBe('solid');
}

const settings = () => page.getByRole('dialog', { name: 'Switches and colours' });

/** Turns a switch for all Zaps. */
async function flip(name: string): Promise<void> {
  await page.getByRole('button', { name: 'Switches and colours' }).click();
  await settings().getByRole('switch', { name }).press('Space');
  await page.keyboard.press('Escape');
  await settings().waitFor({ state: 'detached' });
}

inBrowser('a private token connects: a wrong one is refused in words, and none is shown', async (bench) => {
  const token = page.locator('input[type=password]');
  await page.getByLabel('Sub-Account ID').fill(bench.world.sandbox.locationId);
  await token.fill('pit-of somebody');
  await page.getByRole('button', { name: 'Connect', exact: true }).press('Enter');
  await page.getByRole('alert').getByText('there is a space or a line break in it').waitFor();
  await page.getByRole('button', { name: 'Make a token in HighLevel and fill it in' }).press('Enter');
  await page.waitForFunction('document.querySelector("input[type=password]").value !== "pit-of somebody"');
  await page.getByRole('button', { name: 'Connect', exact: true }).press('Enter');
  await page.getByText('Connected:').waitFor();
  expect(await token.inputValue()).toBe('');
});

inBrowser('the tour leads through six pages by keyboard, and can be skipped', async (bench) => {
  const fresh = await openPage(bench, '/runs', true);
  const tour = fresh.getByRole('complementary', { name: 'Tour' });
  await tour.getByRole('button', { name: 'Take the tour' }).focus();
  const paths = ['/highlevel', '/connect', '/zaps', '/zaps', '/highlevel', '/runs'];
  for (const [index, path] of paths.entries()) {
    await fresh.keyboard.press('Enter');
    await tour.getByText(`Step ${index + 1} of 6`).waitFor();
    await expectMarked(fresh, MARKS[index] ?? '');
    expect(new URL(fresh.url()).pathname).toBe(path);
  }
  await fresh.keyboard.press('Enter');
  await tour.waitFor({ state: 'detached' });
  expect(await fresh.evaluate('document.activeElement.id')).toBe('main');
  await fresh.context().close();

  const other = await openPage(bench, '/zaps', true);
  const skip = other.getByRole('button', { name: 'Skip', exact: true });
  await skip.press('Enter');
  await skip.waitFor({ state: 'detached' });
  await other.reload();
  await other.getByRole('heading', { level: 1 }).waitFor();
  expect(await skip.count()).toBe(0);
  await other.context().close();
});

inBrowser(
  'several values are chosen from one list, keep their names, and are in sight on a phone',
  async ({ workbench }) => {
    const { id } = workbench.zaps.add({
      name: 'Watch',
      trigger: { key: 'opportunity_changed', input: {} },
      steps: ['create_note', 'create_task', 'update_task'].map((key) => ({
        id: key,
        kind: 'create',
        key,
        input: {},
      })),
    });
    await page.setViewportSize({ width: 375, height: 812 });
    await page.goto(`${workbench.url}/zaps/${id}?node=trigger`);
    const field = page.getByRole('button', { name: /^Fields to Watch.*Choose/ });
    for (const name of ['Value', 'Owner']) {
      await field.click();
      await page.getByRole('option', { name, exact: true }).click();
      await page.getByRole('button', { name: new RegExp(`^Fields to Watch.*${name}$`) }).waitFor();
    }
    await page.reload();
    for (const name of ['Value', 'Owner'])
      await page.getByRole('button', { name: new RegExp(`^Fields to Watch.*${name}$`) }).waitFor();
    expect(workbench.zaps.get(id).zap.trigger).toMatchObject({
      input: { watched_fields: ['monetary_value', 'owner_id'] },
    });
    expect(await violations(page)).toEqual([]);

    const heading = page.getByRole('heading', { level: 2, name: 'Update Task' });
    await page.getByRole('link', { name: /Update Task/ }).click();
    await heading.waitFor();
    expect((await heading.boundingBox())?.y).toBeLessThan(200);
    await page.setViewportSize({ width: 1440, height: 900 });
  },
);

inBrowser('names with values are filled in line by line, typed or mapped', async ({ world }) => {
  await beginZap(page, /^New Opportunity$/);
  await addStep(page, /^API Request/);
  await choose(page, 'Method', /^GET/);
  await fill(page, 'Path', '/opportunities/search');
  await page.getByRole('textbox', { name: 'Query, name 1' }).fill('location_id');
  await fill(page, 'Query, value 1', '{locationId}');
  await page.getByRole('textbox', { name: 'Query, name 2' }).fill('id');
  await map(page, 'Query 2', 'Opportunity ID');
  await page.getByRole('textbox', { name: 'Query, name 3' }).fill('limit');
  await page.getByRole('button', { name: 'Remove line 3 of Query' }).click();
  await page.getByRole('textbox', { name: 'Headers, name 1' }).fill('Version');
  await fill(page, 'Headers, value 1', '2021-07-28');
  expect(await violations(page)).toEqual([]);
  expect(await testNode(page)).toMatch(/Done/);
  const asked = world.sandbox.context.log.entries.at(-1);
  expect(asked).toMatchObject({ path: '/opportunities/search', headers: { version: '2021-07-28' } });
  expect(asked?.query).toEqual({
    location_id: world.sandbox.locationId,
    id: expect.stringMatching(/^\w{20}$/),
  });
});

inBrowser(
  'a find-or-create step has the fields of its parts, creates at first and updates then',
  async () => {
    await beginZap(page, /^New Opportunity$/);
    await addStep(page, /^Find or Create Opportunity/);
    for (const part of [
      'Find Opportunity',
      'If nothing is found: Create Opportunity',
      'If one is found: Update Opportunity',
    ])
      await page.getByRole('heading', { name: part }).waitFor();
    await fill(page, 'Opportunity Name', 'Harbor refit');
    // On a slow machine the list opens before its contacts are there.
    const choices = /zaps\.choices/;
    await page.route(choices, async (route) => {
      await setTimeout(1000);
      await route.continue();
    });
    await page.getByRole('button', { name: /^Contact Choose/ }).click();
    await options(page).first().click();
    await page.unroute(choices);
    await choose(page, 'Pipeline', 'Sales');
    await fill(page, 'Value', '900');
    expect(await testNode(page)).toMatch(/Not found, so it was created/);
    expect(await testNode(page)).toMatch(/Found and updated/);
  },
);

inBrowser(
  'Test Mode everywhere keeps steps from writing, and the zone of the Zap reads times',
  async ({ world }) => {
    const tasks = () =>
      [...world.sandbox.state.tasks.values()].filter(({ title }) => title === 'Call at nine');
    await beginZap(page, /^New Opportunity$/);
    await page.getByRole('button', { name: /^UTC Time zone|^Time zone/ }).click();
    await page.getByRole('option', { name: 'America/Los Angeles' }).click();
    await addStep(page, /^Create Task/);
    await fill(page, 'Title', 'Call at nine');
    await page.getByRole('button', { name: 'Type or map Opportunity' }).click();
    await map(page, 'Opportunity', 'Opportunity ID');
    await fill(page, 'Due Date', '2026-12-01 09:00');
    await flip('Test Mode everywhere');
    await page.getByText('Test Mode is on everywhere').waitFor();
    expect(await testNode(page)).toMatch(/Done/);
    expect(tasks()).toEqual([]);
    await flip('Test Mode everywhere');
    await page.getByText('Test Mode is on everywhere').waitFor({ state: 'detached' });
    expect(await testNode(page)).toMatch(/Done/);
    expect(tasks().map(({ dueDate }) => new Date(dueDate ?? 0).toISOString())).toEqual([
      '2026-12-01T17:00:00.000Z',
    ]);
  },
);

inBrowser(
  'a run that ended in an error is run again by itself where the switch says so',
  async ({ world, workbench }) => {
    await flip('Replay errors');
    await turnOn(page);
    const { sandbox } = world;
    sandbox.fault({ method: 'POST', path: '/contacts/*', status: 403, times: 1 });
    const [contactId = ''] = sandbox.seeded.contactIds;
    const pipelineId = sandbox.seeded.pipelines.Sales?.id ?? '';
    sandbox.addOpportunity({ locationId: sandbox.locationId, name: 'Quay lights', pipelineId, contactId });
    await page.getByRole('button', { name: 'Poll now' }).click();
    await page.getByRole('link', { name: 'Runs of this Zap' }).click();
    await page.getByRole('link', { name: 'Quay lights', exact: true }).click();
    await page.getByText('run again 1 time').waitFor({ timeout: 20_000 });
    await page.getByText('Success').first().waitFor();
    expect(await violations(page)).toEqual([]);
    expect(workbench.runs.all().map(({ status, replays }) => ({ status, replays }))).toEqual([
      { status: 'success', replays: 1 },
    ]);
  },
);
