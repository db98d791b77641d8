/** What every kind of connection asks a person for. */

import type { Authentication, ZObject } from 'zapier-platform-core';
import { appHost } from '../highlevel/connection/links.ts';

type AuthField = NonNullable<Authentication['fields']>[number];

/** Its value is what highlevel/http/permissions.ts reads; without one, both are allowed. */
export const accessField = {
  key: 'access',
  label: 'What May Zaps Do?',
  type: 'string',
  required: false,
  choices: { read_write: 'Read and Write', read: 'Read Only' },
  default: 'read_write',
  isNoSecret: true,
} satisfies AuthField;

export const appHostField = {
  key: 'app_host',
  label: 'Your HighLevel Address',
  type: 'string',
  required: false,
  placeholder: 'app.gohighlevel.com',
  helpText:
    'If you open HighLevel at your agency’s own address, write it here, such as `app.youragency.com`: links in your Zaps then lead there. Leave empty for [app.gohighlevel.com](https://app.gohighlevel.com).',
} satisfies AuthField;

/** @throws z.errors.Error for an address that is none; an empty one is fine */
export function checkAppHost(z: ZObject, address: string | undefined): void {
  if (!address || appHost(address)) return;
  throw new z.errors.Error(
    `${appHostField.label}: "${address}" is not a web address. Write it as app.youragency.com, or leave it empty.`,
  );
}
