import { describe, expect, it } from '@jest/globals';
import { connect } from '../../../highlevel/connect.ts';
import { appHost } from '../../../highlevel/connection/links.ts';
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

const { z } = scripted(() => undefined);
const connected = (authData?: Record<string, string>) => connect(z, { authData } as never);

describe('opportunityUrl', () => {
  it('leads to the person’s own address where there is one, and encodes ids', () => {
    const own = connected({ app_host: 'app.youragency.com', locationId: 'l1' });
    expect(own.connection.opportunityUrl('o/1')).toBe(
      'https://app.youragency.com/v2/location/l1/opportunities/list?opportunity=o%2F1',
    );
    expect(connected({ locationId: 'l1' }).connection.opportunityUrl('o1')).toMatch(
      /^https:\/\/app\.gohighlevel\.com\//,
    );
  });
});

describe('contactUrl', () => {
  it('leads to the contact, and encodes ids', () => {
    expect(connected({ locationId: 'l/1' }).connection.contactUrl('c/1')).toBe(
      'https://app.gohighlevel.com/v2/location/l%2F1/contacts/detail/c%2F1',
    );
  });
});

describe('locationId', () => {
  it('is that of the connection', () => {
    expect(connected({ locationId: 'l1' }).locationId()).toBe('l1');
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
    const { locationId } = connected(authData as never);
    expect(() => locationId()).toThrow(expect.objectContaining(wanted) as never);
  });
});
