/** One place in which two answers differ. */
export interface Difference {
  /** Keys with dots between, and `[]` behind a list, whose rows are told apart by their ids. */
  path: string;
  /** Undefined where it is not there. */
  before: unknown;
  after: unknown;
}

type Row = Record<string, unknown>;

/** Where two values differ. The order of a list's rows is a place of its own, called `order`. */
export function differences(before: unknown, after: unknown, path = ''): Difference[] {
  const [a, b] = [plain(before), plain(after)];
  if (Object.is(a, b)) return [];
  if (isRows(a) && isRows(b)) return rowDifferences(a, b, path);
  if (isObject(a) && isObject(b)) {
    const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((key) => !OWN.includes(key));
    return keys.flatMap((key) => differences(a[key], b[key], path === '' ? key : `${path}.${key}`));
  }
  if (JSON.stringify(a) === JSON.stringify(b)) return [];
  return [{ path, before: a, after: b }];
}

/** Each answer has another, whatever else is the same. */
const OWN = ['traceId', 'trace_id'];
const TRACE = /"traceId":"[^"]*"/g;
const FILE = /[0-9a-f-]{36}(\.\w+)/g;

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  return typeof value === 'string' ? value.replace(TRACE, '"traceId":""').replace(FILE, 'file$1') : value;
}

function rowDifferences(before: Row[], after: Row[], path: string): Difference[] {
  const at = `${path}[]`;
  const rows = (list: Row[]) => new Map(list.map((row, index) => [idOf(row, index), row]));
  const [olds, news] = [rows(before), rows(after)];
  const found = [...olds].flatMap(([id, row]) => {
    const other = news.get(id);
    return other ? differences(row, other, at) : [{ path: at, before: row, after: undefined }];
  });
  const added = [...news].filter(([id]) => !olds.has(id));
  const kept = [...olds.keys()].filter((id) => news.has(id));
  const order = [...news.keys()].filter((id) => olds.has(id));
  const moved = kept.some((id, index) => id !== order[index]);
  return [
    ...found,
    ...added.map(([, row]) => ({ path: at, before: undefined, after: row })),
    ...(moved ? [{ path: `${path} order`.trim(), before: 'as asked', after: 'another' }] : []),
  ];
}

function idOf({ id, stage_id, owner_id }: Row, index: number): string {
  return String(id ?? stage_id ?? owner_id ?? `#${index}`);
}

function isRows(value: unknown): value is Row[] {
  return Array.isArray(value) && value.every(isObject);
}

function isObject(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
