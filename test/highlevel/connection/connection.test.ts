import { describe, expect, it } from '@jest/globals';
import { appHost, contactUrl, locationId, opportunityUrl } from '../../../highlevel/connection/connection.ts';
import { scripted } from '../../support/scripted.ts';

describe('appHost', () => {
  it.each([
    ['app.youragency.com', 'app.youragency.com'],
    ['https://app.youragency.com/v2/location/x', 'app.youragency.com'],
    ['  APP.YourAgency.com ', 'app.youragency.com'],
    ['http://app.youragency.com/', 'app.youragency.com'],
    ['app.youragency.com/a/b', 'app.youragency.com'],
    ['a.b-c.io', 'a.b-c.io'],
  ])('takes %s', (text, host) => {
    expect(appHost(text)).toBe(host);
  });

  it.each([
    '',
    'localhost',
    '127.0.0.1',
    'javascript:alert(1)',
    'user@evil.com',
    'a b.com',
    'evil.com:443',
    '-a.com',
    `${'a'.repeat(64)}.com`,
    'attacker.com#.youragency.com',
    'attacker.com https://app.youragency.com',
    `${'abc.'.repeat(63)}com`,
    'attacker.com?x.youragency.com',
  ])('refuses "%s"', (text) => {
    expect(appHost(text)).toBeNull();
  });
});

describe('opportunityUrl', () => {
  it('leads to the person’s own address where there is one, and encodes ids', () => {
    expect(opportunityUrl({ authData: { app_host: 'app.youragency.com' } }, 'l1', 'o/1')).toBe(
      'https://app.youragency.com/v2/location/l1/opportunities/list?opportunity=o%2F1',
    );
    expect(opportunityUrl({ authData: {} }, 'l1', 'o1')).toMatch(/^https:\/\/app\.gohighlevel\.com\//);
  });
});

describe('contactUrl', () => {
  it('leads to the contact, and encodes ids', () => {
    expect(contactUrl({ authData: {} }, 'l/1', 'c/1')).toBe(
      'https://app.gohighlevel.com/v2/location/l%2F1/contacts/detail/c%2F1',
    );
  });
});

describe('locationId', () => {
  const { z } = scripted(() => undefined);

  it('is that of the connection', () => {
    expect(locationId(z, { authData: { locationId: 'l1' } })).toBe('l1');
  });

  it.each([
    undefined,
    {},
    { locationId: '' },
  ])('says how to get one, where the connection has none: %j', (authData) => {
    const wanted = {
      code: 'no_sub_account',
      status: 403,
      message: expect.stringMatching(/My Apps.*choose one sub-account/),
    };
    expect(() => locationId(z, { authData } as never)).toThrow(expect.objectContaining(wanted) as never);
  });
});
