import { type Definition, type Field, operationsOf, outputsOf, type Placed } from './definition.ts';
import { pathsIn } from './values.ts';

/** What users' Zaps are built on, and nothing else of the definition: words and help may change at will. */
export interface Snapshot {
  authentication: { type: string; fields: Specs };
  operations: Record<string, OperationShape>;
  searchOrCreates: Record<string, string>;
}

/** By key: type and what else matters, for example `string, required, list`. */
export type Specs = Record<string, string>;

export interface OperationShape {
  type?: string;
  hidden?: boolean;
  inputs: Specs;
  outputs: Specs;
  /** `inputs` or `outputs`, where the person’s own fields come besides. */
  own: string[];
  sample: string[];
}

/** The part of a definition that is kept. */
export function snapshotOf(app: Definition): Snapshot {
  const { type = 'none', fields = [] } = app.authentication ?? {};
  return {
    authentication: { type, fields: specsOf(fields) },
    operations: Object.fromEntries(operationsOf(app).map((one) => [one.place, shapeOf(one)])),
    searchOrCreates: Object.fromEntries(
      Object.entries(app.searchOrCreates ?? {}).map(([key, { search, create, update }]) => [
        key,
        [search, create, update].filter(Boolean).join(', '),
      ]),
    ),
  };
}

function shapeOf(one: Placed): OperationShape {
  const { type, inputFields = [], sample = {} } = one.operation;
  const outputs = outputsOf(one);
  const own = Object.entries({ inputs: inputFields, outputs }).filter(([, fields]) =>
    fields.some(({ ofAccount }) => ofAccount),
  );
  return {
    ...(type ? { type } : {}),
    ...(one.display.hidden ? { hidden: true } : {}),
    inputs: specsOf(inputFields.filter((field) => field.type !== 'copy')),
    outputs: specsOf(outputs),
    own: own.map(([side]) => side),
    sample: pathsIn(sample),
  };
}

function specsOf(fields: Field[], above = ''): Specs {
  return Object.fromEntries(
    fields
      .filter(({ ofAccount }) => !ofAccount)
      .flatMap((field) => [
        [`${above}${field.key}`, specOf(field)],
        ...Object.entries(specsOf(field.children ?? [], `${above}${field.key}[]`)),
      ]),
  );
}

function specOf(field: Field): string {
  const type = field.children ? 'line items' : (field.type ?? 'string');
  const marks = (['required', 'list', 'dict', 'primary', 'computed'] as const).filter((mark) => field[mark]);
  return [type, ...marks].join(', ');
}

/** One field a line, and a sample on one, so that a change can be read in review. */
export function printSnapshot(snapshot: Snapshot): string {
  const text = JSON.stringify(snapshot, null, 2);
  return `${text.replace(/\[\n\s+("[^\]]*")\n\s+\]/g, (_all, items: string) => `[${items.replace(/\n\s+/g, ' ')}]`)}\n`;
}
