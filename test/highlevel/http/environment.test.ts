import { afterEach, describe, expect, it } from '@jest/globals';
import { apiUrl, apiVersion, authorizePage } from '../../../highlevel/http/environment.ts';

describe('where HighLevel lives', () => {
  afterEach(() => {
    delete process.env.HIGHLEVEL_API_URL;
    delete process.env.HIGHLEVEL_MARKETPLACE_URL;
    delete process.env.HIGHLEVEL_AUTHORIZE_URL;
    delete process.env.HIGHLEVEL_API_VERSION;
  });

  it.each([
    [undefined, 'https://marketplace.gohighlevel.com'],
    ['gohighlevel', 'https://marketplace.gohighlevel.com'],
    ['leadconnector', 'https://marketplace.leadconnectorhq.com'],
    ['https://evil.example', 'https://marketplace.gohighlevel.com'],
  ])('lets a person sign in who chose %s at %s', (chosen, host) => {
    expect(authorizePage(chosen)).toBe(`${host}/v2/oauth/chooselocation`);
  });

  it('is elsewhere where the environment says so, with or without a slash', () => {
    expect(apiUrl()).toBe('https://services.leadconnectorhq.com');
    process.env.HIGHLEVEL_API_URL = 'http://127.0.0.1:1//';
    process.env.HIGHLEVEL_MARKETPLACE_URL = 'http://127.0.0.1:2/';
    expect(apiUrl()).toBe('http://127.0.0.1:1');
    expect(authorizePage('leadconnector')).toBe('http://127.0.0.1:2/v2/oauth/chooselocation');
  });

  it('speaks v3, unless another version is set, and takes an authorize address whole', () => {
    expect(apiVersion()).toBe('v3');
    process.env.HIGHLEVEL_API_VERSION = '2023-02-21';
    process.env.HIGHLEVEL_AUTHORIZE_URL = 'https://marketplace.example/oauth/chooselocation?version_id=v1';
    expect(apiVersion()).toBe('2023-02-21');
    expect(authorizePage('leadconnector')).toBe(
      'https://marketplace.example/oauth/chooselocation?version_id=v1',
    );
  });
});
