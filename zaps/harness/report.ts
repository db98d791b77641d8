import { styleText } from 'node:util';
import type { RunnerEvent } from '../../local/zap-runner/index.ts';
import type { Listener, Outcome, Usage } from './play.ts';

/** Tells in the terminal what happens while a story is played. */
export function reporter(write: (line: string) => void): Listener {
  return {
    scene: ({ says }) => write(`\n  ${styleText('bold', says)}`),
    event: (event) => {
      const line = describe(event);
      if (line) write(`    ${line}`);
    },
    check: ({ says, fault }) =>
      write(
        fault === null
          ? `    ${styleText('green', '✓')} ${says}`
          : `    ${styleText('red', '✗')} ${says}\n      ${fault.replaceAll('\n', '\n      ')}`,
      ),
  };
}

/** One event in words; null for what a reader need not see. */
function describe(event: RunnerEvent): string | null {
  switch (event.type) {
    case 'turned_on':
      return styleText('dim', `on         ${event.zap}`);
    case 'poll':
      return event.failure
        ? `poll       ${event.zap}: ${plain(event.failure.message)}`
        : styleText('dim', `poll       ${event.zap}: ${event.fresh} new${cost(event.requests)}`);
    case 'delivery':
      if (event.failure)
        return styleText('red', `hook       ${event.zap}, lost: ${plain(event.failure.message)}`);
      return styleText('dim', `hook       ${event.zap}${cost(event.requests)}`);
    case 'throttled':
      return styleText('yellow', `wait       HighLevel asks to wait ${event.delaySeconds} s`);
    case 'replay':
      return styleText('yellow', `replay     ${event.zap}, try ${event.attempt} of 5`);
    case 'step':
      return describeStep(event);
    default:
      return null;
  }
}

function describeStep(event: Extract<RunnerEvent, { type: 'step' }>): string {
  const what = `${event.outcome.padEnd(10)} ${event.step}: ${event.key}${cost(event.requests)}`;
  if (!event.failure) return event.outcome === 'filtered' ? styleText('dim', what) : what;
  return `${styleText('yellow', what)}\n               ${plain(event.failure.message)}`;
}

/** Core appends the bundle for developers; a reader wants the sentence. [source: core, middleware] */
function plain(message: string): string {
  return message.split('\nWhat happened:')[0] ?? message;
}

function cost(requests: number): string {
  return requests === 0 ? '' : styleText('dim', ` (${requests} request${requests === 1 ? '' : 's'})`);
}

const COLUMNS: [string, (usage: Usage) => string | number][] = [
  ['Zap', ({ zap }) => zap],
  ['Runs', ({ runs }) => runs],
  ['Hooks', ({ deliveries }) => deliveries],
  ['Trigger', ({ triggerRequests }) => triggerRequests],
  ['Steps', ({ stepRequests }) => stepRequests],
  ['Most in a run', ({ most, allowed }) => `${most} of ${allowed}`],
  ['Other apps', ({ otherSteps }) => otherSteps],
];

/** What each Zap used, a line each: requests to HighLevel by trigger and steps, and steps of other apps. */
export function table(outcomes: Outcome[]): string {
  const rows = outcomes.flatMap(({ usage }) =>
    usage.map((one) => COLUMNS.map(([, cell]) => String(cell(one)))),
  );
  const lines = [COLUMNS.map(([head]) => head), ...rows];
  const widths = COLUMNS.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  '),
    )
    .join('\n');
}
