import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Sandbox, startSandbox } from '../sandbox/index.ts';
import { createRunner, type LiveZap, type Runner } from '../zap-runner/index.ts';
import { WAYS } from './connecting.ts';
import { writeEnvFile } from './env-file.ts';
import { type DemoRelay, startDemoRelay } from './relay.ts';
import { addContact, followUpZap, negotiationZap, play, playInstant } from './scenario.ts';
import { tellStory } from './story.ts';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const POLL_EVERY_MS = 5000;

const { values: flags } = parseArgs({
  options: {
    once: { type: 'boolean', default: false },
    port: { type: 'string', default: '0' },
    auth: { type: 'string', default: 'oauth' },
  },
});
const way = WAYS[flags.auth];
if (!way) {
  console.error(`--auth=${flags.auth}: there is no such build. There are: ${Object.keys(WAYS).join(', ')}.`);
  process.exit(2);
}

const story = tellStory(console.log);
let sandbox: Sandbox | undefined;
let relay: DemoRelay | undefined;
let runner: Runner | undefined;

async function stop(code: number): Promise<never> {
  await runner?.close();
  await relay?.close();
  await sandbox?.close();
  process.exit(code);
}

try {
  story.line(
    'HighLevel Opportunities for Zapier: a demonstration on this machine. No account is used, nothing leaves it.',
  );

  story.chapter('A HighLevel to work with');
  sandbox = await startSandbox({ port: Number(flags.port) });
  const { opportunities, contacts } = sandbox.counts();
  story.line(
    `     ${sandbox.seeded.locationName}: ${opportunities} opportunities, ${contacts} contacts, at ${sandbox.url}`,
  );

  relay = await startDemoRelay(sandbox);
  story.line(`     a relay for its webhooks, with a PostgreSQL of its own, at ${relay.url}`);

  const environment = {
    HIGHLEVEL_API_URL: sandbox.url,
    HIGHLEVEL_MARKETPLACE_URL: sandbox.url,
    CLIENT_ID: sandbox.clientId,
    CLIENT_SECRET: sandbox.clientSecret,
    RELAY_URL: relay.url,
    // The sandbox sends its webhooks to this relay, as it would for a marketplace app of the relay's own.
    RELAY_SERVES_PRIVATE_TOKENS: 'yes',
  };
  runner = await createRunner({
    appPath: join(ROOT, way.bundle),
    environment,
    hookPort: relay.hookPort,
    onEvent: story.on,
  });

  story.chapter(`Connecting it to Zapier: ${way.how}`);
  story.connection = await runner.connect(way.connect(sandbox));

  story.chapter('Turning on a Zap');
  const live = await runner.turnOn(followUpZap, story.connection);

  await play(sandbox, runner, live, story);

  story.chapter('An instant Zap: HighLevel tells the relay, the relay tells Zapier');
  await playInstant(sandbox, await runner.turnOn(negotiationZap, story.connection), story);

  if (flags.once) {
    story.line('\nEverything ended as it should.');
    await stop(0);
  }
  story.quiet = true;
  await stayUp(sandbox, live, environment, story.connection.authData);
} catch (error) {
  story.line(`\nThe demonstration failed: ${error instanceof Error ? error.message : error}`);
  await stop(1);
}

/** Keeps the Zap running for a person who wants to drive it by hand. */
async function stayUp(
  sandbox: Sandbox,
  live: LiveZap,
  environment: Record<string, string>,
  authData: Record<string, unknown>,
): Promise<void> {
  const { url, seeded } = sandbox;
  const written = writeEnvFile(join(ROOT, '.env'), environment, authData);
  const contactId = await addContact(sandbox, 'Kim Doyle');
  story.chapter('Your turn: the Zap stays on and polls every 5 seconds');
  story.line(`
     Add an opportunity, as a sales person would in HighLevel, and watch the Zap run here:
       curl -X POST ${url}/_sandbox/import -H 'content-type: application/json' \\
         -d '{"count": 1, "pipelineId": "${seeded.pipelines.Sales?.id}", "name": "My opportunity"}'

     Drive each operation with Zapier's own command, in a second terminal${written ? ' (the connection is in .env)' : ''}:
       npm run zapier -- invoke auth test --non-interactive
       npm run zapier -- invoke trigger new_opportunity --non-interactive -i '{"pipeline_id": "Sales"}'
       npm run zapier -- invoke search find_opportunity --non-interactive -i '{"name": "Spring campaign"}'
       npm run zapier -- invoke create create_opportunity --non-interactive -i '{"contact_id": "${contactId}", "pipeline_id": "Onboarding", "name": "By hand"}'
${written ? '' : '\n     There is a .env here already, and it was left alone; move it away to let this demonstration write one.\n'}
     What HighLevel was asked: curl ${url}/_sandbox/requests
     Stop with Ctrl-C.
`);
  let polling = Promise.resolve();
  const timer = setInterval(() => {
    polling = polling.then(async () => {
      await live.poll();
    });
  }, POLL_EVERY_MS);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      clearInterval(timer);
      polling.finally(() => stop(0));
    });
  }
}
