import type { Step, Trigger, Zap } from '../../local/zap-runner/index.ts';
import type { Sample, Story } from '../harness/story.ts';
import { needsRelay } from '../harness/world.ts';
import type { StoryZap } from '../harness/zap.ts';
import { picture } from './picture.ts';
import {
  appOf,
  type Before,
  conditionInWords,
  inputInWords,
  inputLabel,
  nameOf,
  triggerName,
  valueInWords,
} from './words.ts';

/** A story as a page for somebody who builds Zaps and does not code. */
export function page(story: Story): string {
  const drawn = story.zaps.filter(({ like }) => !like);
  return `${[
    `# ${story.title}`,
    `For ${story.who.charAt(0).toLowerCase()}${story.who.slice(1)}`,
    `Play it on this machine: \`npm run zap -- ${story.name}\`${byToken(story)}`,
    '## What you can rely on',
    list(story.rules),
    '## Before you begin',
    list(story.before),
    ...drawn.flatMap((one) => zapParts(one, story.zaps)),
    '## What the other app sends or gets',
    ...story.samples.map(sampleText),
    '## Where people ask for it',
    list(story.asked),
    '## As a Zap template',
    `**${story.template.title}**`,
    story.template.description,
  ].join('\n\n')}\n`;
}

function byToken({ name, zaps }: Story): string {
  if (needsRelay(zaps)) return '';
  return `, or with a private integration token as the connection: \`npm run zap -- --auth=private-token ${name}\``;
}

function zapParts({ zap, mostRequests }: StoryZap, all: StoryZap[]): string[] {
  const twins = all.filter(({ like }) => like === zap.name).map((twin) => triggerName(twin.zap.trigger).name);
  const requests =
    mostRequests === 0
      ? 'Its steps make no requests to HighLevel.'
      : `One run makes at most ${mostRequests} requests to HighLevel.`;
  return [
    `## The Zap: ${zap.name}`,
    `\`\`\`mermaid\n${picture(zap)}\n\`\`\``,
    ...(twins.length > 0
      ? [`The same Zap is built ${twins.length} times more, with these triggers: ${twins.join(', ')}.`]
      : []),
    requests,
    table(zap),
    ...codeOf(zap.steps),
  ];
}

/** Every field that is filled in, step by step. */
function table(zap: Zap): string {
  const rows: string[][] = [];
  const before: Before = new Map<string, Step | Trigger>([['trigger', zap.trigger]]);
  const { name, app } = triggerName(zap.trigger);
  const input = 'input' in zap.trigger ? (zap.trigger.input ?? {}) : {};
  const head = `**${name}** (${app})`;
  const fields = Object.entries(input).map(([key, value]) => [
    inputLabel(zap.trigger, key),
    inputInWords(zap.trigger, key, value, before),
  ]);
  rows.push(...titled(head, fields, ''));
  stepRows(zap.steps, before, '', rows);
  const lines = rows.map((cells) => `| ${cells.join(' | ')} |`);
  return ['| Step | Field | What goes in |', '|---|---|---|', ...lines].join('\n');
}

function stepRows(steps: Step[], before: Before, place: string, rows: string[][]): void {
  for (const step of steps) {
    const title = step.title ? `${step.title}: ` : '';
    rows.push(...titled(`${title}**${nameOf(step)}** (${appOf(step)})`, fieldRows(step, before), place));
    before.set(step.id, step);
    if (step.kind === 'looping') stepRows(step.steps, before, `${place}↳ `, rows);
    if ('onError' in step && step.onError) {
      rows.push([`${place}Error handler`, 'If', 'the step before fails']);
      stepRows(step.onError, before, `${place}↳ `, rows);
    }
    if (step.kind !== 'paths') continue;
    for (const path of step.paths) {
      const rules = path.rules.map((rule) => conditionInWords(rule, before)).join(', and ') || 'always';
      rows.push([`${place}Path: **${path.name}**`, 'If', rules]);
      stepRows(path.steps, before, `${place}↳ `, rows);
    }
  }
}

/** The step's name stands in its first row alone. */
function titled(head: string, fields: string[][], place: string): string[][] {
  const some = fields.length > 0 ? fields : [['', '']];
  return some.map((cells, index) => [index === 0 ? `${place}${head}` : '', ...cells]);
}

function fieldRows(step: Step, before: Before): string[][] {
  switch (step.kind) {
    case 'filter':
      return [['If', conditionInWords(step, before)]];
    case 'formatter':
      return step.transform === 'lookup_table'
        ? [
            ['Lookup Key', valueInWords(step.input, before)],
            ...Object.entries(step.table).map(([key, value]) => [
              key === '' ? '(empty) becomes' : `\`${key}\` becomes`,
              `\`${value}\``,
            ]),
          ]
        : [['Formula', valueInWords(step.formula, before)]];
    case 'storage': {
      const key = ['Key', valueInWords(step.storeKey, before)];
      if (step.action !== 'set_child_values') return [key];
      if (typeof step.values === 'string') return [key, ['Values', valueInWords(step.values, before)]];
      const values = Object.entries(step.values);
      return [key, ...values.map(([name, value]) => [inputLabel(step, name), valueInWords(value, before)])];
    }
    case 'paths':
      return [];
    case 'looping':
      return [['Items', valueInWords(step.items, before)]];
    default:
      return Object.entries(step.input ?? {}).map(([key, value]) => [
        inputLabel(step, key),
        inputInWords(step, key, value, before),
      ]);
  }
}

/** The code of Code by Zapier, to be pasted there. */
function codeOf(steps: Step[]): string[] {
  return steps.flatMap((step) => {
    if (step.kind === 'paths') return step.paths.flatMap((path) => codeOf(path.steps));
    if (step.kind === 'looping') return codeOf(step.steps);
    if (step.kind !== 'code' && 'onError' in step && step.onError) return codeOf(step.onError);
    if (step.kind !== 'code') return [];
    return [
      `The code of the step "${step.title ?? nameOf(step)}", to be pasted into it:`,
      `\`\`\`js\n${bodyOf(step.code)}\n\`\`\``,
    ];
  });
}

/** What stands between the braces of a function, without types, from the left margin on. */
function bodyOf(code: (inputData: Record<string, string>) => object): string {
  const lines = String(code).split('\n').slice(1, -1);
  const margin = Math.min(...lines.filter((line) => line.trim()).map((line) => line.search(/\S/)));
  // Where a type was, Node leaves blanks.
  return lines
    .map((line) =>
      line
        .slice(margin)
        .replace(/(\S) {2,}/g, '$1 ')
        .trimEnd(),
    )
    .join('\n');
}

function sampleText({ app, what, source, known, payload }: Sample): string {
  const sure =
    known === 'documented'
      ? 'Its fields are documented; the values are ours.'
      : 'No public page spells its fields: names and values are ours, after what these pages tell. Map the fields that your account shows.';
  return `**${app}.** ${what}. ${sure} Source: ${source}.\n\n\`\`\`json\n${JSON.stringify(payload, null, 2)}\n\`\`\``;
}

function list(items: string[]): string {
  return items.map((item) => `- ${item}`).join('\n');
}
