import { z } from 'zod';
import { unprocessable } from './errors.ts';

type Issue = z.core.$ZodIssue;

function name(path: PropertyKey[]): string {
  return path.map(String).join('.');
}

function describe(issue: Issue): string[] {
  const at = name(issue.path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => `property ${name([...issue.path, key])} should not exist`);
    case 'invalid_type': {
      const wanted = /^[aeiou]/.test(issue.expected) ? `an ${issue.expected}` : `a ${issue.expected}`;
      const missing = issue.input === undefined;
      return missing ? [`${at} should not be empty`, `${at} must be ${wanted}`] : [`${at} must be ${wanted}`];
    }
    case 'invalid_value':
      return [`${at} must be one of the following values: ${issue.values.join(', ')}`];
    case 'too_small':
      if (issue.origin === 'string') return [`${at} should not be empty`];
      if (issue.origin === 'array') return [`${at} must contain at least ${issue.minimum} elements`];
      return [`${at} must not be less than ${issue.minimum}`];
    case 'too_big':
      if (issue.origin === 'string') {
        return [`${at} must be shorter than or equal to ${issue.maximum} characters`];
      }
      if (issue.origin === 'array') return [`${at} must contain no more than ${issue.maximum} elements`];
      return [`${at} must not be greater than ${issue.maximum}`];
    case 'custom':
      return [issue.message];
    default:
      return [at === '' ? issue.message : `${at} is invalid`];
  }
}

/**
 * Reads a body or a query, or refuses it with HighLevel's 422.
 *
 * The wording for an unknown key ("property X should not exist") is known [issue #262]; the other sentences follow the
 * same validator's habit and are [assumed].
 *
 * @param schema a strict zod object (`z.strictObject`), so that unknown keys are refused.
 * @param input what came; an absent body counts as `{}`.
 * @throws HighLevelError 422 with a list of messages.
 */
export function check<T>(schema: z.ZodType<T>, input: unknown): T {
  const result = schema.safeParse(input ?? {}, { reportInput: true });
  if (result.success) return result.data;
  return unprocessable([...new Set(result.error.issues.flatMap(describe))]);
}

/** A number in a query string; an empty string counts as absent. */
export const numberText = z
  .string()
  .transform((text, refuse) => {
    if (text.trim() === '') return undefined;
    const value = Number(text);
    if (Number.isFinite(value)) return value;
    refuse.addIssue({ code: 'invalid_type', expected: 'number', input: text });
    return z.NEVER;
  })
  .optional();

/** A boolean in a query string: `true` or `false`; anything else counts as absent [assumed]. */
export const booleanText = z
  .string()
  .transform((text) => (text === 'true' ? true : text === 'false' ? false : undefined))
  .optional();

/** A text in a query string; an empty one counts as absent, as HighLevel's own `nextPageUrl` is full of them [spec]. */
export const optionalText = z
  .string()
  .transform((text) => (text === '' ? undefined : text))
  .optional();
