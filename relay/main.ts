import { parseArgs } from 'node:util';
import closeWithGrace from 'close-with-grace';
import { ConfigError, type Relay, readConfig, startRelay } from './relay.ts';

/** What is under way gets so long to end; systemd and Docker are set to wait longer. */
const GRACE_MS = 25_000;

const USAGE = `npm run relay
  Takes HighLevel's webhooks and sends each Zap its hooks, until it is stopped. It takes no flags: its settings are
  environment variables, and docs/relay.md lists them. Without any it listens at 127.0.0.1:8787 and keeps a database of
  its own in ./relay-data.`;

readFlags();

const stopping = new AbortController();
let starting: Promise<Relay> | undefined;

closeWithGrace({ delay: GRACE_MS, logger: false }, async ({ err }) => {
  if (err) process.stderr.write(`The relay failed: ${err.stack}\n`);
  stopping.abort();
  await (await starting?.catch(() => undefined))?.close();
});

try {
  starting = startRelay(readConfig(process.env), { signal: stopping.signal });
  await starting;
} catch (error) {
  if (!stopping.signal.aborted) {
    const plain = error instanceof ConfigError || error instanceof Error;
    process.stderr.write(`${plain ? error.message : error}\n`);
    process.exit(1);
  }
}

/** Ends the process with the usage: at `--help` with 0, at anything else with 2. */
function readFlags(): void {
  try {
    const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h' } } });
    if (!values.help) return;
    process.stdout.write(`${USAGE}\n`);
    process.exit(0);
  } catch (error) {
    const [sentence] = (error instanceof Error ? error.message : String(error)).split(/\.\s/);
    process.stderr.write(`${sentence?.replace(/\.?$/, '.')}\n${USAGE}\n`);
    process.exit(2);
  }
}
