import closeWithGrace from 'close-with-grace';
import { ConfigError, type Relay, readConfig, startRelay } from './relay.ts';

/** What is under way gets so long to end; systemd and Docker are set to wait longer. */
const GRACE_MS = 25_000;

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
