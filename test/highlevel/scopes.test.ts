import { afterEach, describe, expect, it } from '@jest/globals';
import * as s from 'zod/mini';
import { call, type Endpoint } from '../../highlevel/client.ts';
import { hasScope, wantedScopes } from '../../highlevel/scopes.ts';
import { scripted } from '../support/scripted.ts';

describe('permissions', () => {
  afterEach(() => {
    delete process.env.HIGHLEVEL_EXTRA_SCOPES;
  });

  it('are those that the app needs, and what the publisher adds', () => {
    const usual =
      'opportunities.readonly opportunities.write contacts.readonly contacts.write users.readonly locations.readonly locations/customFields.readonly';
    expect(wantedScopes()).toBe(usual);
    process.env.HIGHLEVEL_EXTRA_SCOPES = 'notes.write';
    expect(wantedScopes()).toBe(`${usual} notes.write`);
  });

  it.each([
    ['contacts.readonly  users.readonly', true],
    ['users.readonlyx', false],
    ['', true],
    [undefined, true],
  ])('are had by what was granted, or where nothing is said of it: "%s"', (scope, has) => {
    expect(hasScope({ authData: { scope } } as never, 'users.readonly')).toBe(has);
  });

  it('are asked for before the call, which is not made without', async () => {
    const endpoint: Endpoint = {
      method: 'GET',
      path: '/users/search',
      scope: 'users.readonly',
      doing: 'list the users',
      repeatable: true,
    };
    const { z, bundle, asked } = scripted(() => ({}));
    bundle.authData.scope = 'contacts.readonly';
    await expect(call(z, bundle, endpoint, s.unknown(), {})).rejects.toMatchObject({
      code: 'missing_permission',
      status: 403,
      message:
        'This HighLevel connection is not allowed to list the users: the permission "users.readonly" was not granted. Open My Apps in Zapier, reconnect HighLevel, and allow every permission it asks for.',
    });
    expect(asked).toEqual([]);
  });
});
