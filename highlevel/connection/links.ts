import type { Client } from '../http/client.ts';
import { DEFAULT_APP_HOST } from '../http/environment.ts';

/**
 * A link that opens an opportunity in HighLevel's web app.
 * The query form was seen in one public project and is not documented. [assumed]
 */
export function opportunityUrl(client: Client, opportunityId: string, location?: string): string {
  return `${accountUrl(client, location)}/opportunities/list?opportunity=${encodeURIComponent(opportunityId)}`;
}

/** A link that opens a contact in HighLevel's web app. [measured by others] */
export function contactUrl(client: Client, contactId: string): string {
  return `${accountUrl(client)}/contacts/detail/${encodeURIComponent(contactId)}`;
}

function accountUrl(client: Client, location: string = client.locationId()): string {
  const host = appHost(client.authData.app_host) ?? DEFAULT_APP_HOST;
  return `https://${host}/v2/location/${encodeURIComponent(location)}`;
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
