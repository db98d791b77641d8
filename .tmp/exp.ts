import { openBench, openPage } from '../test/local/workbench/bench.ts';
import { addStep, beginZap, fill, connect } from '../tools/pictures/drive.ts';
const bench = await openBench();
const page = await openPage(bench!, '/connect');
await connect(page);
await beginZap(page, /^New Opportunity$/);
await addStep(page, /^Find or Create Opportunity/);
await page.getByRole('heading', { name: 'If one is found: Update Opportunity' }).waitFor();
await fill(page, 'Opportunity Name', 'Harbor refit');
let hold: Promise<void> | null = null;
await page.route(/choices/, async (route) => { const h = hold; const r = await route.fetch(); if (h) await h; await route.fulfill({ response: r }); });
const button = () => page.getByRole('button', { name: /^Contact / }).first();
const box = async (l: any) => JSON.stringify(await l.boundingBox());
async function state(s: string) {
  console.log(s, 'lists', await page.getByRole('listbox').count(), 'button', await page.getByRole('button', { name: /^Contact / }).count(), await page.locator('.select').allInnerTexts());
}
for (const kind of ['first', 'cached']) {
  let go!: () => void; hold = new Promise((r) => { go = r; });
  await button().click();
  await page.getByRole('listbox').waitFor();
  console.log(kind, 'popover', await box(page.locator('.popover')));
  if (kind === 'first') { go(); hold = null; await page.getByRole('option').first().waitFor(); console.log('loaded', await box(page.locator('.popover')));
    await page.getByRole('option').first().click(); await page.waitForTimeout(500); await state('after first'); console.log(await box(page.locator('.popover')), await page.getByRole('option').allInnerTexts()); await page.screenshot({path:'/tmp/exp.png'}); continue; }
  const option = page.getByRole('option').nth(1);
  const b = (await option.boundingBox())!;
  await page.mouse.move(b.x + 20, b.y + 10); await page.mouse.down();
  go(); hold = null; await page.waitForTimeout(800);
  console.log('after refetch', await box(page.locator('.popover')));
  await page.mouse.up(); await page.waitForTimeout(500);
  await state('after cached');
}
await bench!.close(); process.exit(0);
