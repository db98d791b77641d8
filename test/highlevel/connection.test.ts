import { describe, expect, it } from '@jest/globals';
import { appHost, opportunityUrl } from '../../highlevel/connection.ts';

describe('appHost', () => {
  it.each([
    ['app.youragency.com', 'app.youragency.com'],
    ['https://app.youragency.com/v2/location/x', 'app.youragency.com'],
    ['  APP.YourAgency.com ', 'app.youragency.com'],
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
