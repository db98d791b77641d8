/** What the commands have in common that a person starts: flags with a usage text, and an orderly end. */

import { type ParseArgsConfig, parseArgs } from 'node:util';

/**
 * Reads a command's flags. Ends the process with the usage: at `--help` with 0, at a flag that there is not with 2.
 *
 * @param usage ends without a line break
 * @param takesNames whether words without dashes are expected
 */
export function readFlags<Options extends NonNullable<ParseArgsConfig['options']>>(
  usage: string,
  options: Options,
  { takesNames = false } = {},
) {
  const all = { ...options, help: { type: 'boolean', short: 'h', default: false } } as const;
  const read = () => {
    try {
      return parseArgs({ options: all, allowPositionals: true, strict: true });
    } catch (error) {
      const [sentence] = (error instanceof Error ? error.message : String(error)).split(/\.\s/);
      return refuse(`${sentence?.replace(/\.?$/, '.')}\n${usage}`);
    }
  };
  const parsed = read();
  const [first] = parsed.positionals;
  if (first !== undefined && !takesNames) refuse(`"${first}" is not expected here.\n${usage}`);
  if ((parsed.values as { help?: boolean }).help) {
    process.stdout.write(`${usage}\n`);
    process.exit(0);
  }
  return parsed;
}

/** Ends the process with a sentence and 2, as for a flag that cannot be used. */
export function refuse(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

/**
 * A flag that is a whole number from `min` to `max`. Anything else ends the process.
 *
 * @param flag as it is typed, such as `--port`
 */
export function wholeNumber(flag: string, text: string, max: number, min = 0): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  return refuse(`${flag} ${text}: must be a whole number from ${min} to ${max}.`);
}

/**
 * A flag that is a number above 0, such as 0.1. Anything else ends the process.
 *
 * @param flag as it is typed, such as `--scale`
 */
export function numberAbove0(flag: string, text: string): number {
  const value = Number(text);
  if (/^\d*\.?\d+$/.test(text) && value > 0) return value;
  return refuse(`${flag} ${text}: must be a number above 0, such as 0.1.`);
}

/**
 * Calls `end` at the first SIGINT or SIGTERM and then ends the process with the signal's exit code; a second signal
 * ends it at once. Where npm started it, the end of npm counts as SIGTERM.
 */
export function onStop(end: () => Promise<void>): void {
  let leaving = false;
  const leave = (code: number) => {
    if (leaving) process.exit(code);
    leaving = true;
    end().then(
      () => process.exit(code),
      (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', () => leave(130));
  process.on('SIGTERM', () => leave(143));
  if (process.env.npm_lifecycle_event) whenOrphaned(() => leave(143));
}

/** npm hands SIGTERM to its shell, which ends and leaves its child behind [run: npm 11 and dash]. */
function whenOrphaned(end: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    end();
  }, PARENT_CHECK_MS);
  timer.unref();
}

const PARENT_CHECK_MS = 250;
