import { request } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createServer } from '../../../relay/http/server.ts';
import { operatorOnly } from '../../../relay/operator/access.ts';
import { capturedLog } from '../support/relay.ts';

describe('the guard of the operator’s routes', () => {
  const ends: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });

  async function gate(
    adminToken: string | null,
  ): Promise<(headers?: Record<string, string>) => Promise<number>> {
    const app = createServer(capturedLog().log);
    app.get('/secret', { preHandler: operatorOnly(adminToken) }, async () => 'shown');
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    ends.push(async () => app.close());
    // fetch would not let a test choose the Host header.
    return (headers = {}) =>
      new Promise((resolve, reject) => {
        request(`${url}/secret`, { headers, agent: false }, (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        })
          .on('error', reject)
          .end();
      });
  }

  it('without a token lets nobody in, since a proxy on this machine passes on the calls of the world', async () => {
    const knock = await gate(null);
    expect(await knock()).toBe(401);
    expect(await knock({ host: 'localhost:8787' })).toBe(401);
    for (const token of ['', 'null', 'undefined']) {
      expect(await knock({ authorization: `Bearer ${token}` })).toBe(401);
    }
  });

  it('with a token lets in who has it, wherever they are, and nobody else', async () => {
    const knock = await gate('a-token-of-the-operator');
    expect(await knock()).toBe(401);
    expect(await knock({ authorization: 'Bearer a-token-of-the-operato' })).toBe(401);
    expect(await knock({ authorization: 'a-token-of-the-operator' })).toBe(401);
    expect(await knock({ authorization: 'Bearer a-token-of-the-operator', via: '1.1 proxy' })).toBe(200);
  });
});
