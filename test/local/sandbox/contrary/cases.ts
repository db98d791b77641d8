import type { Sandbox } from '../../../../local/sandbox/index.ts';
import { type Answer, answerOf, call, postForm } from '../support/call.ts';

/** What a case works with: a sandbox on which its contrary answer alone is on. */
export interface Tools {
  sandbox: Sandbox;
  get(path: string): Promise<Answer>;
  send(method: string, path: string, body?: unknown): Promise<Answer>;
  /** GET /opportunities/search of the location. */
  getSearch(query?: string): Promise<Answer>;
  /** POST /opportunities/search of the location. */
  postSearch(body?: object): Promise<Answer>;
  /** A new opportunity's body, for a contact of its own. */
  newOpportunity(): Promise<Record<string, unknown>>;
  /** The token endpoint's answer to a refresh token. */
  refresh(refreshToken: string): Promise<Answer>;
}

export type Case = (tools: Tools) => Promise<void>;

let contacts = 0;

export function toolsFor(sandbox: Sandbox): Tools {
  const { locationId } = sandbox;
  const send: Tools['send'] = (method, path, body) => call(sandbox, method, path, { body });
  return {
    sandbox,
    send,
    get: (path) => send('GET', path),
    getSearch: (query = '') => send('GET', `/opportunities/search?locationId=${locationId}&${query}`),
    postSearch: (body = {}) => send('POST', '/opportunities/search', { locationId, limit: 20, ...body }),
    async newOpportunity() {
      contacts += 1;
      const email = `contrary.${contacts}@mail.example`;
      const contact = await send('POST', '/contacts/', { locationId, email, firstName: 'Ann' });
      const pipelineId = sandbox.seeded.pipelines.Sales?.id;
      return { locationId, pipelineId, contactId: contact.body.contact.id, name: 'New', status: 'open' };
    },
    async refresh(refreshToken) {
      const response = await postForm(`${sandbox.url}/oauth/token`, {
        client_id: sandbox.clientId,
        client_secret: sandbox.clientSecret,
        grant_type: 'refresh_token',
        refresh_token: refreshToken,
      });
      return answerOf(response);
    },
  };
}
