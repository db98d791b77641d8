/**
 * Where HighLevel lives. Every value is read when it is used: in an ESM integration Zapier sets the
 * environment only after the module was loaded.
 */

/** Expected close date and probability exist from v3 on [spec]; another version only where HighLevel drops this one. */
export function apiVersion(): string {
  return process.env.HIGHLEVEL_API_VERSION || 'v3';
}

/**
 * Cloudflare in front of the API has refused requests without an own User-Agent. [measured by others]
 * The word "Zapier" keeps core from logging each request a second time. [source: core, create-http-patch]
 */
export const USER_AGENT = 'HighLevel-Opportunities-for-Zapier/1.0';

/** HighLevel's API, for every account, white-labelled or not. [spec: servers] */
export function apiUrl(): string {
  return withoutSlash(process.env.HIGHLEVEL_API_URL || 'https://services.leadconnectorhq.com');
}

/** The two front doors of one marketplace: HighLevel's own name, and the neutral one for white-labelled agencies. [docs] */
export const LOGIN_HOSTS = {
  gohighlevel: 'https://marketplace.gohighlevel.com',
  leadconnector: 'https://marketplace.leadconnectorhq.com',
} as const;

/**
 * The page where a person allows the connection. HIGHLEVEL_AUTHORIZE_URL takes its place whole: an app's own install link, as
 * the developer portal shows it, may be all that works for a draft. [measured by others]
 *
 * @param loginHost the person's choice in the connection form; HighLevel's own host when unset
 */
export function authorizePage(loginHost: unknown): string {
  if (process.env.HIGHLEVEL_AUTHORIZE_URL) return process.env.HIGHLEVEL_AUTHORIZE_URL;
  const host =
    process.env.HIGHLEVEL_MARKETPLACE_URL ||
    (loginHost === 'leadconnector' ? LOGIN_HOSTS.leadconnector : LOGIN_HOSTS.gohighlevel);
  return `${withoutSlash(host)}/v2/oauth/chooselocation`;
}

/** HighLevel's web app, where the links in our outputs lead unless the person named an address of their own. */
export const DEFAULT_APP_HOST = 'app.gohighlevel.com';

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}
