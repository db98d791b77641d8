import type { BeforeRequestMiddleware } from 'zapier-platform-core';
import { apiUrl } from './environment.ts';

/**
 * Adds the person's token to requests to HighLevel's API, and to no other host. The one place that does: what asks
 * another host, or for new tokens, cannot send it by mistake.
 */
export const authorize: BeforeRequestMiddleware = (request, _z, bundle) => {
  const token = bundle.authData?.access_token;
  const url = new URL(request.url);
  if (!token || url.origin !== new URL(apiUrl()).origin || url.pathname === '/oauth/token') return request;
  return { ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } };
};
