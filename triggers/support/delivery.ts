import type { Bundle, ZObject } from 'zapier-platform-core';
import * as s from 'zod/mini';
import { problemOf, unlessGone } from '../../highlevel/http/problem.ts';
import { inWords } from '../../highlevel/http/rate-limit.ts';
import { proveConnection } from '../../relay-client/proofs.ts';
import { subscribe } from '../../relay-client/subscriptions.ts';
import { catchUpDelivery, proofDelivery } from '../../wire/deliveries.ts';
import type { EventKind, NoteEventKind, TaskEventKind } from '../../wire/kinds.ts';
import { listing } from './polling.ts';
import { readForRelay } from './reading.ts';

/**
 * The perform of an instant trigger.
 *
 * @param schema what the relay posts, one of wire/deliveries.ts
 * @param deliver makes rows of one delivery
 * @param recent what stands in where no hook came
 */
export function hookPerform<S extends s.ZodMiniType<{ event: EventKind }>, T>(
  schema: S,
  event: EventKind,
  deliver: (z: ZObject, bundle: Bundle, delivery: s.output<S>) => Promise<T[]>,
  recent: (z: ZObject, bundle: Bundle) => Promise<T[]>,
) {
  return listing(async (z: ZObject, bundle: Bundle): Promise<T[]> => {
    if (!hasDelivery(bundle)) return recent(z, bundle);
    const asked = s.safeParse(catchUpDelivery, bundle.cleanedRequest);
    if (asked.success) {
      await makeWhole(z, () => readForRelay(z, bundle, asked.data.reading));
      return [];
    }
    const proof = s.safeParse(proofDelivery, bundle.cleanedRequest);
    if (proof.success) {
      await proveConnection(z, bundle, proof.data.proof);
      return [];
    }
    const delivery = readDelivery(z, bundle, schema, event);
    return makeWhole(z, () => deliver(z, bundle, delivery));
  });
}

/** Subscribes to what happens to notes or tasks, where nothing can be filtered by and nothing known from before. */
export async function subscribeToContacts(
  z: ZObject,
  bundle: Bundle,
  event: NoteEventKind | TaskEventKind,
): Promise<{ id: string }> {
  return { id: (await subscribe(z, bundle, event, {}, null)).id };
}

/** What is gone when its delivery arrives is no row. */
export async function noneIfGone<T extends object>(row: () => Promise<T>): Promise<T[]> {
  const found = await unlessGone(row());
  return found === null ? [] : [found];
}

/** Whether Zapier runs the trigger for a hook; without one somebody invoked it by hand. [source: zapier-platform-cli] */
function hasDelivery(bundle: Bundle): boolean {
  return bundle.cleanedRequest !== undefined;
}

/**
 * Reads what the relay posted to the hook.
 *
 * @param schema one of wire/deliveries.ts
 * @throws z.errors.Error where it is not a delivery of this event: a Zap that passes over what it cannot read loses it
 *   without a word
 */
function readDelivery<S extends s.ZodMiniType<{ event: EventKind }>>(
  z: ZObject,
  bundle: Bundle,
  schema: S,
  event: EventKind,
): s.output<S> {
  const read = s.safeParse(schema, bundle.cleanedRequest);
  if (read.success && read.data.event === event) return read.data;
  throw new z.errors.Error(
    'This trigger was sent something that it cannot read. Tell whoever runs this integration.',
    'bad_delivery',
    400,
  );
}

/** Long enough for a short outage of HighLevel to end. */
const COME_AGAIN_SECONDS = 60;
/** Zapier waits no longer for a hook. [docs] */
const MOST_SECONDS = 300;
/** What HighLevel's errors advise where nobody else comes back to them. */
const OTHER_ADVICE = / (?:This is usually over in a few minutes: [^.]*\.|Zapier tries again in [^.]*\.)/;

/**
 * Makes one delivery whole. Zapier does not run a hook again that ended in an error, but for one that was throttled
 * [docs], so trouble at HighLevel is told as that: the change would be lost otherwise.
 *
 * @throws z.errors.ThrottledError where HighLevel gave no answer, or 408, 429 or 5xx, and for a paused sub-account
 */
async function makeWhole<T>(z: ZObject, deliver: () => Promise<T>): Promise<T> {
  try {
    return await deliver();
  } catch (error) {
    const problem = problemOf(error);
    if (!['unavailable', 'paused', 'throttled'].includes(problem?.kind ?? '')) throw error;
    const said = error instanceof Error ? sentenceIn(error.message).replace(OTHER_ADVICE, '') : '';
    const delay = Math.min(problem?.waitSeconds ?? COME_AGAIN_SECONDS, MOST_SECONDS);
    throw new z.errors.ThrottledError(`${said} Zapier asks again in ${inWords(delay)}.`, delay);
  }
}

/** Core keeps the sentence of its own errors in JSON. [source: core, errors] */
function sentenceIn(message: string): string {
  try {
    return (JSON.parse(message) as { message: string }).message;
  } catch {
    return message;
  }
}
