/**
 * Asks the real HighLevel what this project could only assume: the app's own contract, and the open questions of the
 * API. It writes an opportunity and a contact of its own into a pipeline of its own, and takes both away again.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readFlags } from '../../local/command.ts';
import { openAccount } from './account.ts';
import { BY_HAND, CHECKS, NEEDS } from './checks.ts';

const ROOT = join(import.meta.dirname, '../..');
const {
  HIGHLEVEL_LIVE_TOKEN: token,
  HIGHLEVEL_LIVE_LOCATION: locationId,
  HIGHLEVEL_LIVE_PIPELINE: pipeline,
} = process.env;
const apiUrl = process.env.HIGHLEVEL_API_URL || 'https://services.leadconnectorhq.com';

const SETTINGS = `To run them, set:
  HIGHLEVEL_LIVE_TOKEN     a token of a sub-account (a Private Integration Token will do), with every permission
  HIGHLEVEL_LIVE_LOCATION  the sub-account's ID
  HIGHLEVEL_LIVE_PIPELINE  the name of a pipeline that nothing else uses

Some questions need more, and are left out without it:
${Object.entries(NEEDS)
  .map(([name, what]) => `  ${name}  ${what}`)
  .join('\n')}`;

readFlags(
  `npm run live
  Asks the real HighLevel what this project could only assume, with a contact and an opportunity of its own, which it
  takes away again. Writes what it saw to docs/live. Ends with 1 where a check did not hold.
${SETTINGS}`,
  {},
);

if (!token || !locationId || !pipeline) {
  console.log(
    `0 of ${CHECKS.length} live checks ran. Nothing about the real HighLevel was proved.\n\n${SETTINGS}`,
  );
} else {
  process.exitCode = await check({ token, locationId, pipeline, apiUrl, given: process.env });
}

async function check(access: Parameters<typeof openAccount>[1]): Promise<number> {
  const { default: app } = (await import(new URL('../../dist/index.js', import.meta.url).href)) as {
    default: object;
  };
  const account = await openAccount(app, access);
  const lines: string[] = [];
  let failures = 0;
  const asked = CHECKS.filter(({ needs = [] }) => needs.every((name) => access.given[name]));
  try {
    for (const { question, ask } of asked) {
      const finding = await ask(account).catch((error: unknown) => {
        failures += 1;
        return `FAILED: ${error instanceof Error ? error.message.split('\n')[0] : error}`;
      });
      lines.push(`| ${question} | ${finding.replaceAll('|', '\\|')} |`);
      console.log(`${question}\n  ${finding}`);
    }
  } finally {
    await account.cleanUp();
  }
  console.log(`\n${asked.length - failures} of ${asked.length} live checks held, against ${access.apiUrl}.`);
  for (const { question, needs = [] } of CHECKS.filter((one) => !asked.includes(one))) {
    console.log(`Not asked: ${question}. Set ${needs.filter((name) => !access.given[name]).join(', ')}.`);
  }
  console.log(`By hand: ${BY_HAND.join('; ')}.`);
  write(lines, access.apiUrl);
  return failures > 0 ? 1 : 0;
}

/** Dated, so that later readers know how old the evidence is. */
function write(lines: string[], apiUrl: string): void {
  const folder = process.env.HIGHLEVEL_LIVE_EVIDENCE || join(ROOT, 'docs/live');
  const day = new Date().toISOString().slice(0, 10);
  mkdirSync(folder, { recursive: true });
  const page = `# What HighLevel answered on ${day}\n\nAsked by \`npm run live\` at ${apiUrl}.\n\n| question | seen |\n|---|---|\n${lines.join('\n')}\n`;
  writeFileSync(join(folder, `${day}.md`), page);
}
