import { contactUrl, opportunityUrl } from './links.ts';
import { getLocation, locationTimeZone } from './sub-account.ts';

/** The sub-account that a connection is for, and links into it. */
export const connection = {
  subAccount: getLocation,
  timeZone: locationTimeZone,
  opportunityUrl,
  contactUrl,
};
