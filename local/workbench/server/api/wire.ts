import { z } from 'zod';
import { procedure, router } from './trpc.ts';

/** Every message between HighLevel, the relay and Zapier. */
export const wire = router({
  list: procedure.query(({ ctx }) => ({
    entries: ctx.wire.entries().reverse(),
    allowance: ctx.wire.allowance(),
  })),
  detail: procedure.input(z.object({ id: z.number() })).query(({ ctx, input }) => ctx.wire.detail(input.id)),
  clear: procedure.mutation(({ ctx }) => ctx.wire.clear()),
  /** Where the relay's own page for its operator is. */
  operator: procedure.query(async ({ ctx }) => {
    const { relay } = ctx.world();
    if (!relay?.isUp()) return { url: null };
    const url = relay.operatorUrl;
    const answer = await fetch(url);
    return { url: answer.ok && answer.headers.get('content-type')?.includes('html') ? url : null };
  }),
});
