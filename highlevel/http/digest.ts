import { createHash } from 'node:crypto';

/** Stands for a JSON value where the value itself would be too long, or is no business of whoever reads it. */
export function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url');
}
