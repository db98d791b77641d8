/** Where the relay runs, without a slash at the end; null where the publisher of this integration has set none up. */
export function relayUrl(): string | null {
  return process.env.RELAY_URL?.replace(/\/+$/, '') || null;
}

/** Whether an instant trigger could never fire, and is hidden. Known when the integration is built and pushed. */
export function withoutRelay(): boolean {
  return relayUrl() === null;
}
