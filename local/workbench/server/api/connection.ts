import { z } from 'zod';
import type { FieldDefinition } from '../../../zap-runner/index.ts';
import type { Bench } from '../bench.ts';
import { formField, type InputField } from '../fields.ts';
import { restartAll } from '../switching.ts';
import { procedure, router } from './trpc.ts';

/** Where the consent page sends the browser back to. */
export const RETURN_PATH = '/sign-in/return';

/** The account that Zaps work in, as Zapier keeps it. */
export const connection = router({
  get: procedure.query(({ ctx }) => ({
    ready: ctx.ready(),
    connected: ctx.connection && { label: ctx.connection.label, stale: ctx.connection.stale },
    /** The form that Zapier shows before the consent page. */
    fields: ctx.ready() ? connectionFields(ctx) : [],
    switches: { ...ctx.switches },
    relayUp: ctx.ready() && ctx.world().relay?.isUp() !== false,
    locationId: ctx.ready() ? ctx.world().sandbox.locationId : '',
  })),

  /** Begins a sign-in. Gives the address of HighLevel's consent page. */
  begin: procedure
    .input(z.object({ fields: z.record(z.string(), z.string()) }))
    .mutation(async ({ ctx, input }) => {
      const { runner } = ctx.world();
      let comeBack: (url: string) => void = () => undefined;
      const back = new Promise<string>((resolve) => {
        comeBack = resolve;
      });
      const options = { fields: input.fields, redirectUri: `${ctx.url}${RETURN_PATH}` };
      return new Promise<{ url: string }>((resolve, reject) => {
        const browse = (url: string) => {
          resolve({ url });
          return back;
        };
        const done = (async () => {
          // A connection that is made anew stays the one that Zaps are on with.
          if (ctx.connection) await runner.reconnect(ctx.connection, { ...options, browse });
          else ctx.connection = await runner.connect({ ...options, browse });
          ctx.feed.tell('connection', 'zaps');
          return ctx.connection;
        })();
        done.catch(reject);
        ctx.signIn = { comeBack, done };
      });
    }),

  /** Turns a switch. What is on runs under it from now on. */
  setSwitch: procedure
    .input(z.object({ name: z.enum(['testMode', 'replay', 'poll']), on: z.boolean() }))
    .mutation(async ({ ctx, input }) => {
      ctx.switches[input.name] = input.on;
      ctx.feed.tell('connection');
      if (input.name === 'testMode') await restartAll(ctx);
    }),
});

function connectionFields(ctx: Bench) {
  const fields: FieldDefinition[] = ctx.world().runner.definition.authentication?.fields ?? [];
  return fields
    .filter(({ computed }) => !computed)
    .map((field) => formField(field as InputField, () => null));
}
