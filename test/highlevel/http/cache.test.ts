import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { Bundle, ZObject } from 'zapier-platform-core';
import { memoryCache, zapierCache } from '../../../highlevel/http/cache.ts';

const bundle = { authData: { locationId: 'l1' } } as unknown as Bundle;

describe('what is remembered for a connection', () => {
  it.each([
    ['is not there, as in `zapier invoke`', undefined],
    [
      'cannot be reached',
      { get: () => Promise.reject(new Error('down')), set: () => Promise.reject(new Error('down')) },
    ],
  ])('is nothing where Zapier’s cache %s', async (_, cache) => {
    const z = { cache } as unknown as ZObject;
    await expect(zapierCache(z, bundle).remember('users', [], 60)).resolves.toBe(false);
    expect(await zapierCache(z, bundle).recall('users')).toBeNull();
  });

  it('is kept by its sub-account, for this connection alone and for so long', async () => {
    const calls: unknown[] = [];
    const cache = {
      get: async (...args: unknown[]) => calls.push(['get', ...args]) && undefined,
      set: async (...args: unknown[]) => calls.push(['set', ...args]) > 0,
    };
    const z = { cache } as unknown as ZObject;
    await zapierCache(z, bundle).remember('users', ['u1'], 60);
    expect(await zapierCache(z, bundle).recall('users')).toBeNull();
    expect(calls).toEqual([
      ['set', 'l1:users', ['u1'], 60, ['auth']],
      ['get', 'l1:users', ['auth']],
    ]);
  });
});

describe('what is remembered beside Zapier', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('is kept for so long, or until it is forgotten', async () => {
    const cache = memoryCache();
    expect(await cache.recall('users')).toBeNull();
    expect(await cache.remember('users', ['u1'], 60)).toBe(true);
    expect(await cache.remember('pipelines', ['p1'], 60)).toBe(true);
    await cache.forget('pipelines');
    expect(await cache.recall('pipelines')).toBeNull();
    const now = Date.now();
    const clock = jest.spyOn(Date, 'now');
    clock.mockReturnValue(now + 59_000);
    expect(await cache.recall('users')).toEqual(['u1']);
    clock.mockReturnValue(now + 61_000);
    expect(await cache.recall('users')).toBeNull();
  });
});
