/** All that people read in the Zap editor, on one page: docs/operations.md. */

import {
  type Definition,
  type Field,
  type Operation,
  operationsOf,
  outputsOf,
  type Shelf,
} from './definition.ts';
import { describedPaths, valuesAt } from './values.ts';

const SHELF_TITLES: Record<Shelf, string> = {
  triggers: 'Triggers',
  creates: 'Actions',
  searches: 'Searches',
};

const KINDS: Record<string, string> = { hook: 'instant', polling: 'polling' };

const cell = (value: unknown) => String(value).replaceAll('|', '\\|').replaceAll('\n', '<br>');
const row = (...cells: unknown[]) => `| ${cells.map(cell).join(' | ')} |`;
const table = (head: string[], rows: string[]) =>
  [row(...head), row(...head.map(() => '---')), ...rows].join('\n');
const word = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
const choice = ([value, label]: [string, string]) => `${label} (\`${value}\`)`;

/** What else is set of a field, for example `required` or `default: open`. */
function settingsOf({
  key,
  label,
  type,
  helpText,
  ofAccount,
  choices,
  hasOwnChoices,
  ...rest
}: Field): string {
  const offered = [
    ...Object.entries(choices ?? {}).map(choice),
    ...(hasOwnChoices ? ['your custom fields'] : []),
  ];
  const settings = offered.length > 0 ? { choices: offered.join(', '), ...rest } : rest;
  return Object.entries(settings)
    .filter(([, value]) => value !== false && value !== undefined)
    .map(([name, value]) => (value === true ? name : `${name}: ${word(value)}`))
    .join('; ');
}

const inputRow = (field: Field) =>
  row(field.label ?? '', `\`${field.key}\``, field.type ?? '', settingsOf(field), field.helpText ?? '');

function inputTable(fields: Field[]): string {
  const declared = fields.filter(({ ofAccount }) => !ofAccount);
  if (declared.length === 0) return 'Asks for nothing.';
  const own = declared.length < fields.length ? '\n\nThe custom fields of the account come besides.' : '';
  return table(['Field', 'Key', 'Type', 'Settings', 'Help'], declared.map(inputRow)) + own;
}

function outputTable(outputs: Field[], shared: Field[], sample: object): string {
  const declared = outputs.filter(({ ofAccount }) => !ofAccount);
  const isShared = shared.every(({ key }) => declared.some((field) => field.key === key));
  const sharedKeys = new Set(isShared ? shared.map(({ key }) => key) : []);
  const rows = [...describedPaths(declared.filter(({ key }) => !sharedKeys.has(key)))].map(([path, field]) =>
    row(
      field.label ?? '',
      `\`${path}\``,
      field.type ?? '',
      settingsOf(field),
      valuesAt(sample, path).map(word).join(', '),
    ),
  );
  const said = isShared ? 'Gives [the opportunity](#the-opportunity).' : '';
  if (rows.length === 0) return said;
  return `${said}${said && '\n\n'}${table(['Output', 'Key', 'Type', 'Settings', 'For example'], rows)}`;
}

function section(place: string, { noun, display, operation }: Operation, shared: Field[]): string {
  const groups = operation.inputFieldGroups?.map(({ label }) => `"${label}"`).join(', ');
  const facts = [
    `\`${place}\``,
    KINDS[operation.type ?? ''],
    `noun: ${noun}`,
    groups && `folded away: ${groups}`,
  ];
  return [
    `### ${display.label}${display.hidden ? ' (Hidden)' : ''}`,
    facts.filter(Boolean).join(', '),
    display.description,
    inputTable(operation.inputFields ?? []),
    outputTable(outputsOf({ operation } as Operation), shared, operation.sample ?? {}),
  ].join('\n\n');
}

/**
 * The page in Markdown.
 *
 * @param opportunity the operation whose outputs are the opportunity alone, which the others then refer to
 * @param privateToken the build that is connected by a private token, which differs in how it is connected alone
 */
export function pageOf(app: Definition, opportunity: Operation, privateToken: Definition): string {
  const shared = outputsOf(opportunity).filter(({ ofAccount }) => !ofAccount);
  const { fields = [], connectionLabel } = app.authentication ?? {};
  const pairs = Object.entries(app.searchOrCreates ?? {}).map(([key, { display, search, create, update }]) =>
    [
      `### ${display.label}`,
      `\`searchOrCreates.${key}\`: ${[search, create, update]
        .filter(Boolean)
        .map((one) => `\`${one}\``)
        .join(', ')}`,
      display.description,
    ].join('\n\n'),
  );
  return `${[
    '# The Operations, as the Zap Editor Shows Them',
    'Written from the definition; after a change: `RECORD_DEFINITION=1 npm run jest -- test/definition/page`.',
    '## Connecting',
    `A connection is called \`${connectionLabel}\`.`,
    '### By Signing In',
    inputTable(fields),
    '### By a Private Integration Token',
    inputTable(privateToken.authentication?.fields ?? []),
    '## The Opportunity',
    outputTable(shared, [{ key: '-' }], opportunity.operation.sample ?? {}),
    ...(Object.keys(SHELF_TITLES) as Shelf[]).flatMap((shelf) => [
      `## ${SHELF_TITLES[shelf]}`,
      ...operationsOf(app, shelf).map((one) => section(one.place, one, shared)),
    ]),
    '## Find or Create',
    ...pairs,
  ].join('\n\n')}\n`;
}
