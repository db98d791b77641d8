import { type Bench, buildTaskZap, connect, openBench, openPage, testNode } from './bench.ts';

let bench: Bench | null;
beforeAll(async () => {
  bench = await openBench();
}, 60_000);
afterAll(() => bench?.close());

test('connect, build, turn on, drag a card, see it run', async () => {
  if (!bench) return;
  const page = await openPage(bench, '/');
  await page.locator('.card').first().waitFor();

  await connect(page);
  await buildTaskZap(page, /^Opportunity Stage Changed \(Instant\)/);
  expect(await testNode(page)).toMatch(/Done\s+2 requests/);

  await page.locator('.switch').click();
  await page.getByText('is on.').first().waitFor();

  await page.getByRole('link', { name: 'HighLevel', exact: true }).click();
  const card = page.getByRole('grid', { name: 'Proposal Sent' }).locator('.card').first();
  const name = await card.locator('.card-name').innerText();
  const other = await openPage(bench, '/highlevel');
  await card.dragTo(page.getByRole('grid', { name: 'Negotiation' }));
  await page.getByText(`${name} is now in Negotiation.`).first().waitFor();
  // Another window shows it too, without being told.
  await other.getByRole('grid', { name: 'Negotiation' }).getByText(name).waitFor();
  await other.context().close();

  await page.getByRole('link', { name: 'Runs' }).click();
  await page.getByRole('link', { name, exact: true }).click();
  await page.getByText('Success').waitFor();
  expect(await page.locator('.run-step').nth(1).innerText()).toContain(`Call about ${name}`);

  await page.getByRole('link', { name: 'Wire' }).click();
  await page.getByText('OpportunityStageUpdate').first().waitFor();
  await page.locator('.wire-row', { hasText: 'Relay → Zapier' }).first().click();
  await page.locator('.wire-bodies').getByText('stage_changed').waitFor();
  await page.context().close();
}, 60_000);
