import { type Fields, isFields } from '../app/definition.ts';
import { findReferences, type Outputs } from './mapping.ts';

/** What `z.dehydrate` wrote into a value [source core/src/tools/create-dehydrator.js]. */
type HydrateMark = { type: string; method: string; bundle: Fields; cacheExpiration?: number };

/** Runs a hydrator of the app. */
export type Hydrate = (mark: HydrateMark) => Promise<unknown>;

const MARK = /^hydrate\|\|\|(.*)\|\|\|hydrate$/s;
// Under this key the hydrated object replaces its surroundings [source core/src/constants.js].
const HOIST = '$HOIST$';
// A hydrated value serves identical pointers for five minutes unless the app says otherwise [docs].
const CACHE_MS = 5 * 60 * 1000;

/** The pointer that a value is, or undefined where it is anything else. */
function readMark(value: unknown): HydrateMark | undefined {
  const match = typeof value === 'string' ? MARK.exec(value) : null;
  if (!match) return undefined;
  try {
    return JSON.parse(match[1] as string) as HydrateMark;
  } catch {
    // A person's text may look like a pointer.
    return undefined;
  }
}

/**
 * Returns the outputs with those pointers resolved that the input refers to, or refers into, and no others:
 * that laziness is the point of dehydrating [docs hydration]. Outputs given in are not changed. Only values
 * that are a pointer as a whole are resolved; a file's pointer yields the address that its function stashed it at.
 * @throws whatever `hydrate` throws.
 */
export async function hydrateReferenced(
  input: unknown,
  outputs: Outputs,
  hydrate: Hydrate,
): Promise<Outputs> {
  const references = findReferences(input, outputs);
  if (references.length === 0) return outputs;
  const copy = structuredClone(outputs);
  for (const { step, path } of references) {
    await hoist(copy, step, hydrate);
    await hydrateAlong(copy as Fields, [step, ...path], hydrate);
  }
  return copy;
}

/** Returns a value with every pointer in it resolved, as the editor does with samples [docs]. */
export async function hydrateAll(value: unknown, hydrate: Hydrate): Promise<unknown> {
  const mark = readMark(value);
  if (mark) return hydrate(mark);
  if (Array.isArray(value)) return Promise.all(value.map((item) => hydrateAll(item, hydrate)));
  if (!isFields(value)) return value;
  const holder = { value: structuredClone(value) };
  await hoist(holder, 'value', hydrate);
  const entries = Object.entries(holder.value);
  return Object.fromEntries(
    await Promise.all(entries.map(async ([key, item]) => [key, await hydrateAll(item, hydrate)])),
  );
}

/** Adds Zapier's short memory for identical pointers to a hydrator. */
export function rememberHydrated(hydrate: Hydrate, now: () => number): Hydrate {
  const known = new Map<string, { value: unknown; expires: number }>();
  return async (mark) => {
    const key = JSON.stringify(mark);
    const hit = known.get(key);
    if (hit && hit.expires > now()) return hit.value;
    const value = await hydrate(mark);
    const ttl = mark.cacheExpiration ? mark.cacheExpiration * 1000 : CACHE_MS;
    known.set(key, { value, expires: now() + ttl });
    return value;
  };
}

async function hoist(outputs: Outputs, step: string, hydrate: Hydrate): Promise<void> {
  const mark = readMark(outputs[step]?.[HOIST]);
  if (!mark) return;
  const { [HOIST]: _mark, ...rest } = outputs[step] as Fields;
  const hydrated = await hydrate(mark);
  outputs[step] = { ...rest, ...(isFields(hydrated) ? hydrated : {}) };
}

async function hydrateAlong(holder: Fields | unknown[], path: string[], hydrate: Hydrate): Promise<void> {
  const [head, ...rest] = path;
  if (head === undefined) return;
  const keys = head === '[]' && Array.isArray(holder) ? holder.keys() : [head];
  for (const key of keys) {
    const slots = holder as Record<string | number, unknown>;
    const mark = readMark(slots[key]);
    if (mark) slots[key] = await hydrate(mark);
    const inner = slots[key];
    if (isFields(inner) || Array.isArray(inner)) await hydrateAlong(inner, rest, hydrate);
  }
}
