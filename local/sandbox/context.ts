import type { State } from './state.ts';

/** A change that HighLevel would tell its marketplace app about. */
export interface SandboxEvent {
  /** HighLevel's event name, for example `OpportunityStageUpdate`. */
  type: string;
  locationId: string;
  /** The event's other fields, flat, as HighLevel sends them. */
  fields: Record<string, unknown>;
}

/** What every room of the sandbox shares: the records, the clock, and the way to tell the world of a change. */
export interface SandboxContext {
  state: State;
  /** The sandbox's clock, in ms since the epoch; tests move it. */
  now(): number;
  /** The sandbox's clock as HighLevel writes times: ISO 8601 with milliseconds, UTC. */
  nowIso(): string;
  /** A new 20-character record id, as HighLevel's look. */
  newId(): string;
  /** Queues signed webhooks for a change; returns at once. */
  emit(event: SandboxEvent): void;
}
