import { afterEach, describe, expect, it } from '@jest/globals';
import nock from 'nock';
import { checkToken } from '../../../highlevel/http/token-check.ts';

const API = 'https://api.example.com';
const LOCATION = '3jJ0coeqWCZMAosyGQ6K';
const NO_SCOPE = { statusCode: 401, message: 'The token is not authorized for this scope.' };

const tokenOf = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.sig`;
const inAnHour = () => Math.floor(Date.now() / 1000) + 3_600;

describe('checkToken', () => {
  afterEach(() => {
    expect(nock.pendingMocks()).toEqual([]);
    nock.cleanAll();
  });

  const reading = () => nock(API).get(`/locations/${LOCATION}`);
  const pipelines = () => nock(API).get('/opportunities/pipelines').query({ locationId: LOCATION });
  const check = (token = 'opaque', location = LOCATION) => checkToken(API, token, location);

  it('asks as the app does, and answers with the company', async () => {
    nock(API, {
      reqheaders: {
        accept: 'application/json',
        authorization: 'Bearer opaque',
        version: 'v3',
        'user-agent': 'HighLevel-Opportunities-for-Zapier/1.0',
      },
    })
      .get(`/locations/${LOCATION}`)
      .reply(200, { location: { id: LOCATION, companyId: 'c1', name: 'Harbor' } });
    expect(await check()).toEqual({ kind: 'allowed', companyId: 'c1' });
  });

  it.each([{}, { companyId: null }])('does without a company: %j', async (company) => {
    reading().reply(200, { location: { id: LOCATION, ...company } });
    expect(await check()).toEqual({ kind: 'allowed', companyId: null });
  });

  it('believes no answer for another location', async () => {
    reading().reply(200, { location: { id: 'another' } });
    expect(await check()).toEqual({ kind: 'forbidden' });
  });

  it.each([{}, { location: {} }, '<html>'])('cannot tell by an answer like %j', async (body) => {
    reading().reply(200, body);
    expect(await check()).toEqual({ kind: 'unavailable', why: 'an answer that is not known' });
  });

  it('keeps a strange id within its place in the path', async () => {
    nock(API).get('/locations/a%2F..%2Fb').reply(404);
    expect(await check('opaque', 'a/../b')).toEqual({ kind: 'forbidden' });
  });

  describe('without the permission for locations', () => {
    it('proves as much by the pipelines', async () => {
      reading().reply(401, NO_SCOPE);
      pipelines().reply(200, { pipelines: [] });
      expect(await check()).toEqual({ kind: 'allowed', companyId: null });
    });

    it.each([
      [401, NO_SCOPE, { kind: 'forbidden' }],
      [401, { message: 'Invalid JWT' }, { kind: 'expired' }],
      [403, {}, { kind: 'forbidden' }],
      [500, {}, { kind: 'unavailable', why: 'status 500' }],
    ])('takes %i %j for the pipelines as the answer', async (status, body, verdict) => {
      reading().reply(401, NO_SCOPE);
      pipelines().reply(status, body);
      expect(await check()).toEqual(verdict);
    });
  });

  it.each([
    [401, { kind: 'expired' }],
    [400, { kind: 'forbidden' }],
    [403, { kind: 'forbidden' }],
    [404, { kind: 'forbidden' }],
    [422, { kind: 'forbidden' }],
    [429, { kind: 'unavailable', why: 'status 429' }],
    [503, { kind: 'unavailable', why: 'status 503' }],
  ])('takes the status %i for %j', async (status, verdict) => {
    // The word counts with 401 alone.
    reading().reply(status, { message: status === 401 ? 'Invalid JWT' : 'scope' });
    expect(await check()).toEqual(verdict);
  });

  it('follows no redirect', async () => {
    reading().reply(302, undefined, { location: 'https://evil.example/' });
    expect(await check()).toEqual({ kind: 'unavailable', why: 'status 302' });
  });

  it('cannot tell where no answer comes', async () => {
    reading().replyWithError('broken');
    expect(await check()).toEqual({ kind: 'unavailable', why: 'no answer' });
  });

  describe('by what a token says of itself', () => {
    it('refuses one that has run out, and asks nothing', async () => {
      expect(await check(tokenOf({ exp: Math.floor(Date.now() / 1000) }))).toEqual({ kind: 'expired' });
    });

    it('refuses one of another location, and asks nothing', async () => {
      expect(await check(tokenOf({ authClass: 'Location', authClassId: 'another' }))).toEqual({
        kind: 'forbidden',
      });
    });

    it.each([
      ['of this location', tokenOf({ exp: inAnHour(), authClass: 'Location', authClassId: LOCATION })],
      ['of a company', tokenOf({ authClass: 'Company', authClassId: 'another' })],
      ['of a location without a name', tokenOf({ authClass: 'Location' })],
      [
        'that says what is not known',
        tokenOf({ exp: 'soon', authClass: 'Location', authClassId: 'another' }),
      ],
      ['that is no JSON', 'a.b.c'],
    ])('asks for one %s', async (_which, token) => {
      reading().reply(200, { location: { id: LOCATION } });
      expect(await check(token)).toEqual({ kind: 'allowed', companyId: null });
    });
  });
});
