import { createServer, type IncomingMessage } from 'node:http';
import { closeServer, listen, readBody } from '../zap-runner/loopback.ts';

/** One record of an app, whatever it is: its fields, an id and two times. */
type AppRecord = { id: string; created_at: string; updated_at: string } & Record<string, unknown>;

/** A call that a Zap made. */
interface AppCall {
  app: string;
  /** What the app itself calls it. */
  action: string;
  method: string;
  things: string;
  fields: Record<string, unknown>;
  status: number;
}

interface Refusal {
  status: number;
  message: string;
  times?: number;
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
}

export interface OtherApps {
  url: string;
  /** What an app holds, oldest first. */
  records(app: string, things: string): AppRecord[];
  /** A person adds a record in that app. */
  add(app: string, things: string, fields: Record<string, unknown>): AppRecord;
  /** A person changes one there. */
  edit(app: string, things: string, id: string, fields: Record<string, unknown>): AppRecord;
  /** Posts each record to a hook when it is made or changed, by whomever: `made` is a new one only. */
  subscribe(app: string, things: string, when: 'made' | 'changed' | 'either', hook: string): void;
  /** Posts the next so many events twice, as senders of hooks do now and then. */
  repeat(count: number): void;
  /** Refuses the next calls to an app, once unless told, and only those of a method if one is given. */
  refuse(app: string, refusal: Refusal): void;
  /** What Zaps asked for, oldest first. */
  calls(): readonly AppCall[];
  /** How many events were to be posted so far. */
  posted(): number;
  /** Resolves once every event is posted. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts the stand-in for every app but HighLevel: records in memory, made, changed and listed over HTTP as the
 * runner's steps of other apps do it, and hooks for each change, those that a Zap made included. It imitates no app:
 * no sign-in, no limits, no checks, and fields as they come. What an app sends is in the Zaps' own data.
 *
 * @param now its clock, in ms since the epoch
 */
export async function startOtherApps(now: () => number = Date.now): Promise<OtherApps> {
  const shelves = new Map<string, AppRecord[]>();
  const hooks: { shelf: string; when: string; hook: string }[] = [];
  const refusals: (Refusal & { app: string; left: number })[] = [];
  const calls: AppCall[] = [];
  const posting = new Set<Promise<void>>();
  let repeats = 0;
  let ids = 1000;
  let posted = 0;

  const shelfOf = (app: string, things: string) => {
    const name = `${app}/${things}`;
    const shelf = shelves.get(name) ?? [];
    shelves.set(name, shelf);
    return { name, shelf };
  };

  function add(app: string, things: string, fields: Record<string, unknown>): AppRecord {
    const { name, shelf } = shelfOf(app, things);
    const at = new Date(now()).toISOString();
    ids += 1;
    const record: AppRecord = { ...fields, id: String(fields.id ?? ids), created_at: at, updated_at: at };
    shelf.push(record);
    tell(name, 'made', record);
    return record;
  }

  function edit(app: string, things: string, id: string, fields: Record<string, unknown>): AppRecord {
    const { name, shelf } = shelfOf(app, things);
    const record = shelf[indexIn(shelf, app, things, id)] as AppRecord;
    Object.assign(record, fields, { updated_at: new Date(now()).toISOString() });
    tell(name, 'changed', record);
    return record;
  }

  function remove(app: string, things: string, id: string): AppRecord {
    const { shelf } = shelfOf(app, things);
    const [record] = shelf.splice(indexIn(shelf, app, things, id), 1);
    return record as AppRecord;
  }

  function indexIn(shelf: AppRecord[], app: string, things: string, id: string): number {
    const index = shelf.findIndex((one) => one.id === id);
    if (index === -1) throw new NotThere(`${app} has nothing with the ID ${id} among its ${things}.`);
    return index;
  }

  function tell(shelf: string, event: 'made' | 'changed', record: AppRecord): void {
    const body = JSON.stringify(record);
    const times = repeats > 0 ? 2 : 1;
    repeats = Math.max(0, repeats - 1);
    const waiting = hooks.filter(
      (one) => one.shelf === shelf && (one.when === event || one.when === 'either'),
    );
    for (const { hook } of waiting) post(hook, body, times);
  }

  function post(hook: string, body: string, times: number): void {
    posted += 1;
    const post = (async () => {
      for (let time = 0; time < times; time += 1) {
        const headers = { 'content-type': 'application/json' };
        await (await fetch(hook, { method: 'POST', headers, body })).arrayBuffer();
      }
    })();
    posting.add(post);
    post.then(
      () => posting.delete(post),
      () => posting.delete(post),
    );
  }

  const server = createServer(async (request, response) => {
    const { status, body } = await answer(request);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  });

  async function answer(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    const url = new URL(request.url ?? '/', 'http://apps');
    const [app = '', things = '', id = ''] = url.pathname.slice(1).split('/').map(decodeURIComponent);
    const text = await readBody(request);
    const query = Object.fromEntries(url.searchParams);
    const fields = text ? (JSON.parse(text) as Record<string, unknown>) : query;
    const done = act(app, things, id, request.method ?? '', fields);
    const action = String(request.headers['x-action'] ?? '');
    calls.push({ app, action, method: request.method ?? '', things, fields, status: done.status });
    return done;
  }

  function act(app: string, things: string, id: string, method: string, fields: Record<string, unknown>) {
    const refusal = refusals.find(
      (one) => one.app === app && one.left > 0 && (one.method ?? method) === method,
    );
    if (refusal) {
      refusal.left -= 1;
      return { status: refusal.status, body: { message: refusal.message } };
    }
    try {
      if (method === 'POST') return { status: 201, body: add(app, things, fields) };
      if (method === 'PATCH') return { status: 200, body: edit(app, things, id, fields) };
      if (method === 'DELETE') return { status: 200, body: remove(app, things, id) };
      const { limit, ...wanted } = fields;
      const found = shelfOf(app, things).shelf.filter((record) =>
        Object.entries(wanted).every(([key, value]) => String(record[key] ?? '') === value),
      );
      return { status: 200, body: found.slice(0, Number(limit ?? 500)) };
    } catch (error) {
      if (!(error instanceof NotThere)) throw error;
      return { status: 404, body: { message: error.message } };
    }
  }

  const url = await listen(server);
  return {
    url,
    records: (app, things) => [...shelfOf(app, things).shelf],
    add,
    edit,
    subscribe(app, things, when, hook) {
      hooks.push({ shelf: shelfOf(app, things).name, when, hook });
    },
    repeat(count) {
      repeats = count;
    },
    refuse: (app, refusal) => {
      refusals.push({ ...refusal, app, left: refusal.times ?? 1 });
    },
    calls: () => calls,
    posted: () => posted,
    async idle() {
      while (posting.size > 0) await Promise.allSettled(posting);
    },
    close: () => closeServer(server),
  };
}

class NotThere extends Error {}
