import { randomUUID } from 'node:crypto';

/** HighLevel's id of one answer, in every body [recorded]. */
export function newTraceId(): string {
  return randomUUID();
}

/** The body with its traceId, where a body can carry one. */
export function withTrace(payload: unknown, traceId: string): unknown {
  const plain = typeof payload === 'object' && payload !== null && !Array.isArray(payload);
  return plain ? { ...payload, traceId } : payload;
}
