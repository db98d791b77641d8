import { z } from 'zod';
import { contraries, contraryNamed } from '../../../sandbox/index.ts';
import { listFaults, setFault } from '../faults.ts';
import { procedure, router } from './trpc.ts';

/** Things that go wrong, at a click. */
export const faults = router({
  list: procedure.query(({ ctx }) => {
    const world = ctx.world();
    const on = new Set(world.sandbox.contraries());
    return {
      faults: listFaults(world),
      /** The ways in which HighLevel is reported to answer otherwise. */
      contraries: contraries.map(({ name, does, source }) => ({ name, does, source, on: on.has(name) })),
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
  setContrary: procedure.input(z.object({ name: z.string(), on: z.boolean() })).mutation(({ ctx, input }) => {
    const { sandbox } = ctx.world();
    const name = contraryNamed(input.name);
    if (!name) throw new Error(`HighLevel is not reported to answer so: "${input.name}".`);
    const others = sandbox.contraries().filter((one) => one !== name);
    sandbox.setContraries(input.on ? [...others, name] : others);
    ctx.feed.tell('faults');
  }),
  /** Takes away what waits. */
  clear: procedure.mutation(({ ctx }) => {
    const { sandbox } = ctx.world();
    sandbox.clearFaults();
    sandbox.setContraries([]);
    sandbox.context.webhooks.fault({ drop: 0, repeat: 0, reorder: 0, forge: 0, unsigned: 0, delayMs: 0 });
    ctx.feed.tell('faults');
  }),
});
