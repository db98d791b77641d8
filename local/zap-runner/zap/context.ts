import type { FieldDefinition, Fields, OperationKind } from '../app/definition.ts';
import type { Host } from '../app/host.ts';
import type { Connection } from '../connection/connection.ts';
import type { Hydrate } from '../inputs/hydrate.ts';
import { rememberHydrated } from '../inputs/hydrate.ts';
import { inputFieldsOf } from '../inputs/prepare.ts';
import type { Zap } from './zap.ts';

/** What all parts of one Zap share while it runs. */
export type RunContext = {
  host: Host;
  zap: Zap;
  connection: Connection;
  timezone: string;
  /** The id that z.cursor is kept under. */
  storeKey: string;
  fieldsOf: (kind: OperationKind, key: string, raw: Fields) => Promise<FieldDefinition[]>;
  hydrate: Hydrate;
};

/** Makes the context of a Zap: the fields of a step are asked for once, as when the Zap was built. */
export function createRunContext(host: Host, zap: Zap, connection: Connection, id: string): RunContext {
  const known = new Map<string, Promise<FieldDefinition[]>>();
  const hydrate: Hydrate = async (mark) => {
    const reply = await host.call({ method: mark.method, connection, inputData: mark.bundle });
    return reply.results;
  };
  return {
    host,
    zap,
    connection,
    timezone: zap.timezone ?? host.timezone,
    storeKey: id,
    hydrate: rememberHydrated(hydrate, host.now),
    fieldsOf(kind, key, raw) {
      const name = JSON.stringify([kind, key, raw]);
      const fields = known.get(name) ?? inputFieldsOf(host, kind, key, raw, connection);
      known.set(name, fields);
      fields.catch(() => known.delete(name));
      return fields;
    },
  };
}
