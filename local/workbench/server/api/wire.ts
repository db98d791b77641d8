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
  operator: procedure.query(({ ctx }) => ({ url: `${ctx.world().relay.url}/operator/` })),
});
