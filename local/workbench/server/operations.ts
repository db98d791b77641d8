import type { AppDefinition, Connection, FieldDefinition, Fields, Runner } from '../../zap-runner/index.ts';
import { type AppKind, type FormSection, formField, type InputField } from './fields.ts';

/** An operation of the app, to choose from. */
export interface OperationChoice {
  kind: AppKind;
  key: string;
  label: string;
  description: string;
  noun: string;
  /** Of a trigger: whether it is told at once or polled. */
  instant: boolean;
}

interface Described {
  key: string;
  noun?: string;
  display?: { label?: string; description?: string; hidden?: boolean };
  operation?: { type?: string; inputFieldGroups?: { key: string; label: string }[] };
}

const SHELVES = {
  trigger: 'triggers',
  create: 'creates',
  search: 'searches',
  searchOrCreate: 'searchOrCreates',
} as const;

/** Everything that a Zap can be built of, as the editor would list it. */
export function listOperations(app: AppDefinition): OperationChoice[] {
  return (Object.keys(SHELVES) as AppKind[]).flatMap((kind) =>
    Object.values((app[SHELVES[kind]] ?? {}) as Record<string, Described>)
      // The app hides its instant triggers where it was built without the address of a relay. Here there is one.
      .filter(({ display, operation }) => !display?.hidden || operation?.type === 'hook')
      .map(({ key, noun = '', display, operation }) => ({
        kind,
        key,
        label: display?.label ?? key,
        description: display?.description ?? '',
        noun,
        instant: operation?.type === 'hook',
      })),
  );
}

/** What a person calls an operation. */
export function labelOf(app: AppDefinition, kind: AppKind, key: string): string {
  return described(app, kind, key)?.display?.label ?? key;
}

function described(app: AppDefinition, kind: AppKind, key: string): Described | undefined {
  return (app[SHELVES[kind]] as Record<string, Described> | undefined)?.[key];
}

/**
 * The form of an operation for what is filled in so far.
 * @throws ZapFailure where the app cannot tell its fields
 */
export async function formOf(
  runner: Runner,
  node: { kind: AppKind; key: string; input: Fields },
  connection: Connection | null,
): Promise<FormSection[]> {
  const app = runner.definition;
  const searchLabel = (key: string) => described(app, 'search', key)?.display?.label ?? null;
  const taken = new Set<string>();
  const sections: FormSection[] = [];
  for (const { kind, key, title } of partsOf(app, node)) {
    const fields = (await runner.fields(
      kind,
      key,
      ownInput(node.input),
      connection ?? undefined,
    )) as InputField[];
    const fresh = fields.filter((field) => !taken.has(field.key));
    for (const field of fresh) taken.add(field.key);
    sections.push({
      title,
      fields: fresh.map((field) => formField(field, searchLabel)),
      groups: described(app, kind, key)?.operation?.inputFieldGroups ?? [],
    });
  }
  return sections;
}

/** The operations that a step is made of: one, or those that a search-or-create joins. */
export function partsOf(app: AppDefinition, { kind, key }: { kind: AppKind; key: string }) {
  if (kind !== 'searchOrCreate') return [{ kind, key, title: null }];
  const joined = app.searchOrCreates?.[key] ?? app.searchAndCreates?.[key];
  if (!joined) throw new Error(`The app has no search-or-create "${key}".`);
  return [
    { kind: 'search' as const, key: joined.search, title: labelOf(app, 'search', joined.search) },
    {
      kind: 'create' as const,
      key: joined.create,
      title: `If nothing is found: ${labelOf(app, 'create', joined.create)}`,
    },
    ...(joined.update
      ? [
          {
            kind: 'create' as const,
            key: joined.update,
            title: `If one is found: ${labelOf(app, 'create', joined.update)}`,
          },
        ]
      : []),
  ];
}

/** The fields that an operation's output has, the account's own included. @throws ZapFailure */
export async function outputFieldsOf(
  runner: Runner,
  node: { kind: AppKind; key: string; input: Fields },
  connection: Connection | null,
): Promise<FieldDefinition[]> {
  const [first] = partsOf(runner.definition, node);
  if (!first) return [];
  const reply = await runner.call(first.kind, first.key, ownInput(node.input), connection ?? undefined, {
    member: 'outputFields',
  });
  return Array.isArray(reply.results) ? (reply.results as FieldDefinition[]) : [];
}

/** Without what is empty, as Zapier sends it. */
function ownInput(input: Fields): Fields {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== '' && value !== undefined));
}
