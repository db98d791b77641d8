/** What is shown in place of a secret. */
const MASK = '••••••';

const SECRET_KEYS =
  /^(access_?token|refresh_?token|client_?secret|authorization|code|code_verifier|password|secret|token)$/i;
const HOOK_PATH = /(\/hooks\/standard\/)[^/"?]+/g;

/**
 * A value for the screen: what stands under the key of a secret is masked, and so is the part of a hook's address
 * that lets whoever has it start the Zap.
 */
export function mask(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(HOOK_PATH, `$1${MASK}`);
  if (Array.isArray(value)) return value.map(mask);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      SECRET_KEYS.test(key) && inner !== null && inner !== '' ? MASK : mask(inner),
    ]),
  );
}

/** The body of a message, read as JSON where it is JSON, with its secrets masked. */
export function maskText(text: string): unknown {
  if (text === '') return null;
  try {
    return mask(JSON.parse(text));
  } catch {
    return mask(text);
  }
}
