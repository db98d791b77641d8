import type { LoggedRequest, Sandbox } from '../../sandbox/index.ts';
import type { RunnerEvent } from '../../zap-runner/index.ts';
import type { Feed } from './feed.ts';
import { mask, maskText } from './mask.ts';

/** The way that a message went. */
type Route = 'app-highlevel' | 'person-highlevel' | 'highlevel-relay' | 'app-relay' | 'relay-zapier';

/** One message between HighLevel, the relay and Zapier, as the list shows it. */
interface WireEntry {
  id: number;
  /** ms since the epoch, by this machine's clock. */
  at: number;
  route: Route;
  /** `POST /opportunities/`, or the name of a webhook. */
  what: string;
  /** HTTP status; 0 where no answer came, null while it is under way. */
  status: number | null;
  /** A word on what became of it, where the status does not tell. */
  note: string | null;
}

interface WireDetail extends WireEntry {
  sent: unknown;
  received: unknown;
}

/** What HighLevel still allows this app in this sub-account. */
interface Allowance {
  left: number;
  max: number;
  /** ms. */
  interval: number;
  leftToday: number;
  maxToday: number;
}

export interface Wire {
  /** A request to HighLevel, with the text of its answer. */
  exchange(asked: LoggedRequest, answer: string): void;
  /** @param relayUrl where the relay is; null where there is none */
  event(event: RunnerEvent, relayUrl: string | null): void;
  /** Takes up what HighLevel's webhooks have become since. */
  readWebhooks(sandbox: Sandbox): void;
  entries(): WireEntry[];
  detail(id: number): WireDetail | null;
  allowance(): Allowance | null;
  clear(): void;
}

/** The oldest are forgotten beyond this. */
const KEPT = 3000;

/** Who the workbench says it is when a person works in its HighLevel pages. */
export const PERSON_AGENT = 'workbench-person';

export function createWire(feed: Feed): Wire {
  let entries: WireDetail[] = [];
  let allowance: Allowance | null = null;
  let last = 0;
  const byWebhook = new Map<string, WireDetail>();

  const add = (entry: Omit<WireDetail, 'id' | 'at'>): WireDetail => {
    last += 1;
    const added = { id: last, at: Date.now(), ...entry };
    entries.push(added);
    if (entries.length > KEPT) entries = entries.slice(-KEPT);
    feed.tell('wire');
    return added;
  };

  return {
    exchange({ method, path, query, body, status, headers }, answer) {
      const byPerson = headers['user-agent'] === PERSON_AGENT || path.endsWith('/chooselocation');
      const route = byPerson ? 'person-highlevel' : 'app-highlevel';
      add({
        route,
        what: `${method} ${path}`,
        status,
        note: status === 0 ? 'cut off' : null,
        sent: mask({
          ...(Object.keys(query).length > 0 ? { query } : {}),
          ...(body ? { body } : {}),
        }),
        received: maskText(answer),
      });
    },
    event(event, relayUrl) {
      if (event.type === 'request') {
        allowance = allowanceOf(event.headers) ?? allowance;
        if (relayUrl === null || !event.url.startsWith(relayUrl)) return;
        const { pathname } = new URL(event.url);
        const { method, status, sent, received } = event;
        add({
          route: 'app-relay',
          what: `${method} ${pathname}`,
          status,
          note: null,
          sent: maskText(sent),
          received: maskText(received),
        });
      }
      if (event.type === 'delivery') {
        const { status, rows, body, failure } = event;
        const note = failure ? failure.message : rows === 0 ? noteOfNone(body) : null;
        add({
          route: 'relay-zapier',
          what: event.zap,
          status,
          note,
          sent: mask(body ?? null),
          received: null,
        });
      }
    },
    readWebhooks(sandbox) {
      for (const { webhookId, type, body, state, tries } of sandbox.context.webhooks.log()) {
        const known = byWebhook.get(webhookId);
        const status = tries.at(-1)?.status ?? (tries.length > 0 ? 0 : null);
        const note = noteOf(state, tries.length);
        if (known) {
          if (known.status === status && known.note === note) continue;
          Object.assign(known, { status, note, received: mask(tries) });
          feed.tell('wire');
        } else {
          const entry = add({
            route: 'highlevel-relay',
            what: type,
            status,
            note,
            sent: maskText(body),
            received: mask(tries),
          });
          byWebhook.set(webhookId, entry);
        }
      }
    },
    entries: () => entries.map(({ sent: _sent, received: _received, ...entry }) => entry),
    detail: (id) => entries.find((entry) => entry.id === id) ?? null,
    allowance: () => allowance,
    clear() {
      entries = [];
      feed.tell('wire');
    },
  };
}

/** Of a delivery that started nothing. */
function noteOfNone(body: unknown): string {
  const asksToRead = (body as { event?: unknown } | undefined)?.event === 'catch_up';
  return asksToRead ? 'asks to catch up' : 'gave no row';
}

function noteOf(state: string, tries: number): string | null {
  if (state === 'dropped') return 'lost on the way';
  if (state === 'held') return 'held back';
  if (state === 'nowhere') return 'nobody to send it to';
  if (state === 'failed') return `given up after ${tries} tries`;
  if (tries > 1) return `${tries} tries`;
  return null;
}

function allowanceOf(headers: Record<string, string>): Allowance | null {
  const read = (name: string) => Number(headers[`x-ratelimit-${name}`]);
  const found = {
    left: read('remaining'),
    max: read('max'),
    interval: read('interval-milliseconds'),
    leftToday: read('daily-remaining'),
    maxToday: read('limit-daily'),
  };
  return Object.values(found).every(Number.isFinite) ? found : null;
}
