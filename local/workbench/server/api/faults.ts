import { z } from 'zod';
import { listFaults, setFault } from '../faults.ts';
import { procedure, router } from './trpc.ts';

/** Things that go wrong, at a click. */
export const faults = router({
  list: procedure.query(({ ctx }) => {
    const world = ctx.world();
    return {
      faults: listFaults(world),
      /** Those that wait for a request, in the sandbox's words. */
      waiting: world.sandbox.faults().map(({ status, left, cut, hangMs }) => ({
        left,
        says: cut ? 'cuts the connection' : status ? `answers ${status}` : `waits ${hangMs} ms`,
      })),
    };
  }),
  set: procedure.input(z.object({ name: z.string(), on: z.boolean() })).mutation(async ({ ctx, input }) => {
    await setFault(ctx.world(), input.name, input.on);
    ctx.feed.tell('faults', 'connection');
  }),
  /** Takes away what waits. */
  clear: procedure.mutation(({ ctx }) => {
    const { sandbox } = ctx.world();
    sandbox.clearFaults();
    sandbox.context.webhooks.fault({ drop: 0, repeat: 0, reorder: 0, forge: 0, unsigned: 0, delayMs: 0 });
    ctx.feed.tell('faults');
  }),
});
