import type { Page } from 'playwright-core';
import { addStep, beginZap, connect, fillTask, testNode } from '../../../tools/pictures/drive.ts';
import { violations } from './axe.ts';
import { type Bench, openBench, openPage } from './bench.ts';

let bench: Bench | null;
beforeAll(async () => {
  bench = await openBench();
}, 60_000);
afterAll(() => bench?.close());

/** How far the page is wider than its window, in pixels. */
function overflow(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
}

test('every view passes axe, in both themes and both sizes, and none is wider than its window', async () => {
  if (!bench) return;
  const setup = await openPage(bench, '/');
  await connect(setup);
  await beginZap(setup, /^New Opportunity \(Instant\)/);
  await addStep(setup, /^Create Task/);
  await fillTask(setup);
  await testNode(setup);
  // The mouse still rests on the button.
  const found = await violations(setup, ['color-contrast']);
  const { world, workbench } = bench;
  const [zap] = workbench.zaps.all();
  const [id] = world.sandbox.seeded.opportunityIds;
  const views = [
    '/highlevel',
    `/highlevel?opportunity=${id}`,
    '/highlevel?add=true',
    '/connect',
    '/zaps',
    `/zaps/${zap?.id}?node=trigger`,
    `/zaps/${zap?.id}?node=create_task`,
    `/zaps/${zap?.id}?node=create_task&tab=test`,
    '/runs',
    '/wire',
    '/faults',
    `/v2/location/${world.sandbox.locationId}/contacts/detail/${world.sandbox.seeded.contactIds[0]}`,
    '/highlevel?tour=1',
    '/nowhere',
  ];
  const page = await openPage(bench, '/');
  for (const view of views) {
    const look = async (as: string, rules?: string[]) => {
      found.push(...(await violations(page, rules)).map((one) => `${view}, ${as}: ${one}`));
      if ((await overflow(page)) > 0) found.push(`${view}, ${as}: wider than its window`);
    };
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.emulateMedia({ colorScheme: 'light' });
    await page.goto(`${workbench.url}${view}`);
    await page.locator('h1, [role=dialog]').first().waitFor();
    await page.locator('.spinner').waitFor({ state: 'detached' });
    await look('light, 1440');
    await page.emulateMedia({ colorScheme: 'dark' });
    await look('dark, 1440', ['color-contrast']);
    await page.setViewportSize({ width: 375, height: 812 });
    await look('dark, 375');
  }
  await page.context().close();
  expect(found).toEqual([]);
}, 120_000);
