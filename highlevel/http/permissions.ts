import type { Bundle, ZObject } from 'zapier-platform-core';

/** The permissions that every connection asks for. [spec: `security` of each operation; docs: Scopes] */
const SCOPES = [
  'opportunities.readonly',
  'opportunities.write',
  'contacts.readonly',
  'contacts.write',
  'users.readonly',
  'locations.readonly',
  'locations/customFields.readonly',
] as const;

/**
 * What to ask for on the consent page, separated by spaces. HIGHLEVEL_EXTRA_SCOPES adds what the publisher's own
 * marketplace app has beyond it (notes.write, for notes on opportunities): a scope that an app was not registered
 * with fails the whole sign-in. [assumed]
 */
export function wantedScopes(): string {
  return [...SCOPES, process.env.HIGHLEVEL_EXTRA_SCOPES ?? ''].join(' ').trim();
}

export type Scope = (typeof SCOPES)[number] | 'notes.write';

/** Whether the person granted a permission; true as well when the connection does not say what was granted. */
export function hasScope(bundle: Pick<Bundle, 'authData'>, scope: Scope): boolean {
  const granted = bundle.authData?.scope;
  return !granted || granted.split(/\s+/).includes(scope);
}

/**
 * Tells of a missing permission before the call, because HighLevel answers 401 for it, and core turns every 401
 * into a silent refresh before this app can read why. [measured by others; source: core, throw-for-stale-auth]
 *
 * @throws z.errors.Error naming the permission and how to grant it
 */
export function requireScope(
  z: ZObject,
  bundle: Pick<Bundle, 'authData'>,
  scope: Scope,
  doing: string,
): void {
  if (hasScope(bundle, scope)) return;
  throw new z.errors.Error(
    `This HighLevel connection is not allowed to ${doing}: the permission "${scope}" was not granted. ` +
      'Open My Apps in Zapier, reconnect HighLevel, and allow every permission it asks for.',
    'missing_permission',
    403,
  );
}
