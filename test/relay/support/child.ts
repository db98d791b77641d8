import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ADMIN_TOKEN } from './relay.ts';

const MAIN = join(import.meta.dirname, '../../../relay/main.ts');

export interface RelayProcess {
  process: ChildProcess;
  /** Where it listens, once it is ready. */
  url: string;
  /** All that it wrote, to either stream. */
  output(): string;
  /** Sends a signal and waits for the end; with the exit code, or null for an end by the signal itself. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/**
 * Runs `npm run relay`'s command as a process of its own.
 *
 * @param script another one than the command's
 * @throws Error with its output where it ends before it is ready
 */
export async function runRelay(
  environment: Record<string, string>,
  user: { uid?: number; gid?: number } = {},
  script = MAIN,
): Promise<RelayProcess> {
  const child = spawn(process.execPath, [script], {
    env: { PATH: process.env.PATH ?? '', RELAY_PORT: '0', RELAY_ADMIN_TOKEN: ADMIN_TOKEN, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...user,
  });
  let output = '';
  const ended = once(child, 'exit');
  const ready = new Promise<string>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        const at = output.match(/"at":"([^"]+)","msg":"ready"/)?.[1];
        if (at) resolve(at);
      });
    }
  });
  const url = await Promise.race([
    ready,
    ended.then(() => {
      throw new Error(`The relay ended: ${output}`);
    }),
  ]);
  return {
    process: child,
    url,
    output: () => output,
    async end(signal) {
      child.kill(signal);
      const [code] = await ended;
      return code as number | null;
    },
  };
}
