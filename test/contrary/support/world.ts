/** One account in which every run of the matrix begins anew, under one contrary answer or under none. */

import { type ContraryName, contraries, type Sandbox } from '../../../local/sandbox/index.ts';
import { AMPLE } from '../../support/ample.ts';
import { type Build, type Connection, connect } from '../../support/connection.ts';

/** One call of the app, or something that takes several, such as a sign-in. */
export type Step = Call | ((connection: Connection) => Promise<unknown>);

export interface Call {
  /** Such as `creates.create_task.operation.perform`. */
  method: string;
  inputData?: Record<string, unknown>;
  meta?: Record<string, unknown>;
  bundle?: Record<string, unknown>;
}

/** What became of the calls of one run, of which each goes on where the one before ended. */
export interface Ran {
  /** The last call's answer; undefined where it ended in an error. */
  answer: unknown;
  error: Error | null;
  /** What was written, by record: as it stands since, or null where it is gone. */
  written: Record<string, unknown>;
  /** The contrary answers that would have made a difference, or might have. */
  touched: Set<ContraryName>;
  /** What was asked of HighLevel, without ids and in no order: runs of which this is the same go the same way. */
  way: string;
}

export interface World {
  connection: Connection;
  sandbox: Sandbox;
  /** Puts the account back as it was. */
  reset(): void;
  /** Calls the app and looks at the account, which stays as the call left it. */
  call(step: Step): Promise<Ran>;
  close(): Promise<void>;
}

/** The records that a call may write. */
const WRITTEN = ['opportunities', 'contacts', 'notes', 'tasks', 'relations', 'enrolments'] as const;

/**
 * @param opportunities how many the account has at first
 * @param prepare adds records that the runs are about; what it does stays
 */
export async function openWorld(
  build: Build,
  opportunities: number,
  prepare: (sandbox: Sandbox) => void,
): Promise<World> {
  const connection = await connect({ opportunities, seed: 7, ...AMPLE }, build);
  const { sandbox } = connection;
  const { state, context } = sandbox;
  prepare(sandbox);
  const settings = { ...context.settings, acceptSource: false };
  const base = Object.entries(state).map(
    ([kind, records]) => [kind, new Map<string, unknown>(records)] as const,
  );
  const touched = watch(sandbox);
  let ids = 0;
  context.newId = () => {
    ids += 1;
    return `made${String(ids).padStart(16, '0')}`;
  };

  const reset = () => {
    for (const [kind, records] of base) {
      const now = state[kind as keyof typeof state] as Map<string, unknown>;
      now.clear();
      for (const [id, record] of records) now.set(id, record);
    }
    sandbox.setSettings(settings);
    sandbox.clearFaults();
    sandbox.setContraries([]);
    sandbox.clearRequests();
    context.index.rebuild();
    connection.forget();
    ids = 0;
  };

  const written = () => {
    const changes: Record<string, unknown> = {};
    for (const [kind, before] of base) {
      if (!(WRITTEN as readonly string[]).includes(kind)) continue;
      const now = state[kind as (typeof WRITTEN)[number]] as Map<string, unknown>;
      for (const [id, record] of now) if (before.get(id) !== record) changes[`${kind} ${id}`] = record;
      for (const id of before.keys()) if (!now.has(id)) changes[`${kind} ${id}`] = null;
    }
    return changes;
  };

  return {
    connection,
    sandbox,
    reset,
    call: async (step) => {
      touched.clear();
      const outcome = await act(connection, step).then(
        (answer): Pick<Ran, 'answer' | 'error'> => ({ answer, error: null }),
        (error: Error): Pick<Ran, 'answer' | 'error'> => ({ answer: undefined, error }),
      );
      return { ...outcome, written: written(), touched: new Set(touched), way: wayOf(sandbox) };
    },
    close: () => connection.close(),
  };
}

const ID = /\/[\w-]{20,36}(?=\/|$)/g;

function wayOf(sandbox: Sandbox): string {
  const asked = sandbox.requests().map(({ method, path }) => `${method} ${path.replace(ID, '/{id}')}`);
  return asked.sort().join();
}

async function act(connection: Connection, step: Step): Promise<unknown> {
  if (typeof step === 'function') return step(connection);
  const { method, inputData, meta, bundle } = step;
  return connection.run(method, inputData, { meta, bundle });
}

/**
 * Notes each contrary answer that the sandbox asks after. One that it does not ask after changes nothing: the sandbox
 * and the app would go on exactly as without it.
 */
function watch({ context }: Sandbox): Set<ContraryName> {
  const touched = new Set<ContraryName>();
  const { contrary } = context;
  const { has, list } = contrary;
  contrary.has = (name) => {
    touched.add(name);
    return has(name);
  };
  // With none on, some of the questions would be passed over.
  contrary.list = () => (list().length > 0 ? list() : contraries.slice(0, 1).map(({ name }) => name));
  return touched;
}
