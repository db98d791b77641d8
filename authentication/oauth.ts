import type { Authentication, Bundle, ZObject } from 'zapier-platform-core';
import { authorizeUrl, exchangeCode, refreshTokens } from '../highlevel/connection/sign-in.ts';
import { accessField, appHostField, checkAppHost } from './fields.ts';
import { testConnection } from './test-connection.ts';

const getAccessToken = (z: ZObject, bundle: Bundle) => {
  checkAppHost(z, (bundle.inputData as { app_host?: string }).app_host);
  return exchangeCode(z, bundle);
};

const oauth: Authentication = {
  type: 'oauth2',
  test: testConnection,
  connectionLabel: '{{name}} ({{short_id}})',
  fields: [
    {
      key: 'login_host',
      label: 'Where Do You Sign In?',
      type: 'string',
      required: false,
      choices: {
        gohighlevel: 'HighLevel',
        leadconnector: 'My Agency’s Own Brand (White Label)',
      },
      default: 'gohighlevel',
      helpText:
        'If your agency gave you HighLevel under another name, choose the white label: its sign-in page shows no HighLevel brand. Both lead to the same account.',
    },
    {
      ...accessField,
      helpText:
        'With Read Only, HighLevel is asked for permission to look and for nothing more, and every action that would change HighLevel stops and says so. To change this later, connect HighLevel once more.',
    },
    appHostField,
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

export default oauth;
