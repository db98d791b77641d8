import { type Fields, isFields } from '../app/definition.ts';

/** What the steps so far gave, by step id; the trigger's row stands under `trigger`. */
export type Outputs = Record<string, Fields>;

const REFERENCE = /\{\{([A-Za-z_][\w-]*)((?:\.[^{}.[\]\s]+(?:\[\])?|\[\])*)\}\}/g;

/**
 * Fills an input from earlier outputs. A value that is one reference and nothing else keeps the type of what
 * it refers to; in a longer text the values are written out. What cannot be resolved is left out of the input,
 * or is empty within a text, as an unset field is in Zapier [assumed in detail].
 *
 * Double curlies that do not name a step are the user's own text and stay, and what is filled in is never
 * searched for references again.
 */
export function mapInput(input: Fields, outputs: Outputs): Fields {
  return Object.fromEntries(
    Object.entries(input)
      .map(([key, value]) => [key, mapValue(value, outputs)] as const)
      .filter(([, value]) => value !== undefined),
  );
}

/** As mapInput, for one value; undefined where a sole reference leads nowhere. */
export function mapValue(value: unknown, outputs: Outputs): unknown {
  if (typeof value === 'string') return mapText(value, outputs);
  if (Array.isArray(value))
    return value.map((item) => mapValue(item, outputs)).filter((item) => item !== undefined);
  if (isFields(value)) return mapInput(value, outputs);
  return value;
}

/** The references within a value that name one of the given steps: step id and path, in the order of reading. */
export function findReferences(value: unknown, outputs: Outputs): { step: string; path: string[] }[] {
  if (typeof value === 'string') {
    return [...value.matchAll(REFERENCE)]
      .map((match) => ({ step: match[1] as string, path: splitPath(match[2] ?? '') }))
      .filter(({ step }) => Object.hasOwn(outputs, step));
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((item) => findReferences(item, outputs));
}

function mapText(text: string, outputs: Outputs): unknown {
  const [first] = text.matchAll(REFERENCE);
  if (first && first[0].length === text.length && Object.hasOwn(outputs, first[1] as string)) {
    return follow(outputs[first[1] as string], splitPath(first[2] ?? ''));
  }
  return text.replace(REFERENCE, (whole, step: string, path: string) =>
    Object.hasOwn(outputs, step) ? asText(follow(outputs[step], splitPath(path))) : whole,
  );
}

function splitPath(path: string): string[] {
  // `.items[].name` reads as items, [], name.
  return path.replaceAll('[]', '.[]').split('.').filter(Boolean);
}

function follow(value: unknown, path: string[]): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return value ?? undefined;
  if (head === '[]') {
    if (!Array.isArray(value)) return undefined;
    return value.map((item) => follow(item, rest)).filter((item) => item !== undefined);
  }
  if (Array.isArray(value)) return follow(value[Number(head)], rest);
  return isFields(value) && Object.hasOwn(value, head) ? follow(value[head], rest) : undefined;
}

// How Zapier writes a list or an object within a text is not documented: lists join with commas as line items
// do [issue zapier-platform-cli#27], objects become JSON [assumed].
export function asText(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map(asText).join(',');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
