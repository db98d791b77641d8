import type { Fields, OperationKind } from './app/definition.ts';
import type { Failure } from './app/failure.ts';
import type { Step } from './zap/zap.ts';

/** What a call cost: HTTP requests that the app made with z.request, and milliseconds. */
export type Cost = { requests: number; ms: number };

export type StepOutcome =
  | 'done'
  | 'found'
  | 'created'
  | 'updated'
  | 'not_found'
  | 'passed'
  | 'filtered'
  | 'halted'
  | 'held'
  | 'error';

/** `scheduled`: it ended badly and waits for its next autoreplay. */
export type TaskStatus = 'success' | 'filtered' | 'stopped' | 'halted' | 'held' | 'error' | 'scheduled';

/** What went into a step and what came out of it. Paths and loops have one for each path and item. */
export type StepResult = Cost & {
  /** The id of the step. */
  step: string;
  kind: Step['kind'];
  /** The operation's key, or what stands for it: the transform, the other app's action, the path's name. */
  key: string;
  outcome: StepOutcome;
  /** What the step was called with: references filled in, and for a step of the app read as Zapier reads it. */
  input: Fields;
  /** What later steps refer to. */
  output?: Fields;
  failure?: Failure;
};

/** Everything that a runner does, as it does it; a demo prints these and a test counts them. */
export type RunnerEvent =
  | ({ type: 'connected'; connection: string; label: string } & Cost)
  | ({ type: 'refreshed'; connection: string; ok: boolean; failure?: Failure } & Cost)
  | { type: 'stale'; connection: string; reason: string }
  | ({ type: 'throttled'; method: string; delaySeconds: number; attempt: number } & Cost)
  | ({ type: 'turned_on'; zap: string; how: 'polling' | 'hook' | 'schedule'; remembered: number } & Cost)
  | ({ type: 'turned_off'; zap: string; failure?: Failure } & Cost)
  | ({ type: 'poll'; zap: string; rows: number; fresh: number; deduped: number; failure?: Failure } & Cost)
  | { type: 'poll_skipped'; zap: string; reason: string }
  | { type: 'held'; zap: string; count: number; reason: string }
  | { type: 'released'; zap: string; count: number }
  | ({
      type: 'delivery';
      zap: string;
      status: 200 | 410;
      rows: number;
      /** What was sent; absent where the Zap is off. */
      body?: unknown;
      failure?: Failure;
    } & Cost)
  | {
      /** One request that the app made through z.request, as core logs it: with what it knows for secrets censored. */
      type: 'request';
      method: string;
      /** Without its query. */
      url: string;
      query: string;
      status: number;
      sent: string;
      received: string;
      /** Of the answer; names in small letters. */
      headers: Record<string, string>;
    }
  | ({ type: 'step'; zap: string; task: string } & StepResult)
  | { type: 'task'; zap: string; task: string; status: TaskStatus; failure?: Failure }
  | { type: 'replay'; zap: string; task: string; attempt: number; delaySeconds: number }
  | ({ type: 'sample'; zap: string; rows: number } & Cost)
  | ({ type: 'dropdown'; trigger: string; rows: number; page: number } & Cost)
  | ({ type: 'called'; kind: OperationKind; key: string; failure?: Failure } & Cost);

export type OnEvent = (event: RunnerEvent) => void;
