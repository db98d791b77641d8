import type { Page } from 'playwright-core';
import {
  addStep,
  beginZap,
  choose,
  connect,
  dragCard,
  fill,
  fillTask,
  map,
  openRun,
  options,
  testNode,
  turnOn,
} from '../../../tools/pictures/drive.ts';
import { type Bench, openBench, openPage } from './bench.ts';

let bench: Bench | null;
let page: Page;
beforeAll(async () => {
  // So many that the contacts of a dropdown need a second page.
  bench = await openBench({ opportunities: 150 });
  if (!bench) return;
  page = await openPage(bench, '/');
  await connect(page);
}, 90_000);
afterAll(() => bench?.close());

/** A test that needs a browser; where there is none, that has been said and nothing is tested. */
function inBrowser(name: string, run: (bench: Bench) => Promise<void>): void {
  test(name, async () => bench && run(bench), 60_000);
}

inBrowser('build, turn on, drag a card, see it run, in every window and on the wire', async (bench) => {
  await beginZap(page, /^Opportunity Stage Changed \(Instant\)/);
  await addStep(page, /^Create Task/);
  await fillTask(page);
  expect(await testNode(page)).toMatch(/Done\s+2 requests/);
  await turnOn(page);

  const other = await openPage(bench, '/highlevel');
  const name = await dragCard(page, 'Proposal Sent', 'Negotiation');
  await other.getByRole('grid', { name: 'Negotiation' }).getByText(name).first().waitFor();
  await other.context().close();

  await openRun(page, name);
  expect(await page.locator('.run-step').nth(1).innerText()).toContain(`Call about ${name}`);

  await page.getByRole('link', { name: 'Wire', exact: true }).click();
  await page.getByText('OpportunityStageUpdate').first().waitFor();
  await page.locator('.wire-row', { hasText: 'Relay → Zapier' }).first().click();
  await page.locator('.wire-bodies').getByText('stage_changed').waitFor();
});

inBrowser(
  'while the relay is away nothing comes, and what HighLevel sends again does',
  async ({ workbench }) => {
    await page.goto(`${workbench.url}/faults`);
    const away = page.getByRole('listitem').filter({ hasText: 'The relay is away' }).getByRole('switch');
    await away.press('Space');
    await page.getByText('instant triggers hear nothing').waitFor();
    const before = workbench.runs.all().length;
    const name = await dragCard(page, 'Contacted', 'Negotiation');
    expect(workbench.runs.all()).toHaveLength(before);
    await page.getByRole('link', { name: 'Faults', exact: true }).click();
    await away.press('Space');
    await page.getByRole('link', { name: 'Runs', exact: true }).click();
    await page.getByRole('link', { name, exact: true }).first().waitFor({ timeout: 30_000 });
  },
);

inBrowser(
  'what no webhook ever tells is caught up once the relay is back, and shown as such',
  async ({ workbench, world }) => {
    await page.goto(`${workbench.url}/faults`);
    const away = page.getByRole('listitem').filter({ hasText: 'The relay is away' }).getByRole('switch');
    await away.press('Space');
    await page.getByText('instant triggers hear nothing').waitFor();
    // HighLevel tells nobody, so that nothing is sent again later.
    const { sandbox } = world;
    const webhookUrl = `${world.relay?.url}/webhooks/highlevel`;
    sandbox.setSettings({ webhookUrl: null });
    await page.waitForTimeout(1_600);
    const name = await dragCard(page, 'Contacted', 'Negotiation');
    sandbox.setSettings({ webhookUrl });
    await page.getByRole('link', { name: 'Faults', exact: true }).click();
    await away.press('Space');
    await page.getByRole('link', { name: 'Runs', exact: true }).click();
    const row = page.getByRole('listitem').filter({ hasText: name }).filter({ hasText: 'catching up' });
    await row.getByRole('link').click({ timeout: 30_000 });
    await page.getByText('the relay found it when it caught up').waitFor();
    await page.getByRole('link', { name: 'Wire', exact: true }).click();
    await page.locator('.wire-row', { hasText: 'asks to catch up' }).first().waitFor();
  },
);

