import { readdirSync } from 'node:fs';
import { createAppHandler } from 'zapier-platform-core';
import packageJson from '../../package.json' with { type: 'json' };
import type { Connection } from '../support/connection.ts';

import {
  type Definition,
  type Facts,
  type Field,
  inputsOf,
  type Operation,
  operationsOf,
  SHELVES,
} from './definition.ts';
import { isCustom } from './values.ts';

export function readFacts(): Facts {
  const root = new URL('../../', import.meta.url);
  return {
    coreVersion: packageJson.dependencies['zapier-platform-core'],
    files: SHELVES.flatMap((shelf) =>
      readdirSync(new URL(shelf, root))
        .filter((name) => name.endsWith('.ts'))
        .map((name) => `${shelf}/${name}`),
    ),
  };
}

/** The app's definition, its field functions answered by the connection's account. */
export async function readDefinition(connection: Connection): Promise<Definition> {
  const handler = createAppHandler(connection.app);
  const { results } = await handler({ command: 'definition', calledFromCli: true });
  const app = structuredClone(results) as Definition;
  for (const { shelf, mapKey } of operationsOf(app)) {
    const { display, operation } = app[shelf]?.[mapKey] as Operation;
    // Instant triggers are hidden only where the publisher has no relay; the rules look at them as people would.
    if (operation.type === 'hook') delete display.hidden;
    for (const side of ['inputFields', 'outputFields'] as const) {
      const declared: unknown[] = operation[side] ?? [];
      const whole = declared.every((field) => typeof field === 'object')
        ? (declared as Field[])
        : await connection.run<Field[]>(`${shelf}.${mapKey}.operation.${side}`);
      operation[side] = whole.map((field) => (isCustom(field.key) ? { ...field, ofAccount: true } : field));
    }
    addSamples(operation);
  }
  return withoutOwnChoices(app);
}

/** Puts the samples of fields into the operation's, as Zapier does. [source: zapier-platform-schema, PlainOutputFieldSchema] */
function addSamples({ sample, outputFields = [] }: Operation['operation']): void {
  if (!sample) return;
  for (const field of outputFields as (Field & { sample?: unknown })[]) {
    const [root = '', joint] = field.key.split(/(__|\[\])/, 2);
    if (joint) sample[root] ??= joint === '[]' ? [] : {};
    else if (field.sample !== undefined) sample[root] = field.sample;
    delete field.sample;
  }
}

/** The account's own fields are taken out of the choices of others: they differ from account to account. */
function withoutOwnChoices(app: Definition): Definition {
  const inputs = operationsOf(app).flatMap(inputsOf);
  const ids = inputs
    .filter(({ ofAccount }) => ofAccount)
    .flatMap(({ key }) => key.match(/[A-Za-z0-9]{20}/) ?? []);
  for (const field of inputs) {
    const choices = Object.entries(field.choices ?? {});
    const fixed = choices.filter(([value]) => !ids.some((id) => value.endsWith(id)));
    if (field.ofAccount || fixed.length === choices.length) continue;
    Object.assign(field, { choices: Object.fromEntries(fixed), hasOwnChoices: true });
  }
  return app;
}
