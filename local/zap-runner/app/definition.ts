/**
 * The part of an app's definition that Zapier's side acts on, as `command: 'definition'` returns it:
 * functions arrive as marks such as `$func$2$f$` [source core/src/tools/cleaner.js].
 */

/** Named values: an input, an output row, an authData. */
export type Fields = Record<string, unknown>;

export type FieldDefinition = {
  key: string;
  label?: string;
  type?: string;
  required?: boolean;
  default?: string;
  list?: boolean;
  dict?: boolean;
  computed?: boolean;
  primary?: boolean;
  children?: FieldDefinition[];
  /** Of an output field. */
  sample?: unknown;
  meta?: Record<string, string | number | boolean>;
};

/** Keeps an action from running twice at once. */
export type LockDefinition = { key: string; scope?: ('user' | 'auth' | 'account')[]; timeout?: number };

export type OperationDefinition = {
  type?: string;
  inputFields?: unknown;
  outputFields?: unknown;
  sample?: Fields;
  canPaginate?: boolean;
  cleanInputData?: boolean;
  lock?: LockDefinition;
  perform?: unknown;
  performGet?: unknown;
  performList?: unknown;
  performSubscribe?: unknown;
  performUnsubscribe?: unknown;
};

export type ActionDefinition = { key: string; noun?: string; operation: OperationDefinition };

export type SearchOrCreateDefinition = {
  key: string;
  search: string;
  create: string;
  update?: string;
  updateInputFromSearchOutput?: Record<string, string>;
  searchUniqueInputToOutputConstraint?: Fields;
};

type AuthenticationDefinition = {
  type: string;
  test?: unknown;
  fields?: FieldDefinition[];
  connectionLabel?: unknown;
  oauth2Config?: {
    authorizeUrl?: unknown;
    getAccessToken?: unknown;
    refreshAccessToken?: unknown;
    codeParam?: string;
    scope?: string;
    autoRefresh?: boolean;
    enablePkce?: boolean;
  };
};

export type AppDefinition = {
  version?: string;
  authentication?: AuthenticationDefinition;
  triggers?: Record<string, ActionDefinition>;
  creates?: Record<string, ActionDefinition>;
  searches?: Record<string, ActionDefinition>;
  searchOrCreates?: Record<string, SearchOrCreateDefinition>;
  searchAndCreates?: Record<string, SearchOrCreateDefinition>;
  flags?: { cleanInputData?: boolean };
};

/** Where an operation stands in the app. */
export type OperationKind = 'trigger' | 'create' | 'search';

const SHELVES = { trigger: 'triggers', create: 'creates', search: 'searches' } as const;

/** Whether a value of the definition stands for a function of the app. */
export function isFunctionMark(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith('$func$');
}

/** A plain object, and not an array. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The path of an operation, as `event.method` wants it, for example `triggers.new_deal.operation`. */
export function operationPath(kind: OperationKind, key: string): string {
  return `${SHELVES[kind]}.${key}.operation`;
}

/**
 * The operation of a key.
 * @throws Error when the app has none of that kind and key.
 */
export function findOperation(app: AppDefinition, kind: OperationKind, key: string): OperationDefinition {
  const found = app[SHELVES[kind]]?.[key];
  if (!found) {
    const known = Object.keys(app[SHELVES[kind]] ?? {}).join(', ') || 'none';
    throw new Error(`The app has no ${kind} "${key}" (it has: ${known}).`);
  }
  return found.operation;
}

/**
 * The search-or-create of a key, under its present or its former name in the schema.
 * @throws Error when the app has none.
 */
export function findSearchOrCreate(app: AppDefinition, key: string): SearchOrCreateDefinition {
  const found = app.searchOrCreates?.[key] ?? app.searchAndCreates?.[key];
  if (!found) throw new Error(`The app has no search-or-create "${key}".`);
  return found;
}

/** The static members of a field list: the definition carries functions only as marks. */
export function staticFields(list: unknown): FieldDefinition[] {
  return Array.isArray(list) ? list.filter((field): field is FieldDefinition => isFields(field)) : [];
}

/** Whether part of a field list has to be asked of the app. */
export function hasDynamicFields(list: unknown): boolean {
  return isFunctionMark(list) || (Array.isArray(list) && list.some(isFunctionMark));
}

/**
 * The keys that identify a row of a trigger: the static output fields marked `primary`, else `id`
 * [docs deduplication; source core/src/checks/trigger-has-id.js].
 */
export function primaryKeys(operation: OperationDefinition): string[] {
  const primary = staticFields(operation.outputFields)
    .filter((field) => field.primary)
    .map((field) => field.key);
  return primary.length > 0 ? primary : ['id'];
}

/**
 * Whether Zapier removes empties from the input of this operation: true unless the operation, or failing
 * that the app, says false [source schema cleanInputData; docs: the default].
 */
export function cleansInput(app: AppDefinition, operation: OperationDefinition): boolean {
  return operation.cleanInputData ?? app.flags?.cleanInputData ?? true;
}
