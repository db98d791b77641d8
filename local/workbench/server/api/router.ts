import { boards } from './boards.ts';
import { connection } from './connection.ts';
import { faults } from './faults.ts';
import { runs } from './runs.ts';
import { procedure, router } from './trpc.ts';
import { wire } from './wire.ts';
import { zaps } from './zaps.ts';

/** Everything that the pages ask of the server. */
export const appRouter = router({
  boards,
  connection,
  zaps,
  runs,
  wire,
  faults,
  /** Tells an open page what it has to read again. */
  changes: procedure.subscription(({ ctx, signal }) =>
    ctx.feed.listen(signal ?? new AbortController().signal),
  ),
});

export type AppRouter = typeof appRouter;
