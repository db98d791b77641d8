import { afterEach, describe, expect, it } from '@jest/globals';
import { hasScope, wantedScopes } from '../../../highlevel/http/permissions.ts';

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
});
