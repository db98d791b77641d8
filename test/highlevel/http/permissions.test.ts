import { afterEach, describe, expect, it } from '@jest/globals';
import { hasScope, requireScope, type Scope, wantedScopes } from '../../../highlevel/http/permissions.ts';
import { scripted } from '../../support/scripted.ts';

describe('permissions', () => {
  afterEach(() => {
    delete process.env.HIGHLEVEL_EXTRA_SCOPES;
  });

  const reading = [
    'opportunities.readonly',
    'contacts.readonly',
    'users.readonly',
    'locations.readonly',
    'locations/customFields.readonly',
  ];
  const writing = ['opportunities.write', 'contacts.write'];

  it('are those that the app needs, and what the publisher adds, each once', () => {
    expect(wantedScopes()).toBe([...reading, ...writing].join(' '));
    process.env.HIGHLEVEL_EXTRA_SCOPES = 'notes.write  contacts.write';
    expect(wantedScopes()).toBe([...reading, ...writing, 'notes.write'].join(' '));
  });

  it('are those to read where the person chose so, also of what the publisher adds', () => {
    process.env.HIGHLEVEL_EXTRA_SCOPES = 'notes.write workflows.readonly';
    expect(wantedScopes('read')).toBe([...reading, 'workflows.readonly'].join(' '));
  });

  it.each([
    ['contacts.readonly  users.readonly', true],
    ['contacts.readonly,users.readonly', true],
    ['users.readonlyx', false],
    ['', true],
    [undefined, true],
  ])('are had by what was granted, or where nothing is said of it: "%s"', (scope, has) => {
    expect(hasScope({ authData: { scope } } as never, 'users.readonly')).toBe(has);
  });

  it('beyond what every connection has are had where they were granted, asked for, or a private token may have them', () => {
    const has = (authData: object) => hasScope({ authData } as never, 'workflows.readonly');
    expect(has({ scope: 'workflows.readonly', refresh_token: 'r' })).toBe(true);
    expect(has({ scope: 'contacts.readonly', refresh_token: 'r' })).toBe(false);
    expect(has({ refresh_token: 'r' })).toBe(false);
    expect(has({})).toBe(true);
    process.env.HIGHLEVEL_EXTRA_SCOPES = 'workflows.readonly';
    expect(has({ refresh_token: 'r' })).toBe(true);
  });

  describe('that are missing', () => {
    const { z } = scripted(() => ({}));
    const said = (authData: object, scope: Scope) => {
      try {
        requireScope(z.errors, { authData } as never, scope, 'do this');
        return null;
      } catch (error) {
        return (error as Error).message;
      }
    };

    it('are told with how to grant them', () => {
      expect(said({ scope: 'contacts.readonly' }, 'users.readonly')).toBe(
        'This HighLevel connection is not allowed to do this: the permission View Users (users.readonly) was not granted. Open My Apps in Zapier, reconnect HighLevel, and allow every permission it asks for.',
      );
    });

    it('are told with who can ask for them, where this integration does not', () => {
      const authData = { scope: 'contacts.readonly' };
      expect(said(authData, 'workflows.readonly')).toMatch(
        /View Workflows \(workflows\.readonly\) was not granted\. This integration does not ask for it\. .*HIGHLEVEL_EXTRA_SCOPES/,
      );
      process.env.HIGHLEVEL_EXTRA_SCOPES = 'workflows.readonly';
      expect(said(authData, 'workflows.readonly')).toMatch(/reconnect HighLevel, and allow every permission/);
    });

    it('are told of a connection for reading as the person’s own choice, whatever HighLevel granted', () => {
      const authData = { scope: 'contacts.write contacts.readonly', access: 'read' };
      expect(said(authData, 'contacts.write')).toBe(
        'This HighLevel connection is not allowed to do this: it was connected as "Read Only". Open My Apps in Zapier, connect HighLevel once more with "Read and Write", and choose that connection in this step.',
      );
      expect(said(authData, 'contacts.readonly')).toBeNull();
      expect(said({ ...authData, access: 'read_write' }, 'contacts.write')).toBeNull();
    });
  });
});
