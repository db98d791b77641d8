import { type Bench, openBench, openPage } from './bench.ts';

let bench: Bench | null;
beforeAll(async () => {
  bench = await openBench();
}, 90_000);
afterAll(() => bench?.close());

/** What a task on the page's own thread may take while it is scrolled, in ms. */
const LONGEST_TASK_MS = 50;

test('a column of 1,000 cards scrolls without a long task, and draws a few of them alone', async () => {
  if (!bench) return;
  const { sandbox } = bench.world;
  const { Sales } = sandbox.seeded.pipelines;
  const stageId = Sales?.stages.Contacted;
  sandbox.importOpportunities({
    count: 1000,
    pipelineId: Sales?.id,
    pipelineStageId: stageId,
    events: false,
  });
  const page = await openPage(bench, '/highlevel');
  const column = page.getByRole('grid', { name: 'Contacted' });
  await column.locator('.card').first().waitFor();
  await page.waitForTimeout(500);
  const { longest, drawn } = await column.evaluate(async (element) => {
    const durations: number[] = [];
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) durations.push(duration);
    });
    observer.observe({ entryTypes: ['longtask' as 'resource'] });
    let drawn = 0;
    for (let top = 0; top < element.scrollHeight; top += 900) {
      element.scrollTop = top;
      await new Promise((resolve) => setTimeout(resolve, 16));
      drawn = Math.max(drawn, element.querySelectorAll('.card').length);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
    observer.disconnect();
    return { longest: Math.max(0, ...durations), drawn };
  });
  console.info(`1,000 cards: longest task while scrolling ${longest} ms, at most ${drawn} cards drawn`);
  expect(drawn).toBeLessThan(60);
  expect(longest).toBeLessThanOrEqual(LONGEST_TASK_MS);
  await page.context().close();
}, 60_000);
