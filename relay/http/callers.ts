import { createHash } from 'node:crypto';
import { BlockList, isIP, isIPv6 } from 'node:net';
import rateLimit from '@fastify/rate-limit';
import type { FastifyRequest } from 'fastify';
import { bearerToken, knowsSecret } from './secrets.ts';

/** Whether an address is one of the proxies in front of the relay. */
export type ProxyRule = (address: string) => boolean;

/** This machine and private networks, where the proxy in front of a relay is. */
export const PRIVATE_NETWORKS =
  '127.0.0.0/8 ::1/128 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 fc00::/7 fe80::/10';

/**
 * Reads which addresses are proxies: addresses and networks (`10.1.2.3`, `10.0.0.0/8`).
 *
 * @throws Error for anything else
 */
export function readProxyRule(entries: readonly string[]): ProxyRule {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = '', length, ...more] = entry.split('/');
    const family = isIP(address);
    const longest = family === 6 ? 128 : 32;
    const bits = length === undefined ? longest : /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN;
    if (family === 0 || more.length > 0 || !(bits <= longest)) {
      throw new Error(`"${entry}" is neither an address nor a network like 10.0.0.0/8`);
    }
    list.addSubnet(address, bits, family === 6 ? 'ipv6' : 'ipv4');
  }
  return (address) => isIP(address) !== 0 && list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

/** Who calls; null where that is not known. */
export type CallerOf = (request: FastifyRequest) => string | null;

/**
 * Tells callers apart: by address, or by the person's token where the Zapier app calls, which does so for everybody
 * from a few addresses.
 *
 * @param sharedSecret what shows that it is the app; null where nothing does
 */
export function callersBy({
  isProxy,
  sharedSecret,
}: {
  isProxy: ProxyRule;
  sharedSecret: string | null;
}): CallerOf {
  return (request) => {
    const token = bearerToken(request);
    if (token === null || sharedSecret === null || !knowsSecret(request, sharedSecret)) {
      return addressOf(request, isProxy);
    }
    return createHash('sha256').update(token).digest('base64');
  };
}

/**
 * Who calls, by address; of IPv6 the network, of which one caller has a whole one. The proxy in front says it in
 * `X-Forwarded-For`.
 *
 * @returns null where a proxy does not say for whom it calls: all of its callers would be one
 */
function addressOf(request: FastifyRequest, isProxy: ProxyRule): string | null {
  return isProxy(request.ip) ? null : rateLimit.normalizeIP(request.ip);
}
