/** `npm start`: the integration's main job told in the terminal, on this machine alone; then it stays for a person to try. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onStop, readFlags, refuse, wholeNumber } from '../command.ts';
import { startOtherApps } from '../other-apps/server.ts';
import { type LocalRelay, startLocalRelay } from '../relay.ts';
import { type Sandbox, startSandbox } from '../sandbox/index.ts';
import { startWorkbench } from '../workbench/workbench.ts';
import { createRunner, type LiveZap } from '../zap-runner/index.ts';
import { WAYS, wayCalled } from './connecting.ts';
import { removeFromEnvFile, writeEnvFile } from './env-file.ts';
import { examplesIn, fieldNamesIn } from './examples.ts';
import { addContact, followUpZap, negotiationZap, play, playInstant } from './scenario.ts';
import { tellStory } from './story.ts';

const USAGE = `npm start -- [flags]
  --auth WAY  the build to use: oauth or private-token (default oauth)
  --once      tell the story and end, without staying for you to try
  --port N    TCP port of the sandbox; 0 picks a free one (default 0)`;

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const ENV_FILE = join(ROOT, '.env');
const POLL_EVERY_MS = 5000;

const ENV_FILE_NOTES: Record<ReturnType<typeof writeEnvFile>, string> = {
  written: '',
  'own settings':
    '\n     Your .env sets some of these variables itself, and was left alone; move it away to let this demonstration write its connection.\n',
  'another demonstration':
    '\n     The .env has the connection of another demonstration that still runs, and was left alone; end that one first.\n',
};

const { values: flags } = readFlags(USAGE, {
  once: { type: 'boolean', default: false },
  port: { type: 'string', default: '0' },
  auth: { type: 'string', default: 'oauth' },
});
const port = wholeNumber('--port', flags.port, 65_535);
const way =
  wayCalled(flags.auth) ??
  refuse(`--auth ${flags.auth}: there is no such build. There are: ${Object.keys(WAYS).join(', ')}.`);

const story = tellStory(console.log);
const leaving = new AbortController();
/** What was started, to be ended in the opposite order. */
const closers: (() => Promise<void>)[] = [];

async function end(): Promise<void> {
  leaving.abort();
  for (const close of closers.splice(0).reverse()) await close();
}

onStop(end);
try {
  await demonstrate();
} catch (error) {
  // What fails because it is being ended is no failure.
  if (!leaving.signal.aborted) {
    story.line(`\nThe demonstration failed: ${explain(error)}`);
    await end();
    process.exit(1);
  }
}

