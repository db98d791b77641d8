import type { BeforeRequestMiddleware } from 'zapier-platform-core';
import { keepBudget } from './budget.ts';
import { apiUrl } from './environment.ts';
import { explainRefusal } from './errors.ts';

/** Adds the person's token to requests to HighLevel's API, and to no other host. */
const authorize: BeforeRequestMiddleware = (request, _z, bundle) => {
  const token = bundle.authData?.access_token;
  const url = new URL(request.url);
  if (!token || url.origin !== new URL(apiUrl()).origin || url.pathname === '/oauth/token') return request;
  return { ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } };
};

/** Writes the query itself, because core deletes `{{…}}` from params that it writes. [run: zapier-platform-core 19.1.0] */
const writeQuery: BeforeRequestMiddleware = (request) => {
  const query = new URLSearchParams(request.params as Record<string, string>)
    .toString()
    .replaceAll('+', '%20');
  if (!query) return request;
  return { ...request, params: {}, url: `${request.url}${request.url.includes('?') ? '&' : '?'}${query}` };
};

export const beforeRequest = [authorize, writeQuery];
/** What is left is noted first: a refusal for want of it ends the second. */
export const afterResponse = [keepBudget, explainRefusal];
