import { parseArgs } from 'node:util';
import type { Filters } from '../wire/subscriptions.ts';
import { type DeadLetter, MOST_AT_ONCE } from './delivery/dead-letters.ts';
import { exportToFile, importFromFile } from './operator/transfer-files.ts';

const USAGE = `The relay's operator.

  node relay/operator.ts subscriptions [--location ID]      what runs
  node relay/operator.ts waiting [--location ID]            what waits, for how long and why
  node relay/operator.ts dead [--location ID] [--subscription ID]
                                                            deliveries that were given up
  node relay/operator.ts replay --all | --location ID | --subscription ID | DELIVERY…
                                                            send them again
  node relay/operator.ts test SUBSCRIPTION [--record ID]    send a test event, about an opportunity (or note) if you name one
  node relay/operator.ts end SUBSCRIPTION                   end a subscription
  node relay/operator.ts export FILE                        all that the relay remembers, into a file
  node relay/operator.ts import FILE                        and into an empty database; no relay runs on it

It talks to the relay on this machine (RELAY_PORT, 8787 unless set), or to --relay URL. Set RELAY_ADMIN_TOKEN for it as
for the relay. export and import go to the database itself, and need the relay's own settings (DATABASE_URL, or
RELAY_DATA_DIR).`;

interface ShownSubscription {
  id: string;
  locationId: string;
  event: string;
  filters: Filters;
  target: string;
  createdAt: string;
  waiting: { count: number; oldestAt: string; nextTryAt: string; why: string | null } | null;
}

/** A mistake of the caller's, or a refusal of the relay's, in words. */
class Refusal extends Error {}

const { values, positionals } = readArguments();

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        relay: { type: 'string', default: `http://127.0.0.1:${process.env.RELAY_PORT || 8787}` },
        location: { type: 'string' },
        subscription: { type: 'string' },
        record: { type: 'string' },
        all: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    process.exit(1);
  }
}

async function ask<Answer>(method: string, path: string, body?: object): Promise<Answer> {
  const token = process.env.RELAY_ADMIN_TOKEN;
  const headers = {
    ...(token ? { authorization: `Bearer ${token}` } : {}),
    ...(body ? { 'content-type': 'application/json' } : {}),
  };
  const answer = await fetch(`${values.relay}/operator${path}`, {
    method,
    headers,
    body: body ? JSON.stringify(body) : null,
  }).catch(() => {
    throw new Refusal(`No relay answers at ${values.relay}.`);
  });
  const text = await answer.text();
  const read = text === '' ? {} : JSON.parse(text);
  if (!answer.ok) throw new Refusal(read.message ?? `The relay answered ${answer.status}.`);
  return read as Answer;
}

/** The rows of a list, page after page. */
async function* rowsOf<Key extends string, Row>(path: string, key: Key): AsyncGenerator<Row> {
  const { location, subscription } = values;
  for (let after: string | null = null; ; ) {
    const given = Object.entries({ location, subscription, after }).filter(([, value]) => value != null);
    const query = new URLSearchParams(given as [string, string][]);
    const page: Record<Key, Row[]> & { next?: string | null } = await ask('GET', `${path}?${query}`);
    yield* page[key];
    after = page.next ?? null;
    if (after === null) return;
  }
}

function say(...parts: unknown[]): void {
  console.log(parts.map(String).join('  '));
}

async function replay(ids: string[]): Promise<void> {
  const { all, location: locationId, subscription: subscriptionId } = values;
  const narrowed = ids.length > 0 || locationId !== undefined || subscriptionId !== undefined;
  if (all === narrowed)
    throw new Refusal('Say which: --all, --location, --subscription, or ids of deliveries.');
  let total = 0;
  let done = { replayed: MOST_AT_ONCE, ended: 0 };
  while (done.replayed === MOST_AT_ONCE) {
    const filter = { locationId, subscriptionId, ...(ids.length > 0 ? { ids } : {}) };
    done = await ask<typeof done>('POST', '/dead-letters/replay', filter);
    total += done.replayed;
  }
  say(`${total} sent again.`);
  if (done.ended > 0) {
    say(`${done.ended} not sent: their Zaps are off, or were turned off and on again since.`);
  }
}

async function run([command, ...rest]: string[]): Promise<void> {
  const one = () => {
    if (rest.length === 1 && rest[0]) return encodeURIComponent(rest[0]);
    throw new Refusal('Name one subscription by its id.');
  };
  const file = () => {
    if (rest.length === 1 && rest[0]) return rest[0];
    throw new Refusal('Name one file.');
  };
  switch (command) {
    case 'subscriptions': {
      let count = 0;
      for await (const one of rowsOf<'subscriptions', ShownSubscription>('/subscriptions', 'subscriptions')) {
        count += 1;
        say(one.id, one.locationId, one.event, JSON.stringify(one.filters), one.target, one.createdAt);
      }
      return say(`${count} subscriptions.`);
    }
    case 'waiting': {
      let count = 0;
      const query = new URLSearchParams(values.location === undefined ? {} : { location: values.location });
      const { subscriptions, isMore } = await ask<{ subscriptions: ShownSubscription[]; isMore: boolean }>(
        'GET',
        `/waiting?${query}`,
      );
      for (const one of subscriptions) {
        const { waiting } = one;
        count += waiting?.count ?? 0;
        const why = waiting?.why ?? 'not tried yet';
        say(
          one.id,
          one.locationId,
          one.event,
          `${waiting?.count} wait`,
          `since ${waiting?.oldestAt}`,
          `next try ${waiting?.nextTryAt}`,
          why,
        );
      }
      return say(
        isMore
          ? `${count} deliveries wait for these ${subscriptions.length}, the longest, and some for others.`
          : `${count} deliveries wait.`,
      );
    }
    case 'dead': {
      let count = 0;
      for await (const one of rowsOf<'deadLetters', DeadLetter>('/dead-letters', 'deadLetters')) {
        const { id, subscriptionId, body, tries, why, diedAt } = one;
        count += 1;
        say(
          id,
          diedAt,
          body.event,
          body.opportunity_id ?? body.note_id ?? body.task_id,
          `${tries} tries`,
          why,
          subscriptionId,
        );
      }
      return say(`${count} dead deliveries.`);
    }
    case 'replay':
      return replay(rest);
    case 'test': {
      const body = values.record === undefined ? {} : { recordId: values.record };
      const { id } = await ask<{ id: string }>('POST', `/subscriptions/${one()}/test`, body);
      return say(`Delivery ${id} is on its way.`);
    }
    case 'export':
      return say(
        `${await exportToFile(process.env, file())} rows are in ${file()}. It holds the addresses of hooks.`,
      );
    case 'import':
      return say(`${await importFromFile(process.env, file())} rows were taken in.`);
    case 'end':
      await ask('DELETE', `/subscriptions/${one()}`);
      return say('Ended.');
    default:
      throw new Refusal(USAGE);
  }
}

try {
  if (values.help) say(USAGE);
  else await run(positionals);
} catch (error) {
  if (!(error instanceof Error)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
