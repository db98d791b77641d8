/** A fault to play on the next calls that match. */
export interface Fault {
  /** Only this method; any if absent. */
  method?: string | undefined;
  /** Only this path: exact, or a prefix if it ends in `*`; any API path if absent. */
  path?: string | undefined;
  /** How many calls it spoils; 1 if absent. */
  times?: number | undefined;
  /** Lets this many matching calls pass first; 0 if absent. */
  skip?: number | undefined;
  /** Wait this long, in ms of the wall clock, before anything else. */
  hangMs?: number | undefined;
  /** Cut the connection without an answer. */
  cut?: boolean | undefined;
  /** Answer with this status; without it (and without `cut`) the call goes on as usual after `hangMs`. */
  status?: number | undefined;
  body?: unknown;
  headers?: Record<string, string> | undefined;
  /** `before` (default): the call does nothing. `after`: it does its work, and only its answer is spoiled. */
  when?: 'before' | 'after' | undefined;
}

interface LiveFault {
  fault: Fault;
  skip: number;
  left: number;
}

/** The faults that wait to be played. */
export interface FaultQueue {
  add(fault: Fault): void;
  /** The fault for this call, if any; counts it as played. */
  take(method: string, path: string): Fault | null;
  list(): (Fault & { left: number })[];
  clear(): void;
}

function matches(fault: Fault, method: string, path: string): boolean {
  if (fault.method !== undefined && fault.method.toUpperCase() !== method) return false;
  if (fault.path === undefined) return true;
  return fault.path.endsWith('*') ? path.startsWith(fault.path.slice(0, -1)) : path === fault.path;
}

export function faultQueue(): FaultQueue {
  let live: LiveFault[] = [];
  return {
    add(fault) {
      live.push({ fault, skip: fault.skip ?? 0, left: fault.times ?? 1 });
    },
    take(method, path) {
      for (const entry of live) {
        if (!matches(entry.fault, method, path)) continue;
        if (entry.skip > 0) {
          entry.skip -= 1;
          continue;
        }
        entry.left -= 1;
        live = live.filter((one) => one.left > 0);
        return entry.fault;
      }
      return null;
    },
    list: () => live.map(({ fault, left }) => ({ ...fault, left })),
    clear() {
      live = [];
    },
  };
}
