import { isIP } from 'node:net';

/** A place where hooks may be sent. */
export interface TargetRule {
  /** Scheme, host and port, as URL.origin writes them. */
  origin: string;
  /** How the path has to begin. */
  path: string;
}

/** Zapier's own: `https://hooks.zapier.com/hooks/…`. [docs] */
const ZAPIER: TargetRule = { origin: 'https://hooks.zapier.com', path: '/hooks/' };

/**
 * Reads one entry of the allow-list: a host (`hooks.zapier.com`), which means https on its default port, or scheme,
 * host and port (`http://127.0.0.1:1234`), which is the only way to allow plain http or an address of one's own net.
 *
 * @throws Error for anything else
 */
export function readTargetRule(entry: string): TargetRule {
  const text = /^https?:\/\//.test(entry) ? entry : `https://${entry}`;
  const url = URL.canParse(text) ? new URL(text) : null;
  const plain = url && url.pathname === '/' && !url.search && !url.hash && !url.username && !url.password;
  if (!plain) throw new Error(`"${entry}" is neither a host nor scheme://host:port`);
  if (text !== entry && isAddress(url.hostname)) {
    throw new Error(
      `"${entry}" is an address; write it with its scheme (https://${entry}) if you mean to allow it`,
    );
  }
  return url.origin === ZAPIER.origin ? ZAPIER : { origin: url.origin, path: '/' };
}

/** The URL parser writes every spelling of an IPv4 address (octal, hex, one number) as four decimals. */
function isAddress(hostname: string): boolean {
  return isIP(hostname.replace(/^\[|\]$/g, '')) !== 0;
}

/** Longer than any hook of Zapier's. */
const MAX_LENGTH = 2_000;

/**
 * Where a hook is to be sent, as the parsed URL writes it: what was judged is what is stored and called, whatever
 * way it was spelled. Names are compared whole, so neither an address nor a look-alike passes for an allowed host.
 *
 * @returns null where hooks may not be sent there
 */
export function allowedTarget(text: string, rules: readonly TargetRule[]): string | null {
  if (text.length > MAX_LENGTH || !URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.username || url.password) return null;
  const allowed = rules.some(({ origin, path }) => url.origin === origin && url.pathname.startsWith(path));
  if (!allowed) return null;
  url.hash = '';
  return url.href;
}