inBrowser('a polled Zap runs at its next poll', async () => {
  await beginZap(page, /^New Opportunity$/);
  await addStep(page, /^Create Note/);
  await page.getByRole('button', { name: 'Type or map Opportunity' }).click();
  await map(page, 'Opportunity', 'Opportunity ID');
  await fill(page, 'Text', 'Welcome');
  await turnOn(page);
  const zap = page.url();
  await page.getByRole('link', { name: 'HighLevel', exact: true }).click();
  await page.getByRole('button', { name: 'Add opportunity' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Spring campaign');
  await page.getByRole('combobox', { name: 'Contact' }).fill('Robin Ames');
  await page.keyboard.press('Tab');
  await page.getByRole('dialog').getByRole('button', { name: 'Add opportunity' }).click();
  await page.getByText('Spring campaign was added').first().waitFor();
  await page.goto(zap);
  await page.getByRole('button', { name: 'Poll now' }).click();
  await openRun(page, 'Spring campaign');
});

inBrowser(
  'a field depends on another, a dropdown has a second page, and a value is refused in words',
  async () => {
    await beginZap(page, /^New Opportunity$/);
    await addStep(page, /^Create Opportunity/);
    await page.getByRole('button', { name: /^Contact / }).click();
    await options(page).first().waitFor();
    const firstPage = await options(page).allInnerTexts();
    await page.getByRole('button', { name: 'Load more' }).click();
    await expectMore(page, firstPage.length);
    const [person] = (await options(page).allInnerTexts()).slice(-1);
    expect(firstPage).not.toContain(person);
    await page.getByRole('option', { name: person ?? '' }).click();
    await page.getByRole('button', { name: person ?? '' }).waitFor();

    await choose(page, 'Pipeline', 'Onboarding');
    await choose(page, 'Stage', 'Kickoff');
    await fill(page, 'Opportunity Name', 'Onboard ');
    await map(page, 'Opportunity Name', 'Contact Name');
    await fill(page, 'Value', 'about 3k');
    expect(await testNode(page)).toMatch(/Value.*about 3k/s);
  },
);

inBrowser(
  'a fault shows what a person would see, and is over when it is taken away',
  async ({ workbench }) => {
    const step = page.url();
    await page.goto(`${workbench.url}/faults`);
    await page.getByRole('switch', { name: 'search-post-403' }).press('Space');
    await page.getByRole('switch', { name: 'search-post-403', checked: true }).waitFor();
    await page.getByRole('button', { name: /Make it happen.*500/ }).click();
    await page.getByText('Waiting: HighLevel answers 500').waitFor();
    await page.goto(`${step.split('?')[0]}?node=trigger`);
    expect(await testNode(page)).toMatch(/Failed[\s\S]*HighLevel/);
    await page.goto(`${workbench.url}/faults`);
    await page.getByRole('button', { name: 'Take away what waits' }).click();
    await page.getByRole('switch', { name: 'search-post-403', checked: false }).waitFor();
  },
);

inBrowser(
  'a whole Zap is opened, runs on what another app sends, and is saved as a file',
  async ({ workbench }) => {
    await page.goto(`${workbench.url}/zaps`);
    const tile = page.getByRole('listitem').filter({ hasText: 'AccessAlly lead to HighLevel opportunity' });
    await tile.getByRole('button', { name: 'Open 1 Zap' }).click();
    await turnOn(page);
    await page.getByRole('button', { name: /^Send from AccessAlly/ }).click();
    await page.getByText('Sent.').first().waitFor();
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save as a file' }).click();
    expect((await saved).suggestedFilename()).toMatch(/^[a-z_0-9]+\.ts$/);
    await page.getByRole('link', { name: 'Runs of this Zap' }).click();
    await page.locator('.row .badge-success').first().waitFor();
  },
);

inBrowser('the keyboard alone opens a card, and drags one to another stage', async ({ workbench }) => {
  await page.goto(`${workbench.url}/highlevel`);
  const first = page.getByRole('grid', { name: 'New Lead' }).locator('.card').first();
  await first.waitFor();
  const name = await first.locator('.card-name').innerText();
  await page.getByRole('button', { name: 'Add opportunity' }).focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  // Within a card an arrow leads to its handle; Enter takes it up, Tab goes from stage to stage, Enter lays it down.
  await page.locator('.card:focus').waitFor();
  await page.keyboard.press('ArrowRight');
  await page.locator('.card-grip:focus').waitFor();
  await page.keyboard.press('Enter');
  const target = page.locator('.cards[data-drop-target]');
  await target.waitFor();
  while ((await target.getAttribute('aria-label')) !== 'Proposal Sent') await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page
    .getByText(new RegExp(`${name} is now in Proposal Sent`))
    .first()
    .waitFor();
});

/** Waits until a list has more options than it had. */
async function expectMore(page: Page, before: number): Promise<void> {
  await options(page).nth(before).waitFor({ state: 'attached' });
}
