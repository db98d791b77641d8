import { styleText } from 'node:util';
import type { Connection, RunnerEvent } from '../zap-runner/index.ts';

/** Tells in the terminal what happens, to someone who has never seen it. */
export interface Story {
  /** Set once it is made; searches by hand use it. */
  connection: Connection | undefined;
  /** Polls that find nothing are left out. */
  quiet: boolean;
  chapter(title: string): void;
  /** Something that a person did in HighLevel. */
  change(what: string): void;
  found(name: string, url: string): void;
  line(text: string): void;
  /** What the runner reports. */
  on(event: RunnerEvent): void;
}

export function tellStory(write: (line: string) => void): Story {
  let chapters = 0;
  const line = (text = '') => write(text);
  const detail = (text: string) => line(`     ${text}`);
  const story: Story = {
    connection: undefined,
    quiet: false,
    line,
    chapter(title) {
      chapters += 1;
      line();
      line(styleText('bold', `${String(chapters).padStart(2)}. ${title}`));
    },
    change: (what) => detail(`${styleText('magenta', 'HighLevel')}  ${what}`),
    found(name, url) {
      detail(`${styleText('green', 'found')}      "${name}"`);
      detail(`           ${url}`);
    },
    on(event) {
      if (story.quiet && event.type === 'poll' && event.fresh === 0 && !event.failure) return;
      const text = describe(event);
      if (text) for (const part of text.split('\n')) detail(part);
    },
  };
  return story;
}

/** One event in words; null for what a reader need not see. */
function describe(event: RunnerEvent): string | null {
  switch (event.type) {
    case 'connected':
      return `${styleText('green', 'connected')}  ${event.label}${cost(event)}`;
    case 'turned_on':
      return event.how === 'hook'
        ? `${styleText('green', 'Zap on')}     "${event.zap}": subscribed at the relay${cost(event)}`
        : `${styleText('green', 'Zap on')}     "${event.zap}": ${event.remembered} opportunities that exist already are remembered, so they will not fire${cost(event)}`;
    case 'delivery':
      return `${styleText('cyan', 'hook')}       ${count(event.rows, 'change')} delivered${cost(event)}`;
    case 'poll':
      return event.failure
        ? `${styleText('red', 'poll')}       failed: ${event.failure.message}`
        : `${styleText('cyan', 'poll')}       ${count(event.rows, 'opportunity', 'opportunities')} read, ${event.deduped} known, ${event.fresh} new${cost(event)}`;
    case 'step':
      return describeStep(event);
    case 'refreshed':
      return `${styleText('cyan', 'token')}      ${event.ok ? 'renewed' : 'could not be renewed'}${cost(event)}`;
    case 'throttled':
      return `${styleText('yellow', 'wait')}       HighLevel asks to slow down: ${event.delaySeconds} s`;
    case 'held':
      return `${styleText('yellow', 'held')}       ${count(event.count, 'run')}: ${event.reason}`;
    default:
      return null;
  }
}

function describeStep(event: Extract<RunnerEvent, { type: 'step' }>): string {
  const { output, failure } = event;
  if (failure) {
    const word = event.outcome === 'halted' ? styleText('yellow', 'stopped') : styleText('red', 'failed');
    return `${word}    ${event.key}: ${plain(failure.message)}`;
  }
  if (event.key === 'create_task') {
    return `${styleText('green', event.outcome)}       ${event.key}: "${output?.title ?? ''}", for ${output?.owner_name ?? 'nobody'}${cost(event)}`;
  }
  const where = [output?.pipeline_name, output?.stage_name].filter(Boolean).join(' › ');
  return [
    `${styleText('green', event.outcome)}       ${event.key}: "${output?.name ?? ''}" in ${where}, ${output?.monetary_value ?? 'no value'}, owner ${output?.owner_name ?? 'nobody'}${cost(event)}`,
    `           ${output?.url ?? ''}`,
  ].join('\n');
}

/** Core appends the bundle for developers; a reader of the demonstration wants the sentence. [source: core, middleware] */
function plain(message: string): string {
  return message.split('\nWhat happened:')[0] ?? message;
}

function cost({ requests, ms }: { requests: number; ms: number }): string {
  return styleText('dim', ` (${count(requests, 'request')}, ${Math.round(ms)} ms)`);
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
