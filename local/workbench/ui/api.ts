import { MutationCache, QueryClient } from '@tanstack/react-query';
import { createTRPCClient, httpLink, httpSubscriptionLink, splitLink } from '@trpc/client';
import type { inferRouterOutputs } from '@trpc/server';
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query';
import type { AppRouter } from '../server/api/router.ts';
import type { Topic } from '../server/feed.ts';
import { showProblem } from './parts/toast.ts';

export type Outputs = inferRouterOutputs<AppRouter>;

export const queryClient = new QueryClient({
  defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY, retry: false } },
  // A change that was refused is always said; a page need not remember to.
  mutationCache: new MutationCache({ onError: (error) => showProblem(error.message) }),
});

const client = createTRPCClient<AppRouter>({
  links: [
    splitLink({
      condition: ({ type }) => type === 'subscription',
      true: httpSubscriptionLink({ url: '/api' }),
      false: httpLink({ url: '/api' }),
    }),
  ],
});

/** Queries and mutations of the server, as TanStack Query takes them. */
export const api = createTRPCOptionsProxy<AppRouter>({ client, queryClient });

/** Queries that what changed on the server makes old. */
const OLD: Record<Topic, () => unknown[]> = {
  boards: () => [api.boards.pathKey()],
  connection: () => [api.connection.pathKey(), api.zaps.form.pathKey(), api.boards.account.pathKey()],
  zaps: () => [
    api.zaps.list.pathKey(),
    api.zaps.get.pathKey(),
    api.zaps.data.pathKey(),
    api.zaps.output.pathKey(),
    api.zaps.examples.pathKey(),
    api.zaps.operations.pathKey(),
  ],
  runs: () => [api.runs.pathKey(), api.zaps.list.pathKey()],
  wire: () => [api.wire.list.pathKey()],
  faults: () => [api.faults.pathKey()],
};

/** Keeps this window in step with the server, and so with every other window. */
export function followChanges(): void {
  client.changes.subscribe(undefined, {
    onData(topics) {
      const keys = topics.flatMap((topic) => OLD[topic]());
      for (const queryKey of keys) void queryClient.invalidateQueries({ queryKey: queryKey as unknown[] });
    },
  });
}
