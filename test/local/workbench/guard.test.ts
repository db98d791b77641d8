import { request } from 'node:http';
import { startWorkbench, type Workbench } from '../../../local/workbench/workbench.ts';

let workbench: Workbench;
beforeAll(async () => {
  workbench = await startWorkbench();
});
afterAll(() => workbench.close());

/** Asks as any client may, Host included. Gives the status. */
function ask(path: string, headers: Record<string, string>, method = 'GET'): Promise<number> {
  return new Promise((resolve, reject) => {
    request(new URL(path, workbench.url), { method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

const CALL = '/api/connection.get';

test('the workbench listens on loopback, and answers its own pages', async () => {
  expect(new URL(workbench.url).hostname).toBe('127.0.0.1');
  const { host, origin } = new URL(workbench.url);
  expect(await ask(CALL, { host, origin, 'sec-fetch-site': 'same-origin' })).toBe(200);
  expect(await ask('/highlevel', { host, 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' })).toBe(200);
});

test.each([
  ['a name that was made to point here', { host: 'rebound.example' }],
  ['a page of another origin', { origin: 'http://evil.example', 'sec-fetch-site': 'cross-site' }],
  ['another server of this machine', { origin: 'http://127.0.0.1:1', 'sec-fetch-site': 'same-site' }],
  ['an image or a script of another page', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
])('%s is refused', async (_who, headers) => {
  expect(await ask(CALL, headers)).toBe(403);
  expect(await ask('/api/zaps.create', headers, 'POST')).toBe(403);
});
