import type { Bundle, ZObject } from 'zapier-platform-core';
import { DEFAULT_APP_HOST } from '../http/environment.ts';

/**
 * The sub-account that this connection is for; the token answer named it. [spec]
 *
 * @throws z.errors.Error where the connection has none, as one made for an agency has
 */
export function locationId(z: ZObject, bundle: Pick<Bundle, 'authData'>): string {
  const id = bundle.authData?.locationId;
  if (id) return id;
  throw new z.errors.Error(
    'This HighLevel connection is not tied to a sub-account. Open My Apps in Zapier, reconnect HighLevel, and choose ' +
      'one sub-account in the list that HighLevel shows.',
    'no_sub_account',
    403,
  );
}

/**
 * A link that opens an opportunity in HighLevel's web app.
 * The query form was seen in one public project and is not documented. [assumed]
 */
export function opportunityUrl(
  bundle: Pick<Bundle, 'authData'>,
  location: string,
  opportunityId: string,
): string {
  return `${accountUrl(bundle, location)}/opportunities/list?opportunity=${encodeURIComponent(opportunityId)}`;
}

/** A link that opens a contact in HighLevel's web app. [measured by others] */
export function contactUrl(bundle: Pick<Bundle, 'authData'>, location: string, contactId: string): string {
  return `${accountUrl(bundle, location)}/contacts/detail/${encodeURIComponent(contactId)}`;
}

function accountUrl(bundle: Pick<Bundle, 'authData'>, location: string): string {
  return `https://${appHost(bundle.authData?.app_host) ?? DEFAULT_APP_HOST}/v2/location/${encodeURIComponent(location)}`;
}

/**
 * The host of a person's own HighLevel address (a white-labelled one), or null for what is no host name.
 * It is only ever shown in links; nothing is sent there.
 */
export function appHost(address: string | undefined): string | null {
  const host = (address ?? '')
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/\/.*$/, '');
  return /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/.test(host) ? host : null;
}
