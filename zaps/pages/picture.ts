import type { Step, Zap } from '../../local/zap-runner/index.ts';
import { appOf, nameOf, triggerName } from './words.ts';

/** Draws a Zap as a Mermaid flowchart, from top to bottom as in the editor. */
export function picture(zap: Zap): string {
  const lines = ['flowchart TD'];
  const { name, app } = triggerName(zap.trigger);
  lines.push(`  trigger([${quoted(name, app)}])`);
  draw(zap.steps, 'trigger', null, lines);
  return lines.join('\n');
}

function draw(steps: Step[], from: string, edge: string | null, lines: string[]): void {
  let last = from;
  let label = edge;
  for (const step of steps) {
    const [open, close] = SHAPES[step.kind] ?? ['[', ']'];
    lines.push(`  ${step.id}${open}${quoted(step.title ?? nameOf(step), appOf(step))}${close}`);
    lines.push(`  ${last} -->${label ? `|${text(label)}| ` : ' '}${step.id}`);
    last = step.id;
    label = null;
    if (step.kind === 'paths') for (const path of step.paths) draw(path.steps, step.id, path.name, lines);
    if (step.kind === 'looping') draw(step.steps, step.id, 'each', lines);
    if ('onError' in step && step.onError) draw(step.onError, step.id, 'if it fails', lines);
  }
}

const SHAPES: Partial<Record<Step['kind'], [string, string]>> = {
  filter: ['{{', '}}'],
  paths: ['{', '}'],
  looping: ['[[', ']]'],
  search: ['[/', '/]'],
};

function quoted(name: string, app: string): string {
  return `"${safe(name)}<br/><small>${safe(app)}</small>"`;
}

function text(label: string): string {
  return `"${safe(label)}"`;
}

function safe(words: string): string {
  return words.replaceAll('"', '#quot;');
}
