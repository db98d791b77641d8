/**
 * What a connection may do. The person chose when connecting whether Zaps may write; HighLevel granted permissions of
 * its own, perhaps more than were asked for, so the app holds to the choice itself. [assumed]
 */

import type { Bundle } from 'zapier-platform-core';
import type { Errors } from './error-kinds.ts';

type Connected = Pick<Bundle, 'authData'>;

/** The permissions that reading takes, and what HighLevel calls them. [spec: `security` of each operation; docs: Scopes; assumed: the words] */
const READ = {
  'opportunities.readonly': 'View Opportunities',
  'contacts.readonly': 'View Contacts',
  'users.readonly': 'View Users',
  'locations.readonly': 'View Locations',
  'locations/customFields.readonly': 'View Custom Fields',
} as const;

/** What writing takes beyond that. */
const WRITE = {
  'opportunities.write': 'Edit Opportunities',
  'contacts.write': 'Edit Contacts',
} as const;

/**
 * What single operations take beyond both. A permission that a marketplace app was not registered with fails the whole
 * sign-in [assumed], so these are asked for only where HIGHLEVEL_EXTRA_SCOPES names them.
 */
const EXTRA = {
  'notes.write': 'Edit Notes',
  'workflows.readonly': 'View Workflows',
  'associations.readonly': 'View Associations',
  'associations/relation.readonly': 'View Associations Relation',
  'associations/relation.write': 'Edit Associations Relation',
  'locations/customFields.write': 'Edit Custom Fields',
} as const;

export type Scope = keyof typeof READ | keyof typeof WRITE | keyof typeof EXTRA;

const WORDS: Record<Scope, string> = { ...READ, ...WRITE, ...EXTRA };

/** The permissions of one kind. */
export function scopesFor(kind: 'reading' | 'writing' | 'extra'): Scope[] {
  return Object.keys({ reading: READ, writing: WRITE, extra: EXTRA }[kind]) as Scope[];
}

/** Whether a permission changes anything. HighLevel's names tell: `contacts.readonly`, `contacts.write`. [docs: Scopes] */
export const isWriting = (scope: string) => !scope.endsWith('.readonly');

/**
 * What to ask for on the consent page, separated by spaces.
 *
 * @param access the person's choice in the connection form: `read`, or anything else for both
 */
export function wantedScopes(access?: unknown): string {
  const all = [...Object.keys({ ...READ, ...WRITE }), ...publishersExtra()];
  return [...new Set(all)].filter((scope) => access !== READ_ONLY || !isWriting(scope)).join(' ');
}

/** Whether every connection for reading and writing asks for it. */
const isUsual = (scope: string) => scope in READ || scope in WRITE;

/** What the publisher's own marketplace app has beyond what every connection asks for. */
function publishersExtra(): string[] {
  return words(process.env.HIGHLEVEL_EXTRA_SCOPES ?? '');
}

const READ_ONLY = 'read';

/** Whether the person allowed Zaps to write; a connection made before there was a choice did. */
function mayWrite({ authData }: Connected): boolean {
  return authData?.access !== READ_ONLY;
}

/**
 * Whether the person granted a permission. Where the connection does not say what was granted, it is true of what
 * every connection asks for, and of an extra one where it was asked for, or where a private token may well have it:
 * only a private token has no refresh token beside it, and its refusal is told in words.
 */
export function hasScope({ authData }: Connected, scope: string): boolean {
  const granted = authData?.scope;
  if (granted) return words(granted).includes(scope);
  return isUsual(scope) || !authData?.refresh_token || publishersExtra().includes(scope);
}

/**
 * Tells of a missing permission before the call, because HighLevel answers 401 for it, and core turns every 401
 * of a sign-in into a silent refresh before this app can read why. [measured by others; source: core, throw-for-stale-auth]
 *
 * @param doing what it is for, after "not allowed to …"
 * @throws errors.Error naming the permission and how to grant it
 */
export function requireScope(errors: Errors, bundle: Connected, scope: string, doing: string): void {
  if (isWriting(scope)) requireWriting(errors, bundle, doing);
  if (hasScope(bundle, scope)) return;
  throw new errors.Error(
    `This HighLevel connection is not allowed to ${doing}: the permission ${permissionInWords(scope)} was not granted. ${howToGrant(scope)}`,
    'missing_permission',
    403,
  );
}

/** What to do about a permission that a connection lacks. */
export function howToGrant(scope?: string): string {
  return scope && !isUsual(scope) && !publishersExtra().includes(scope)
    ? `This integration does not ask for it. Whoever runs it can add it to the marketplace app in HighLevel and to HIGHLEVEL_EXTRA_SCOPES; then reconnect HighLevel (My Apps in Zapier).`
    : 'Open My Apps in Zapier, reconnect HighLevel, and allow every permission it asks for.';
}

/**
 * Tells a connection that was made for reading alone that it does not write, before the call.
 *
 * @throws errors.Error with what to do
 */
export function requireWriting(errors: Errors, bundle: Connected, doing: string): void {
  if (mayWrite(bundle)) return;
  throw new errors.Error(
    `This HighLevel connection is not allowed to ${doing}: it was connected as "Read Only". ` +
      'Open My Apps in Zapier, connect HighLevel once more with "Read and Write", and choose that connection in this step.',
    'read_only_connection',
    403,
  );
}

/** What a permission is called where people tick it. [assumed] */
export function permissionName(scope: Scope): string {
  return WORDS[scope];
}

/** Name and scope, for example `Edit Contacts (contacts.write)`; the scope alone where its name is not known here. */
export function permissionInWords(scope: string): string {
  const name = (WORDS as Record<string, string>)[scope];
  return name ? `${name} (${scope})` : scope;
}

function words(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}
