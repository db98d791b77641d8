import { afterEach, describe, expect, it } from '@jest/globals';
import type { HttpRequestOptionsWithUrl } from 'zapier-platform-core';
import { authorize } from '../../../highlevel/http/authorize.ts';

const headersFor = (url: string, authData: object) =>
  (
    authorize({ url, headers: {} } as HttpRequestOptionsWithUrl, {} as never, { authData } as never) as {
      headers: Record<string, string>;
    }
  ).headers;

describe('the token', () => {
  afterEach(() => {
    delete process.env.HIGHLEVEL_API_URL;
  });

  it('goes to HighLevel’s API', () => {
    expect(headersFor('https://services.leadconnectorhq.com/contacts/', { access_token: 't' })).toEqual({
      authorization: 'Bearer t',
    });
    process.env.HIGHLEVEL_API_URL = 'http://127.0.0.1:8765';
    expect(headersFor('http://127.0.0.1:8765/contacts/', { access_token: 't' })).toEqual({
      authorization: 'Bearer t',
    });
  });

  it.each([
    'https://services.leadconnectorhq.com/oauth/token',
    'https://services.leadconnectorhq.com.evil.example/contacts/',
    'https://services.leadconnectorhq.com:8443/contacts/',
    'http://services.leadconnectorhq.com/contacts/',
    'https://evil.example/?https://services.leadconnectorhq.com/',
    'https://services.leadconnectorhq.com@evil.example/contacts/',
  ])('goes nowhere else: %s', (url) => {
    expect(headersFor(url, { access_token: 't' })).toEqual({});
  });

  it('is not made up where the connection has none', () => {
    expect(headersFor('https://services.leadconnectorhq.com/contacts/', {})).toEqual({});
  });
});
