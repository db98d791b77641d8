import type { FastifyRequest } from 'fastify';
import type { ListName } from '../state/contraries.ts';

/** A call's method and the route it matched, for example `GET /contacts/:contactId`. */
export function routeOf(request: FastifyRequest): string {
  return `${request.method} ${request.routeOptions.url ?? ''}`;
}

const SEARCHES = ['POST /opportunities/search', 'POST /contacts/search', 'POST /notes/search'];

/** Whether a call changes nothing, so that a client may repeat it. */
export function isRead(request: FastifyRequest): boolean {
  return request.method === 'GET' || SEARCHES.includes(routeOf(request));
}

/** Whether a call creates a record. */
export function isCreation(request: FastifyRequest): boolean {
  return request.method === 'POST' && !isRead(request) && !routeOf(request).startsWith('POST /oauth/');
}

/** The routes of the lists that give names to ids, with the key of the list in their answer. */
export const LIST_ROUTES: Record<ListName, { route: string; key: string }> = {
  users: { route: 'GET /users/search', key: 'users' },
  'lost-reasons': { route: 'GET /opportunities/lost-reason', key: 'lostReasons' },
  'custom-fields': { route: 'GET /locations/:locationId/customFields', key: 'customFields' },
  pipelines: { route: 'GET /opportunities/pipelines', key: 'pipelines' },
};
