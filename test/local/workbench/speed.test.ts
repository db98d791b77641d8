import { type Bench, openBench, openPage } from './bench.ts';

let bench: Bench | null;
beforeAll(async () => {
  bench = await openBench();
}, 90_000);
afterAll(() => bench?.close());

/** What a task on the page's own thread may take while it is scrolled, in ms. */
const LONGEST_TASK_MS = 50;

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  /** Microseconds that the thread itself worked, however busy the machine is. */
  tdur?: number;
  args?: { name?: string };
}

/** How long the tasks of the pages' own threads took, longest first, in ms of the thread's own time. */
function taskTimes(trace: Buffer): number[] {
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: TraceEvent[] };
  const mains = traceEvents
    .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
    .map(({ pid, tid }) => `${pid}/${tid}`);
  return traceEvents
    .filter(
      ({ name, ph, pid, tid }) => ph === 'X' && name.endsWith('RunTask') && mains.includes(`${pid}/${tid}`),
    )
    .map(({ tdur = 0 }) => tdur / 1000)
    .sort((a, b) => b - a);
}

test('a column of 1,000 cards scrolls without a long task, and the first paint comes within a second', async () => {
  if (!bench) return;
  const { sandbox } = bench.world;
  const { Sales } = sandbox.seeded.pipelines;
  const pipelineStageId = Sales?.stages.Contacted;
  sandbox.importOpportunities({ count: 1000, pipelineId: Sales?.id, pipelineStageId, events: false });
  const page = await openPage(bench, '/highlevel');
  const column = page.getByRole('grid', { name: 'Contacted' });
  await column.locator('.card').first().waitFor();
  const [paint = Number.NaN] = await page.evaluate(() =>
    performance.getEntriesByName('first-paint').map(({ startTime }) => startTime),
  );
  await page.waitForTimeout(1000);
  await bench.browser.startTracing(page, { categories: ['toplevel'] });
  const { most: drawn, top } = await column.evaluate(async (element) => {
    let most = 0;
    for (let frame = 0; frame < 200; frame += 1) {
      element.scrollTop += 300;
      await new Promise((resolve) => setTimeout(resolve, 16));
      most = Math.max(most, element.querySelectorAll('.card').length);
    }
    return { most, top: element.scrollTop };
  });
  const times = taskTimes(await bench.browser.stopTracing());
  console.info(
    `1,000 cards: first paint ${Math.round(paint)} ms; ${times.length} tasks while scrolling, ` +
      `the longest ${times.slice(0, 3).map(Math.round).join(', ')} ms; at most ${drawn} cards drawn`,
  );
  expect(paint).toBeLessThan(1000);
  expect(top).toBeGreaterThan(50_000);
  expect(drawn).toBeLessThan(60);
  expect(times.length).toBeGreaterThan(100);
  expect(times[0]).toBeLessThanOrEqual(LONGEST_TASK_MS);
  await page.context().close();
}, 90_000);
