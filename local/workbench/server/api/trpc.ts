import { initTRPC } from '@trpc/server';
import { ZapFailure } from '../../../zap-runner/index.ts';
import type { Bench } from '../bench.ts';

const t = initTRPC.context<Bench>().create({
  errorFormatter({ shape, error }) {
    // What the app says is meant for a person.
    return error.cause instanceof ZapFailure ? { ...shape, message: error.cause.failure.message } : shape;
  },
});

export const router = t.router;
export const procedure = t.procedure;