async function demonstrate(): Promise<void> {
  story.line(
    'HighLevel Opportunities for Zapier: a demonstration on this machine. No account is used, nothing leaves it.',
  );
  const workbench = flags.once ? null : await startWorkbench();
  if (workbench) {
    closers.push(workbench.close);
    story.line(`See it in a browser: ${workbench.url}`);
  }
  story.chapter('A HighLevel to work with');
  const sandbox = await startSandbox({ port, ...(workbench && { onExchange: workbench.exchange }) });
  closers.push(sandbox.close);
  const { opportunities, contacts } = sandbox.counts();
  story.line(
    `     ${sandbox.seeded.locationName}: ${opportunities} opportunities, ${contacts} contacts, at ${sandbox.url}`,
  );
  const relay = await tryRelay(sandbox);
  if (relay) story.line(`     a relay for its webhooks, with a PostgreSQL of its own, at ${relay.url}`);

  const environment = {
    HIGHLEVEL_API_URL: sandbox.url,
    HIGHLEVEL_MARKETPLACE_URL: sandbox.url,
    CLIENT_ID: sandbox.clientId,
    CLIENT_SECRET: sandbox.clientSecret,
    ...(relay
      ? {
          RELAY_URL: relay.url,
          // The sandbox sends its webhooks to this relay, as it would for a marketplace app of the relay's own.
          RELAY_SERVES_PRIVATE_TOKENS: 'yes',
        }
      : {}),
  };
  const otherApps = await startOtherApps(sandbox.context.now);
  closers.push(otherApps.close);
  const runner = await createRunner({
    appPath: join(ROOT, way.bundle),
    environment,
    ...(relay ? { hookPort: relay.hookPort } : {}),
    fileOriginsIn: 'FILE_ORIGINS',
    otherApps: otherApps.url,
    onEvent: (event) => {
      story.on(event);
      workbench?.event(event);
    },
  });
  closers.push(runner.close);
  workbench?.attach({
    sandbox,
    relay,
    runner,
    otherApps,
    examples: examplesIn(sandbox),
    fieldNames: fieldNamesIn(sandbox),
  });

  story.chapter(`Connecting it to Zapier: ${way.how}`);
  const connection = await runner.connect(way.connect(sandbox));
  story.connection = connection;
  workbench?.connected(connection);

  story.chapter('Turning on a Zap');
  const live = await runner.turnOn(followUpZap, connection);
  workbench?.adopt(live);
  await play(sandbox, runner, live, story);

  story.chapter('An instant Zap: HighLevel tells the relay, the relay tells Zapier');
  if (relay) {
    const instant = await runner.turnOn(negotiationZap, connection);
    workbench?.adopt(instant);
    await playInstant(sandbox, instant, story);
  } else
    story.line('     Left out: it needs the relay, and no database could be started for it (see step 1).');

  if (flags.once) {
    story.line(relay ? '\nEverything ended as it should.' : '\nEverything else ended as it should.');
    await end();
    process.exit(0);
  }
  story.quiet = true;
  await stayUp(sandbox, live, environment, connection.authData);
}

/** Without a relay instant triggers alone are missing, and the rest is worth seeing. */
async function tryRelay(sandbox: Sandbox): Promise<LocalRelay | null> {
  try {
    const relay = await startLocalRelay(sandbox, leaving.signal);
    closers.push(relay.close);
    return relay;
  } catch (error) {
    if (leaving.signal.aborted) throw error;
    story.line(`     no relay for its webhooks: ${explain(error)}`);
    return null;
  }
}

/** Keeps the Zap running for a person who wants to drive it by hand. */
async function stayUp(
  sandbox: Sandbox,
  live: LiveZap,
  environment: Record<string, string>,
  authData: Record<string, unknown>,
): Promise<void> {
  const { url, seeded } = sandbox;
  const written = writeEnvFile(ENV_FILE, environment, authData);
  closers.push(async () => removeFromEnvFile(ENV_FILE));
  const contactId = await addContact(sandbox, 'Kim Doyle');
  story.chapter('Your turn: the Zap stays on and polls every 5 seconds');
  story.line(`
     Add an opportunity, as a sales person would in HighLevel, and watch the Zap run here:
       curl -X POST ${url}/_sandbox/import -H 'content-type: application/json' \\
         -d '{"count": 1, "pipelineId": "${seeded.pipelines.Sales?.id}", "name": "My opportunity"}'

     Drive each operation with Zapier's own command, in a second terminal${written === 'written' ? ' (the connection is in .env until this ends)' : ''}:
       npm run zapier -- invoke auth test --non-interactive
       npm run zapier -- invoke trigger new_opportunity --non-interactive -i '{"pipeline_id": "Sales"}'
       npm run zapier -- invoke search find_opportunity --non-interactive -i '{"name": "Spring campaign"}'
       npm run zapier -- invoke create create_opportunity --non-interactive -i '{"contact_id": "${contactId}", "pipeline_id": "Onboarding", "name": "By hand"}'
${ENV_FILE_NOTES[written]}
     What HighLevel was asked: curl ${url}/_sandbox/requests
     Stop with Ctrl-C.
`);
  let polling = Promise.resolve();
  const timer = setInterval(() => {
    polling = polling.then(async () => {
      await live.poll();
    });
  }, POLL_EVERY_MS);
  closers.push(async () => {
    clearInterval(timer);
    await polling;
  });
}

/** An error in a sentence; of a port that is in use, with what to do. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'EADDRINUSE')
    return `port ${port} is in use. Give another with --port, or 0 for any that is free.`;
  return error.message;
}
