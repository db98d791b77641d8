import * as http from 'node:http';
import * as https from 'node:https';

/** What came of one try: a status, or why there was none. */
export interface PostResult {
  status: number | null;
  error: string | null;
}

export interface Poster {
  post(url: string, headers: Record<string, string>, body: Buffer): Promise<PostResult>;
  /** Cuts what is under way. */
  close(): void;
}

/**
 * Posts bytes; never throws, does not follow redirects.
 *
 * Plain node:http in place of fetch: a fresh connection for every try means that a receiver's dying keep-alive
 * socket is never mistaken for a failed delivery.
 *
 * @param timeoutMs how long a receiver may be silent; HighLevel states no figure [assumed]
 */
export function poster(timeoutMs: number): Poster {
  // Beyond this many at once the rest queue, so that a burst of events does not exhaust sockets.
  const limits = { keepAlive: false, maxSockets: 64 };
  const agents = { http: new http.Agent(limits), https: new https.Agent(limits) };
  const running = new Set<http.ClientRequest>();
  return {
    post(url, headers, body) {
      return new Promise((resolve) => {
        const failed = (error: unknown): void =>
          resolve({ status: null, error: error instanceof Error ? error.message : String(error) });
        try {
          const secure = url.startsWith('https:');
          const request = (secure ? https : http).request(url, {
            method: 'POST',
            agent: secure ? agents.https : agents.http,
            headers: { ...headers, 'content-length': String(body.length) },
            timeout: timeoutMs,
          });
          running.add(request);
          request.on('close', () => {
            running.delete(request);
            // Changes nothing where an answer or an error came first.
            failed(new Error('the connection closed'));
          });
          request.on('timeout', () => request.destroy(new Error(`no answer within ${timeoutMs} ms`)));
          request.on('error', failed);
          request.on('response', (response) => {
            response.resume();
            response.on('error', failed);
            response.on('end', () => resolve({ status: response.statusCode ?? null, error: null }));
          });
          request.end(body);
        } catch (error) {
          failed(error);
        }
      });
    },
    close() {
      for (const request of running) request.destroy(new Error('the sandbox closed'));
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}
