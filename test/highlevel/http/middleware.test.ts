import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Bundle, HttpRequestOptions, ZObject } from 'zapier-platform-core';
import { beforeRequest } from '../../../highlevel/http/middleware.ts';

const send = async (url: string, params: Record<string, unknown> = {}) => {
  const bundle = { authData: { access_token: 'secret' } } as unknown as Bundle;
  let request: HttpRequestOptions & { url: string } = { url, params, headers: {} };
  for (const middleware of beforeRequest) request = await middleware(request, {} as ZObject, bundle);
  return request;
};

describe('beforeRequest', () => {
  beforeEach(() => {
    process.env.HIGHLEVEL_API_URL = 'https://api.example.com';
  });
  afterEach(() => {
    delete process.env.HIGHLEVEL_API_URL;
  });

  it('gives the token to HighLevel’s API', async () => {
    expect((await send('https://api.example.com/opportunities/search')).headers).toEqual({
      authorization: 'Bearer secret',
    });
  });

  it.each([
    'https://evil.example/opportunities/search',
    'http://api.example.com/opportunities/search',
    'https://api.example.com:8443/opportunities/search',
    'https://api.example.com.evil.example/x',
    'https://api.example.com@evil.example/x',
    'https://api.example.com/oauth/token',
  ])('gives it to no one else: %s', async (url) => {
    expect((await send(url)).headers).toEqual({});
  });

  it('writes the query itself, curly braces and all', async () => {
    const { url, params } = await send('https://api.example.com/x', { q: 'a {{y}} b+c', limit: '5' });
    expect(url).toBe('https://api.example.com/x?q=a%20%7B%7By%7D%7D%20b%2Bc&limit=5');
    expect(params).toEqual({});
  });

  it('speaks to the vendor’s host unless told otherwise', async () => {
    delete process.env.HIGHLEVEL_API_URL;
    expect((await send('https://services.leadconnectorhq.com/x')).headers).toEqual({
      authorization: 'Bearer secret',
    });
    expect((await send('https://api.example.com/x')).headers).toEqual({});
  });
});
