import type { FastifyInstance } from 'fastify';
import type { SandboxContext } from './context.ts';
import { webhookControl } from './webhook-control.ts';

/** One part of HighLevel's API, put on the server. */
export type RoutePlugin = (app: FastifyInstance, ctx: SandboxContext) => void;

/** Every part of the API that the sandbox answers. */
export const ROUTES: RoutePlugin[] = [webhookControl];
