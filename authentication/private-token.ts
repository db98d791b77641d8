import type { Authentication, Bundle, ZObject } from 'zapier-platform-core';
import { permissionName, scopesFor } from '../highlevel/http/permissions.ts';
import { accessField, appHostField, checkAppHost } from './fields.ts';
import { testConnection } from './test-connection.ts';

/** HighLevel's own page on private integrations. [docs] */
const GUIDE =
  'https://help.gohighlevel.com/support/solutions/articles/155000003054-private-integrations-everything-you-need-to-know';

/**
 * What a person may paste by mistake is told here, because HighLevel would only say that it does not know it.
 *
 * @throws z.errors.Error for a token or an ID that cannot be one
 */
const test = async (z: ZObject, bundle: Bundle) => {
  const { access_token: token = '', locationId: id = '', app_host } = bundle.authData;
  if (!/^\S+$/.test(token.trim())) {
    throw new z.errors.Error(
      'Private Integration Token: there is a space or a line break in it. Copy the token once more, whole and alone.',
      'bad_token',
      400,
    );
  }
  if (!/^[A-Za-z0-9]+$/.test(id)) {
    throw new z.errors.Error(
      `Sub-Account ID: "${id}" is not an ID. It is the part after /location/ in HighLevel’s address, such as ve9EPM428h8vShlRW1KT.`,
      'bad_sub_account',
      400,
    );
  }
  checkAppHost(z, app_host);
  return testConnection(z, bundle);
};

/**
 * A private integration token stands for one sub-account, does not expire, and cannot be renewed by an app; that a
 * rotated one lives on for seven days is HighLevel's word. [docs] The keys are those of a sign-in, so that everything
 * beyond this file knows one kind of connection; `access_token` is also what Zapier's logs censor by its name.
 * [source: @zapier/secret-scrubber]
 */
const privateToken: Authentication = {
  type: 'custom',
  test,
  connectionLabel: '{{name}} ({{short_id}})',
  fields: [
    {
      key: 'access_token',
      label: 'Private Integration Token',
      type: 'password',
      required: true,
      helpText: `In HighLevel, open the sub-account, then Settings › Private Integrations, and create one ([how](${GUIDE})) with these permissions and no more: ${named('reading')}; for Read and Write also ${named('writing')}. HighLevel shows the token once: copy it here.`,
    },
    {
      key: 'locationId',
      label: 'Sub-Account ID',
      type: 'string',
      required: true,
      isNoSecret: true,
      placeholder: 've9EPM428h8vShlRW1KT',
      helpText:
        'Open the sub-account in [HighLevel](https://app.gohighlevel.com): its ID is the part after `/location/` in the address.',
    },
    {
      ...accessField,
      helpText: `With Read Only, every action that would change HighLevel stops and says so, whatever the token may do. A token without the two Edit permissions is safer still ([how](${GUIDE})).`,
    },
    appHostField,
  ],
};

/** For example `View Contacts, Edit Contacts`. */
function named(kind: 'reading' | 'writing'): string {
  return scopesFor(kind).map(permissionName).join(', ');
}

/**
 * Whether instant triggers can fire for such a connection: HighLevel sends webhooks to marketplace apps alone [docs],
 * so the relay must have one of its own, installed in the same sub-accounts, which only the publisher can know.
 * Read when the integration is built and pushed.
 */
export function relayServesPrivateTokens(): boolean {
  return /^(1|true|yes)$/i.test(process.env.RELAY_SERVES_PRIVATE_TOKENS ?? '');
}

export default privateToken;
