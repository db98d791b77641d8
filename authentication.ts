import type { Authentication, Bundle, ZObject } from 'zapier-platform-core';
import { pipelines } from './highlevel/account/pipelines.ts';
import { appHost, locationId } from './highlevel/connection/connection.ts';
import { authorizeUrl, exchangeCode, refreshTokens } from './highlevel/connection/sign-in.ts';
import { getLocation } from './highlevel/connection/sub-account.ts';
import { hasScope } from './highlevel/http/permissions.ts';

/**
 * Proves the connection and answers with what its label needs.
 * Without locations.readonly the name is not to be had, so the pipelines prove it instead.
 */
const test = async (z: ZObject, bundle: Bundle) => {
  const id = locationId(z, bundle);
  const shortId = id.slice(-6);
  if (!hasScope(bundle, 'locations.readonly')) {
    await pipelines.fresh(z, bundle);
    return { id, name: 'HighLevel sub-account', short_id: shortId };
  }
  const location = await getLocation(z, bundle);
  return {
    id,
    name: location.name || 'HighLevel sub-account',
    short_id: shortId,
    timezone: location.timezone ?? null,
  };
};

const getAccessToken = (z: ZObject, bundle: Bundle) => {
  const address = (bundle.inputData as { app_host?: string }).app_host;
  if (address && !appHost(address)) {
    throw new z.errors.Error(
      `Your HighLevel Address: "${address}" is not a web address. Write it as app.youragency.com, or leave it empty.`,
    );
  }
  return exchangeCode(z, bundle);
};

const authentication: Authentication = {
  type: 'oauth2',
  test,
  connectionLabel: '{{name}} ({{short_id}})',
  fields: [
    {
      key: 'login_host',
      label: 'Where Do You Sign In?',
      type: 'string',
      required: false,
      choices: {
        gohighlevel: 'HighLevel (gohighlevel.com)',
        leadconnector: 'A white-labelled HighLevel (leadconnectorhq.com)',
      },
      default: 'gohighlevel',
      helpText:
        'If your agency gave you HighLevel under another name, choose the white-labelled one: its sign-in page shows no HighLevel brand. Both lead to the same account.',
    },
    {
      key: 'app_host',
      label: 'Your HighLevel Address',
      type: 'string',
      required: false,
      placeholder: 'app.gohighlevel.com',
      helpText:
        'Only for white-labelled accounts: the address you open HighLevel at, such as `app.youragency.com`. Links to your opportunities lead there.',
    },
    { key: 'locationId', computed: true, required: true, label: 'Sub-Account', isNoSecret: true },
    { key: 'companyId', computed: true, required: false, label: 'Agency', isNoSecret: true },
    { key: 'userId', computed: true, required: false, label: 'User', isNoSecret: true },
    { key: 'scope', computed: true, required: false, label: 'Permissions', isNoSecret: true },
  ],
  oauth2Config: {
    authorizeUrl: async (_z: ZObject, bundle: Bundle) => authorizeUrl(bundle),
    getAccessToken,
    // Core's type for this function is a stub without parameters. [source: core, functions.d.ts]
    refreshAccessToken: refreshTokens as never,
    autoRefresh: true,
  },
};

export default authentication;
