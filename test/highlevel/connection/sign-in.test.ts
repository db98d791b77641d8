import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Bundle } from 'zapier-platform-core';
import { authorizeUrl, exchangeCode, refreshTokens } from '../../../highlevel/connection/sign-in.ts';
import { wantedScopes } from '../../../highlevel/http/permissions.ts';
import { scripted } from '../../support/scripted.ts';

const WHOLE = {
  access_token: 'a2',
  refresh_token: 'r2',
  scope: 'opportunities.readonly',
  userType: 'Location',
  locationId: 'l2',
  companyId: 'k2',
  userId: 'u2',
};
const { userType: _, ...KEPT } = WHOLE;

beforeEach(() => {
  process.env.CLIENT_ID = 'id';
  process.env.CLIENT_SECRET = 'secret';
});
afterEach(() => {
  delete process.env.CLIENT_ID;
  delete process.env.CLIENT_SECRET;
});

describe('authorizeUrl', () => {
  const urlFor = (inputData: object) => new URL(authorizeUrl({ inputData } as unknown as Bundle));

  it('has all that HighLevel and Zapier want', () => {
    const url = urlFor({ redirect_uri: 'https://zapier.com/a', state: 's 1', login_host: 'leadconnector' });
    expect(url.origin).toBe('https://marketplace.leadconnectorhq.com');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      response_type: 'code',
      client_id: 'id',
      redirect_uri: 'https://zapier.com/a',
      state: 's 1',
      scope: wantedScopes(),
      loginWindowOpenMode: 'self',
      version_id: 'id',
    });
    expect(url.search).not.toContain('+');
  });

  it('shows what is missing as empty, for HighLevel to say so', () => {
    delete process.env.CLIENT_ID;
    const { searchParams } = urlFor({});
    for (const name of ['client_id', 'redirect_uri', 'state']) expect(searchParams.get(name)).toBe('');
  });
});

describe('exchangeCode', () => {
  const exchange = (answer: () => unknown) => {
    const { z, bundle, asked } = scripted(answer);
    bundle.inputData = { code: 'c1', redirect_uri: 'https://zapier.com/a' };
    return { result: exchangeCode(z, bundle), asked };
  };

  it('trades the code for what a connection keeps', async () => {
    const { result, asked } = exchange(() => WHOLE);
    expect(await result).toEqual(KEPT);
    expect(asked).toEqual([
      {
        method: 'POST',
        path: '/oauth/token',
        query: {},
        body: {
          grant_type: 'authorization_code',
          code: 'c1',
          redirect_uri: 'https://zapier.com/a',
          client_id: 'id',
          client_secret: 'secret',
          user_type: 'Location',
        },
      },
    ]);
  });

  it('keeps what there is, where the answer leaves out what can be done without', async () => {
    const { result } = exchange(() => ({ access_token: 'a2', locationId: 'l2' }));
    expect(await result).toEqual({
      access_token: 'a2',
      refresh_token: '',
      scope: '',
      locationId: 'l2',
      companyId: '',
      userId: '',
    });
  });

  it.each([
    [{ ...WHOLE, userType: 'Company' }],
    [{ ...WHOLE, locationId: null }],
  ])('asks for a sub-account in place of an agency: %j', async (answer) => {
    await expect(exchange(() => answer).result).rejects.toMatchObject({
      code: 'agency_chosen',
      status: 400,
      message: expect.stringMatching(/^You connected a whole HighLevel agency\..*not the agency\.$/),
    });
  });

  it.each([
    [{ message: 'Invalid code' }, 'Invalid code'],
    [{}, 'status 400'],
    [undefined, 'status 400'],
  ])('says what to do about a refusal: %j', async (data, said) => {
    await expect(exchange(() => ({ status: 400, data })).result).rejects.toMatchObject({
      name: 'AppError',
      code: 'sign_in_failed',
      status: 400,
      message: `HighLevel did not accept the sign-in (${said}). Close this window and connect HighLevel once more.`,
    });
  });

  it('does not take a redirect for an answer', async () => {
    await expect(exchange(() => ({ status: 300, data: WHOLE })).result).rejects.toMatchObject({
      code: 'sign_in_failed',
    });
  });

  it('says so where the answer cannot be read', async () => {
    await expect(exchange(() => ({ token: 'x' })).result).rejects.toThrow(
      'HighLevel answered the sign-in with something this integration cannot read. Try again in a few minutes.',
    );
  });

  it('says so where no answer comes', async () => {
    const { result } = exchange(() => {
      throw new Error('broken');
    });
    await expect(result).rejects.toMatchObject({
      name: 'ThrottledError',
      code: 30,
      message: 'HighLevel could not be reached to sign in or to renew the connection. Try again in a minute.',
    });
  });
});

describe('refreshTokens', () => {
  const known = { refresh_token: 'r1', scope: 's1', locationId: 'l1', companyId: 'k1', userId: 'u1' };
  const refreshing = (answer: (index: number) => unknown) => {
    const script = scripted((_asked, index) => answer(index));
    script.bundle.authData = known;
    return { ...script, refresh: () => refreshTokens(script.z, script.bundle) };
  };

  it('takes what is new, and keeps what the answer leaves out', async () => {
    expect(await refreshing(() => WHOLE).refresh()).toEqual(KEPT);
    const { refresh, asked } = refreshing(() => ({ access_token: 'a2', refresh_token: '' }));
    expect(await refresh()).toEqual({ ...known, access_token: 'a2' });
    expect(asked[0]?.body).toMatchObject({ grant_type: 'refresh_token', refresh_token: 'r1' });
  });

  it('asks without a token where there is none, for HighLevel to say so', async () => {
    const { z, bundle, asked } = scripted(() => ({ status: 400, data: {} }));
    await expect(refreshTokens(z, bundle)).rejects.toMatchObject({ name: 'ExpiredAuthError' });
    expect(asked[0]?.body).not.toHaveProperty('refresh_token');
  });

  it.each([
    [
      400,
      { message: 'The location is not active' },
      900,
      /^HighLevel could not renew the connection \(The location is not active\)\. The sub-account is paused or unpaid\..*nothing needs to be reconnected\.$/,
    ],
    [
      429,
      { message: 'Slow down' },
      30,
      /^HighLevel could not renew the connection just now \(Slow down\)\.$/,
    ],
    [408, {}, 30, /just now \(status 408\)/],
    [500, {}, 30, /just now \(status 500\)/],
  ])('is tried again after %i %j', async (status, data, delay, says) => {
    const { refresh } = refreshing(() => ({ status, data }));
    await expect(refresh()).rejects.toMatchObject({
      name: 'ThrottledError',
      code: delay,
      message: expect.stringMatching(says),
    });
  });

  it('ends the connection where the token counts no more', async () => {
    const { refresh } = refreshing(() => ({ status: 400, data: { message: 'Invalid refresh token' } }));
    await expect(refresh()).rejects.toMatchObject({
      name: 'ExpiredAuthError',
      message:
        'HighLevel no longer accepts this connection (Invalid refresh token). Open My Apps in Zapier and reconnect HighLevel.',
    });
  });

  it('does not where another run has renewed it', async () => {
    const { refresh } = refreshing((index) => (index === 0 ? WHOLE : { status: 400, data: {} }));
    await refresh();
    await expect(refresh()).rejects.toMatchObject({
      name: 'ThrottledError',
      code: 30,
      message: expect.stringMatching(/^Another run of a Zap has just renewed/),
    });
  });
});
