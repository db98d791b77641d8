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
    /** Whether HighLevel's own page is where access is allowed; a key is filled in otherwise. */
    byConsent: ctx.ready() && ctx.world().runner.definition.authentication?.type === 'oauth2',
    relayUp: ctx.ready() && ctx.world().relay?.isUp() !== false,
    locationId: ctx.ready() ? ctx.world().sandbox.locationId : '',
  })),

  /** Begins a sign-in. Gives the address of HighLevel's consent page; null where none is needed. */
  begin: procedure
    .input(z.object({ fields: z.record(z.string(), z.string()) }))
    .mutation(async ({ ctx, input }) => {
      const { runner } = ctx.world();
      if (runner.definition.authentication?.type !== 'oauth2') {
        // Without a page to consent on, what is filled in is the connection.
        if (ctx.connection) await runner.reconnect(ctx.connection, { fields: input.fields });
        else ctx.connection = await runner.connect({ fields: input.fields });
        ctx.feed.tell('connection', 'zaps');
        return { url: null };
      }
      let comeBack: (url: string) => void = () => undefined;
      const back = new Promise<string>((resolve) => {
        comeBack = resolve;
      });
      const options = { fields: input.fields, redirectUri: `${ctx.url}${RETURN_PATH}` };
      return new Promise<{ url: string | null }>((resolve, reject) => {
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

  /** Makes a private integration token, as a person does in HighLevel's settings. */
  makeKey: procedure.mutation(({ ctx }) => {
    const { sandbox } = ctx.world();
    return { token: sandbox.mintToken({ private: true }).accessToken, locationId: sandbox.locationId };
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
