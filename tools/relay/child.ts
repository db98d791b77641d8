import { type ChildProcess, spawn } from 'node:child_process';

/** A server that runs as a process of its own. */
export interface Server {
  url: string;
  process: ChildProcess;
}

/** A relay says in its log when it is ready; the others print where they listen. */
const READY = /"at":"([^"]+)","msg":"ready"|^(http:\S+)$/m;

/**
 * Starts a script with an environment of its own.
 *
 * @throws Error with what it printed where it ends before it is ready
 */
export function startServer(script: string, args: string[], env: Record<string, string>): Promise<Server> {
  const child = spawn(process.execPath, [script, ...args], {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  let isReady = false;
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error(`${script} ended before it was ready: ${output}`)));
    // What comes later is read as well, or the process would wait for someone to read it.
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (isReady) return;
      output += text;
      const [, ready, printed] = output.match(READY) ?? [];
      const url = ready ?? printed;
      if (url) {
        isReady = true;
        resolve({ url, process: child });
      }
    });
  });
}
