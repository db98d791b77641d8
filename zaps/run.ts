/** Plays one story, or all of them, on the built app: `npm run zap -- NAME`, `npm run zap -- --all`. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { styleText } from 'node:util';
import { onStop, readFlags, refuse } from '../local/command.ts';
import { WAYS, wayCalled } from '../local/demo/connecting.ts';
import { type Outcome, play } from './harness/play.ts';
import { reporter, table } from './harness/report.ts';
import { needsRelay } from './harness/world.ts';
import { stories } from './stories/index.ts';

const NAMES = stories.map(({ name, title }) => `  ${name.padEnd(30)} ${title}`).join('\n');
const USAGE = `npm run zap -- NAME… [flags]
  --all          play every story
  --auth WAY     the build to use: oauth or private-token (default oauth). HighLevel sends no webhooks for a private
                 token, so that build plays the stories without instant triggers
  --zone ZONE    the zone of the Zaps, such as Australia/Sydney (default America/Chicago, as Zapier's)
  --replay WHAT  which runs Zapier replays by itself, up to five times: off, errored, or stopped, which is
                 halted ones too (default off)
The stories:
${NAMES}`;

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

const { values: flags, positionals } = readFlags(
  USAGE,
  {
    all: { type: 'boolean', default: false },
    auth: { type: 'string', default: 'oauth' },
    zone: { type: 'string' },
    replay: { type: 'string', default: 'off' },
  },
  { takesNames: true },
);
const strange = positionals.find((name) => !stories.some((story) => story.name === name));
if (strange) refuse(`There is no "${strange}".\n${USAGE}`);
const way =
  wayCalled(flags.auth) ??
  refuse(`--auth ${flags.auth}: there is no such build. There are: ${Object.keys(WAYS).join(', ')}.`);
const named = flags.all ? stories : stories.filter(({ name }) => positionals.includes(name));
if (named.length === 0) refuse(`Give --all, or the name of a story.\n${USAGE}`);
const instant = way === WAYS['private-token'] ? named.filter(({ zaps }) => needsRelay(zaps)) : [];
if (instant.length > 0 && !flags.all)
  refuse(
    `--auth private-token: HighLevel sends no webhooks for such a token, and ${instant.map(({ name }) => name).join(', ')} needs them, for instant triggers.`,
  );
const chosen = named.filter((story) => !instant.includes(story));
const timezone = flags.zone;
if (timezone && !isZone(timezone))
  refuse(`--zone ${timezone}: there is no such zone. Write it like America/Chicago.`);
const autoreplay = readReplay(flags.replay);

const stopping = new AbortController();
let playing: Promise<unknown> = Promise.resolve();
onStop(async () => {
  stopping.abort();
  // What a story says of a world that was closed under it is of no interest.
  await playing.catch(() => undefined);
});

const outcomes: Outcome[] = [];
for (const [index, story] of chosen.entries()) {
  if (stopping.signal.aborted) break;
  const place = chosen.length > 1 ? ` (${index + 1} of ${chosen.length})` : '';
  console.log(`\n${styleText(['bold', 'underline'], story.title)}${place}\n  ${story.who}`);
  const source = { appPath: join(ROOT, way.bundle) };
  const listener = reporter(console.log);
  const { connect } = way;
  const played = play(story, source, { listener, timezone, connect, autoreplay, signal: stopping.signal });
  playing = played;
  outcomes.push(await played);
}
if (!stopping.signal.aborted) process.exit(report());

/** @returns the exit code */
function report(): number {
  console.log(`\n${styleText('bold', 'Requests to HighLevel')}\n${table(outcomes)}\n`);
  if (instant.length > 0)
    console.log(`Not played, as they need webhooks: ${instant.map(({ name }) => name).join(', ')}.`);
  const faults = outcomes.flatMap(({ story, checks }) =>
    checks.filter(({ fault }) => fault !== null).map(({ says }) => `${story.name}: ${says}`),
  );
  const promises = outcomes.flatMap(({ checks }) => checks).length;
  if (faults.length === 0) {
    const count = `${outcomes.length} ${outcomes.length === 1 ? 'story' : 'stories'}`;
    console.log(`All ${promises} promises of ${count} hold.`);
    return 0;
  }
  console.log(`Not held:\n${faults.map((one) => `  ${one}`).join('\n')}`);
  console.log(`${faults.length} of ${promises} promises do not hold.`);
  return 1;
}

function isZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}

function readReplay(text: string): 'off' | 'errored' | 'stopped' {
  if (text === 'off' || text === 'errored' || text === 'stopped') return text;
  return refuse(`--replay ${text}: there are off, errored and stopped.`);
}
