import { createHash, createHmac } from 'node:crypto';

/**
 * The secret that digests are keyed by: the relay must not have it. WATCH_SECRET, or else the marketplace app's own.
 *
 * @returns null where there is neither
 */
export function digestSecret(): string | null {
  return process.env.WATCH_SECRET || process.env.CLIENT_SECRET || null;
}

/** What a field can hold; the order of several texts does not matter. */
type Value = string | number | boolean | string[] | null | undefined;

/**
 * The digest of what a field of an opportunity holds, with which key it was made: `<8 digits>.<22 characters>`. The same
 * value in another field or opportunity has another one, so that nothing can be told from two that are alike.
 *
 * @param of whose value it is
 */
export function keyedDigest(
  secret: string,
  of: { locationId: string; opportunityId: string; fieldId: string },
  value: Value,
): string {
  const key = createHash('sha256').update(`watched values|${secret}`).digest();
  const name = createHash('sha256').update(key).digest('hex').slice(0, 8);
  const plain = Array.isArray(value) ? [...value].sort() : (value ?? null);
  const message = JSON.stringify([of.locationId, of.opportunityId, of.fieldId, plain]);
  return `${name}.${createHmac('sha256', key).update(message).digest('base64url').slice(0, 22)}`;
}
