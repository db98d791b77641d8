/** `npm run sandbox`: HighLevel on this machine, until it is stopped with Ctrl+C. */
import { onStop, readFlags, refuse, wholeNumber } from '../command.ts';
import { type ContraryName, contraries, contraryNamed, type Sandbox, startSandbox } from './index.ts';

const USAGE = `npm run sandbox -- [flags]
  --port N            TCP port; 0 picks a free one (default 8765)
  --opportunities N   how many opportunities the account holds (default 30)
  --state FILE        keep the account in a file
  --search-lag MS     how far search runs behind writes (default 0)
  --webhook-url URL   where signed webhooks go (default nowhere)
  --contrary NAMES    answer otherwise, as HighLevel is reported to: names with commas (default none)
  --list-contraries   show those names, what each does, and who reported it
  --help              show this`;

const { values: flags } = readFlags(USAGE, {
  port: { type: 'string', default: '8765' },
  opportunities: { type: 'string', default: '30' },
  state: { type: 'string' },
  'search-lag': { type: 'string', default: '0' },
  'webhook-url': { type: 'string' },
  contrary: { type: 'string', default: '' },
  'list-contraries': { type: 'boolean', default: false },
});

function address(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  return refuse(`--webhook-url ${text}: must be an http or https address.`);
}

function contraryNames(text: string): ContraryName[] {
  const names = text.split(',').map((name) => name.trim());
  return names
    .filter((name) => name !== '')
    .map(
      (name) =>
        contraryNamed(name) ??
        refuse(`--contrary ${name}: there is no such name. npm run sandbox -- --list-contraries shows all.`),
    );
}

function messageOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'EADDRINUSE') {
    return `Port ${flags.port} is in use by another program. Choose another with --port N, or --port 0 for any free one.`;
  }
  if (code === 'EACCES') {
    return `Port ${flags.port} is not yours to listen on. Choose one above 1023 with --port N.`;
  }
  const message = error instanceof Error ? error.message : String(error);
  const isOfFile = flags.state !== undefined && message.includes(flags.state);
  return isOfFile ? `--state ${flags.state}: ${message}` : message;
}

async function start(): Promise<Sandbox> {
  try {
    return await startSandbox({
      port: wholeNumber('--port', flags.port, 65_535),
      opportunities: wholeNumber('--opportunities', flags.opportunities, 1_000_000),
      searchLagMs: wholeNumber('--search-lag', flags['search-lag'], 3_600_000),
      webhookUrl: address(flags['webhook-url']),
      stateFile: flags.state,
      contrary: contraryNames(flags.contrary),
    });
  } catch (error) {
    return refuse(messageOf(error));
  }
}

if (flags['list-contraries']) {
  const lines = contraries.map(({ name, does, source }) => `${name}\n    ${does}\n    ${source}\n`);
  process.stdout.write(lines.join(''));
} else {
  const sandbox = await start();
  onStop(() => sandbox.close());
  const { url, clientId, clientSecret, locationId, accessToken } = sandbox;
  const privateToken = sandbox.mintToken({ private: true }).accessToken;
  process.stdout.write(
    `${JSON.stringify({ url, clientId, clientSecret, locationId, accessToken, privateToken })}\n`,
  );
}
