import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** The pair with which the sandbox signs its webhooks; HighLevel has one for all apps and customers [docs]. */
export interface WebhookKeys {
  /** SPKI PEM: what a receiver is configured with in place of HighLevel's own. */
  publicKeyPem: string;
  privateKey: KeyObject;
}

/** Makes an Ed25519 pair. Nothing signed by it passes for HighLevel's, and the other way round. */
export function createWebhookKeys(): WebhookKeys {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return { publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(), privateKey };
}

/**
 * The value of `X-GHL-Signature`: Ed25519 over the raw bytes of the body, in base64 [docs].
 *
 * @param body the bytes exactly as they go out
 */
export function signWebhook(keys: WebhookKeys, body: Buffer): string {
  return sign(null, body, keys.privateKey).toString('base64');
}
