import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createAccess } from '../../../relay/subscriptions/access.ts';
import { Busy, createTurns } from '../../../relay/subscriptions/turns.ts';

const BOUNDS = { atOnce: 4, atOnceEach: 2, waiting: 6, waitingEach: 3 };

test('serves callers one after the other, and each no more at once than its part', async () => {
  const turns = createTurns(BOUNDS);
  const ends: (() => void)[] = [];
  const began: string[] = [];
  const ask = (caller: string) =>
    turns.take(caller, async () => {
      began.push(caller);
      await new Promise<void>((end) => ends.push(end));
    });
  const all = ['a', 'a', 'a', 'a', 'a', 'b', 'b', 'b', 'c'].map(ask);
  await Promise.resolve();
  expect(began.sort()).toEqual(['a', 'a', 'b', 'b']);
  began.length = 0;
  while (ends.length > 0) {
    ends.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await Promise.all(all);
  expect(began.slice(0, 3).sort()).toEqual(['a', 'b', 'c']);
  expect(began.slice(3)).toEqual(['a', 'a']);
});

test('keeps no more waiting than its bounds, and goes on after work that failed', async () => {
  const turns = createTurns(BOUNDS);
  let fail = (_: Error): void => undefined;
  const stuck = new Promise<never>((_, reject) => {
    fail = reject;
  });
  const asked = Array.from({ length: 6 }, () => turns.take('a', () => stuck));
  const settled = Promise.allSettled(asked);
  const sixth = await asked.at(-1)?.catch((error: unknown) => error);
  expect(sixth).toBeInstanceOf(Busy);
  fail(new Error('no'));
  expect((await settled).map(({ status }) => status)).toEqual(Array(6).fill('rejected'));
  expect(await turns.take('a', async () => 'fine')).toBe('fine');
});

let highlevel: Server;
let url: string;

beforeEach(async () => {
  highlevel = createServer((request, response) => {
    const good = request.headers.authorization?.startsWith('Bearer good');
    const body = good ? { location: { id: request.url?.split('/').pop() } } : { message: 'Invalid JWT' };
    setTimeout(() => response.writeHead(good ? 200 : 401).end(JSON.stringify(body)), 100);
  });
  highlevel.listen(0, '127.0.0.1');
  await once(highlevel, 'listening');
  url = `http://127.0.0.1:${(highlevel.address() as AddressInfo).port}`;
});

afterEach(() => {
  highlevel.close();
  highlevel.closeAllConnections();
});

test('a flood of bad tokens by one caller keeps no other caller out', async () => {
  const access = createAccess(url);
  const flood = Array.from({ length: 400 }, () => access.check(randomUUID(), 'loc', 'flooder'));
  const rightful = await Promise.all(
    Array.from({ length: 40 }, (_, index) => access.check(`good${index}`, 'loc', `caller${index}`)),
  );
  expect(rightful.map(({ kind }) => kind)).toEqual(Array(40).fill('allowed'));
  const kinds = (await Promise.all(flood)).map(({ kind }) => kind);
  expect(new Set(kinds)).toEqual(new Set(['expired', 'unavailable']));
});
