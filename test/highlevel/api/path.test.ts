import { afterEach, describe, expect, it } from '@jest/globals';
import { pathProblem } from '../../../highlevel/api/path.ts';

describe('a path that a person wrote', () => {
  afterEach(() => {
    delete process.env.HIGHLEVEL_API_URL;
  });

  it.each([
    '/contacts/',
    '/contacts/mTkSCb1UBjb5tk4OvB69/appointments',
    '/locations/ve9EPM428h8vShlRW1KT/customFields',
    '/objects/custom_objects.pet/records/search',
    '/contacts/caf%C3%A9',
    '/contacts/café',
    '/v2.1/a-b~c:d,e=f+g',
    '/',
  ])('may stay below the host: %s', (path) => {
    expect(pathProblem(path)).toBeNull();
  });

  it.each([
    ['', /begin with one slash/],
    ['contacts', /begin with one slash/],
    ['https://evil.example/contacts', /begin with one slash/],
    ['//evil.example/contacts', /begin with one slash/],
    ['\\\\evil.example', /begin with one slash/],
    ['/\\evil.example', /may hold letters/],
    ['/%5Cevil.example', /may hold letters/],
    ['/@evil.example', /may hold letters/],
    ['/contacts/%40evil', /may hold letters/],
    ['/contacts/../oauth/token', /begin with a dot/],
    ['/contacts/..', /begin with a dot/],
    ['/contacts/./x', /begin with a dot/],
    ['/contacts/%2e%2e/oauth/token', /begin with a dot/],
    ['/contacts/.%2E/x', /begin with a dot/],
    ['/contacts/..;/x', /may hold letters/],
    ['/contacts/%252e%252e/x', /may hold letters/],
    ['/contacts/%2Foauth', /may hold letters/],
    ['/contacts//x', /two slashes in a row/],
    ['/contacts?limit=1', /as Query/],
    ['/contacts%3Flimit=1', /may hold letters/],
    ['/contacts#x', /may hold letters/],
    ['/contacts/a b', /may hold letters/],
    ['/contacts/a%20b', /may hold letters/],
    ['/contacts/a\tb', /may hold letters/],
    ['/contacts/a\r\nHost: evil.example', /may hold letters/],
    ['/contacts/%0d%0aHost:x', /may hold letters/],
    ['/contacts/{{bundle.authData.access_token}}', /may hold letters/],
    ['/contacts/{id}', /may hold letters/],
    ['/contacts/%', /percent sign/],
    ['/contacts/%zz', /percent sign/],
    ['/contacts/%C3', /percent sign/],
    ['/oauth/token', /below \/oauth/],
    ['/OAuth/locationToken', /below \/oauth/],
    ['/%6Fauth/token', /below \/oauth/],
    ['/\u200Boauth/token', /may hold letters/],
  ])('may go nowhere else: "%s"', (path, why) => {
    expect(pathProblem(path)).toMatch(why);
  });

  it('stays below an address of HighLevel’s that has a path of its own', () => {
    process.env.HIGHLEVEL_API_URL = 'https://proxy.example/highlevel/';
    expect(pathProblem('/contacts/x')).toBeNull();
  });
});
