import { createHmac, randomBytes } from 'node:crypto';

export type UserType = 'Company' | 'Location';

/** Whom a token stands for. */
export interface Grant {
  userType: UserType;
  companyId: string;
  /** Null for a Company token. */
  locationId: string | null;
  /** Who installed the app. */
  userId: string;
  scopes: string[];
  clientId: string;
}

interface AccessToken extends Grant {
  /** In ms of the sandbox's clock. */
  expiresAt: number;
}

interface Code extends Grant {
  redirectUri: string;
  expiresAt: number;
}

interface RefreshToken extends Grant {
  expiresAt: number;
  /** When it was first used, and what it was changed for; null while unused. */
  used: { at: number; pair: TokenPair } | null;
}

export interface TokenPair {
  accessToken: string;
  refreshToken: string;
  refreshTokenId: string;
}

/** How long an access token lives, in seconds [spec: `expires_in` 86399]. */
export const ACCESS_SECONDS = 86_399;
/** How long an unused refresh token lives, in ms: one year [docs]. */
const REFRESH_MS = 365 * 24 * 3600 * 1000;
/** How long an authorization code lives, in ms; the vendor states none [assumed]. */
const CODE_MS = 10 * 60 * 1000;

/** Everything about tokens that a state file keeps. */
export interface TokensDump {
  secret: string;
  access: [string, AccessToken][];
  refresh: [string, RefreshToken][];
}

export interface TokenStore {
  /** Mints an access token that no refresh token stands behind. */
  mint(grant: Grant, expiresInSeconds?: number): string;
  /** Mints a static Private Integration Token, `pit-<uuid>` [recorded]; it does not expire by itself. */
  mintPrivate(grant: Grant): string;
  pair(grant: Grant, expiresInSeconds?: number): TokenPair;
  find(accessToken: string): AccessToken | null;
  code(grant: Grant, redirectUri: string): string;
  /** Takes a code out: it works once. */
  redeem(code: string): Code | null;
  peekRefresh(refreshToken: string): RefreshToken | null;
  /** Changes a refresh token for a new pair; within the grace, the same old one gives the same new one. */
  rotate(refreshToken: string, graceMs: number): { pair: TokenPair; grant: Grant } | null;
  /** Forgets every token of a location, as an uninstall would [assumed]. */
  revoke(locationId: string): void;
  /** Takes the scopes that are not among these from every token of a location. */
  narrow(locationId: string, scopes: readonly string[]): void;
  /** Ends one access token: at once, or after some s of the sandbox's clock. */
  expire(accessToken: string, inSeconds: number): void;
  dump(): TokensDump;
  load(dump: TokensDump): void;
}

const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function uuid(): string {
  const hex = randomBytes(16).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/**
 * Keeps tokens and codes. Access tokens look like HighLevel's: a JWT with claims authClass, authClassId,
 * primaryAuthClassId, source, sourceId, oauthMeta and exp [measured by others]. HighLevel publishes no key to check them with, so
 * the signature here is only for the looks; validity is whether the sandbox remembers the token.
 *
 * @param now the sandbox's clock, in ms.
 */
export function tokenStore(now: () => number): TokenStore {
  let secret = randomBytes(32).toString('hex');
  const access = new Map<string, AccessToken>();
  const refresh = new Map<string, RefreshToken>();
  const codes = new Map<string, Code>();

  function jwt(claims: Record<string, unknown>): string {
    const head = `${base64url({ alg: 'RS256', typ: 'JWT' })}.${base64url(claims)}`;
    return `${head}.${createHmac('sha256', secret).update(head).digest('base64url')}`;
  }

  function claims(grant: Grant, expiresAt: number): Record<string, unknown> {
    const authClassId = grant.userType === 'Location' ? grant.locationId : grant.companyId;
    return {
      authClass: grant.userType,
      authClassId,
      primaryAuthClassId: authClassId,
      source: 'INTEGRATION',
      sourceId: grant.clientId,
      channel: 'OAUTH',
      oauthMeta: { client: grant.clientId.split('-')[0], scopes: grant.scopes },
      iat: Math.floor(now() / 1000),
      exp: Math.floor(expiresAt / 1000),
      jti: uuid(),
    };
  }

  function mint(grant: Grant, expiresInSeconds = ACCESS_SECONDS): string {
    const expiresAt = now() + expiresInSeconds * 1000;
    const token = jwt(claims(grant, expiresAt));
    access.set(token, { ...grant, expiresAt });
    return token;
  }

  function pair(grant: Grant, expiresInSeconds = ACCESS_SECONDS): TokenPair {
    const accessToken = mint(grant, expiresInSeconds);
    const expiresAt = now() + REFRESH_MS;
    const refreshToken = jwt(claims(grant, expiresAt));
    refresh.set(refreshToken, { ...grant, expiresAt, used: null });
    return { accessToken, refreshToken, refreshTokenId: randomBytes(12).toString('hex') };
  }

  return {
    mint,
    pair,
    mintPrivate(grant) {
      const token = `pit-${uuid()}`;
      access.set(token, { ...grant, expiresAt: Number.MAX_SAFE_INTEGER });
      return token;
    },
    find: (accessToken) => access.get(accessToken) ?? null,
    code(grant, redirectUri) {
      const code = randomBytes(20).toString('hex');
      codes.set(code, { ...grant, redirectUri, expiresAt: now() + CODE_MS });
      return code;
    },
    redeem(code) {
      const found = codes.get(code) ?? null;
      codes.delete(code);
      return found !== null && found.expiresAt > now() ? found : null;
    },
    peekRefresh: (refreshToken) => refresh.get(refreshToken) ?? null,
    rotate(refreshToken, graceMs) {
      const found = refresh.get(refreshToken);
      if (found === undefined || found.expiresAt <= now()) return null;
      if (found.used !== null) {
        return now() - found.used.at <= graceMs ? { pair: found.used.pair, grant: found } : null;
      }
      const next = pair(found);
      found.used = { at: now(), pair: next };
      return { pair: next, grant: found };
    },
    revoke(locationId) {
      for (const [token, one] of access) if (one.locationId === locationId) access.delete(token);
      for (const [token, one] of refresh) if (one.locationId === locationId) refresh.delete(token);
    },
    narrow(locationId, scopes) {
      for (const one of [...access.values(), ...refresh.values()]) {
        if (one.locationId === locationId) one.scopes = one.scopes.filter((scope) => scopes.includes(scope));
      }
    },
    expire(accessToken, inSeconds) {
      const found = access.get(accessToken);
      if (found !== undefined) found.expiresAt = Math.min(found.expiresAt, now() + inSeconds * 1000);
    },
    dump: () => ({ secret, access: [...access], refresh: [...refresh] }),
    load(dump) {
      secret = dump.secret;
      for (const [token, one] of dump.access) access.set(token, one);
      for (const [token, one] of dump.refresh) refresh.set(token, one);
    },
  };
}
