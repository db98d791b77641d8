import axe from 'axe-core';
import type { Frame, Page } from 'playwright-core';

/** What axe finds wrong on the page, or on one framed in it, as it is, a line each. @param rules all of axe's, or these alone */
export async function violations(page: Page | Frame, rules?: string[]): Promise<string[]> {
  await page.evaluate(axe.source);
  const { passes, found } = await page.evaluate(async (runOnly) => {
    const { axe: inPage } = globalThis as unknown as { axe: { run(options: object): Promise<Results> } };
    const results = await inPage.run(runOnly ? { runOnly } : {});
    const found = results.violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
    );
    return { passes: results.passes.length, found };
  }, rules);
  return passes > 0 ? found : ['axe looked at nothing'];
}

interface Results {
  passes: unknown[];
  violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
}
