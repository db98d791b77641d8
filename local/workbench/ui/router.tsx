import {
  createRootRoute,
  createRoute,
  createRouter,
  redirect,
  retainSearchParams,
} from '@tanstack/react-router';
import * as s from 'zod/mini';
import { Problem } from './parts/states.tsx';
import { Shell } from './shell/Shell.tsx';

const text = s.catch(s.optional(s.string()), undefined);
const number = s.catch(s.optional(s.number()), undefined);

const root = createRootRoute({
  component: Shell,
  validateSearch: s.object({ tour: number }),
  search: { middlewares: [retainSearchParams(['tour'])] },
  notFoundComponent: () => (
    <Problem page title="There is no such page" message="The address leads nowhere in the workbench." />
  ),
});

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/highlevel' });
  },
});

const highlevel = createRoute({
  getParentRoute: () => root,
  path: '/highlevel',
  validateSearch: s.object({
    pipeline: text,
    status: s.catch(s.optional(s.enum(['open', 'won', 'lost', 'abandoned', 'all'])), undefined),
    q: text,
    opportunity: text,
    add: s.catch(s.optional(s.boolean()), undefined),
  }),
}).lazy(() => import('./boards/route.tsx').then(({ route }) => route));

/** Where the integration's links lead while the sandbox is connected: the address is HighLevel's own. */
const linked = createRoute({
  getParentRoute: () => root,
  path: '/v2/location/$location/opportunities/list',
  validateSearch: s.object({ opportunity: text }),
  beforeLoad: ({ search }) => {
    throw redirect({ to: '/highlevel', search: { opportunity: search.opportunity } });
  },
});

const contact = createRoute({
  getParentRoute: () => root,
  path: '/v2/location/$location/contacts/detail/$contact',
}).lazy(() => import('./boards/contact-route.tsx').then(({ route }) => route));

const connect = createRoute({
  getParentRoute: () => root,
  path: '/connect',
  validateSearch: s.object({ failed: text }),
}).lazy(() => import('./connect/route.tsx').then(({ route }) => route));

const zaps = createRoute({
  getParentRoute: () => root,
  path: '/zaps',
}).lazy(() => import('./zaps/list-route.tsx').then(({ route }) => route));

const zap = createRoute({
  getParentRoute: () => root,
  path: '/zaps/$zap',
  validateSearch: s.object({ node: text, tab: s.catch(s.optional(s.enum(['setup', 'test'])), undefined) }),
}).lazy(() => import('./zaps/editor-route.tsx').then(({ route }) => route));

const runs = createRoute({
  getParentRoute: () => root,
  path: '/runs',
  validateSearch: s.object({ zap: text }),
}).lazy(() => import('./runs/list-route.tsx').then(({ route }) => route));

const run = createRoute({
  getParentRoute: () => root,
  path: '/runs/$run',
}).lazy(() => import('./runs/run-route.tsx').then(({ route }) => route));

const wire = createRoute({
  getParentRoute: () => root,
  path: '/wire',
  validateSearch: s.object({ entry: number, only: text }),
}).lazy(() => import('./wire/route.tsx').then(({ route }) => route));

const relay = createRoute({
  getParentRoute: () => root,
  path: '/wire/relay',
}).lazy(() => import('./wire/relay-route.tsx').then(({ route }) => route));

const faults = createRoute({
  getParentRoute: () => root,
  path: '/faults',
}).lazy(() => import('./faults/route.tsx').then(({ route }) => route));

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    highlevel,
    linked,
    contact,
    connect,
    zaps,
    zap,
    runs,
    run,
    wire,
    relay,
    faults,
  ]),
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultErrorComponent: ({ error }) => (
    <Problem
      page
      title="This page could not be shown"
      message={error instanceof Error ? error.message : String(error)}
    />
  ),
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
