import { randomUUID } from 'node:crypto';
import { type BreakerRules, breaker } from './breaker.ts';
import { type WebhookFaults, webhookFaults } from './faults.ts';
import { createWebhookKeys, signWebhook, type WebhookKeys } from './keys.ts';
import { deservesRetry, type RetryRules, retryRules, wasAccepted } from './policy.ts';
import { type PostResult, poster } from './post.ts';

/** A change that HighLevel sends to its marketplace app. */
export interface WebhookEvent {
  /** HighLevel's event name, for example `OpportunityStageUpdate`. */
  type: string;
  locationId: string;
  /** The event's other fields, flat, as HighLevel sends them. */
  fields: Record<string, unknown>;
}

export interface WebhookOptions {
  /** The sandbox's clock, in ms; waiting for retries and delays goes by the wall clock. */
  now(): number;
  /** Where webhooks go at this moment: HighLevel has one URL per app for all locations [docs]. Null sends none. */
  url(): string | null;
  appId: string;
  versionId: string;
  /** Default a fresh pair. */
  keys?: WebhookKeys;
  /** Default policy `any-failure`. Tests shorten `waitMs`. */
  retry?: RetryRules;
  /** When a URL that fails too much is paused. Default HighLevel's rules. */
  breaker?: BreakerRules;
  /** How long a receiver may be silent, in ms; default 10,000 [assumed]. */
  timeoutMs?: number;
}

interface Delivery {
  webhookId: string;
  /** The same over all tries; that it is sent as `x-ghl-delivery-id` is [assumed], others' code reads it so. */
  deliveryId: string;
  type: string;
  /** The body as sent, to the byte. */
  body: string;
  signature: string;
  state: 'waiting' | 'held' | 'delivered' | 'failed' | 'dropped' | 'paused' | 'nowhere';
  /** `at` in ms of the sandbox's clock. */
  tries: (PostResult & { at: number })[];
}

/** An event of an installation, which may be a whole company's and so of no location. */
interface InstallEvent {
  companyId: string;
  locationId?: string | undefined;
  userId?: string | undefined;
  companyName?: string | undefined;
}

export interface Webhooks {
  publicKeyPem: string;
  /** Signs and queues an event; returns at once and never throws. No order is promised [docs]. */
  emit(event: WebhookEvent): void;
  /** Sends `INSTALL` [spec; docs: installType]. */
  install(event: InstallEvent): void;
  /** Sends `UNINSTALL` for the app's removal [spec]. */
  uninstall(event: InstallEvent): void;
  /** Sets the faults that are given and keeps the others. */
  fault(faults: Partial<WebhookFaults>): void;
  faults(): WebhookFaults;
  /** Changes how deliveries are tried again, for those that begin to wait after this. */
  setRetry(rules: RetryRules): void;
  /** Whether sending is paused, by the breaker or by `pause`. What happens then is lost until it is resent [assumed]. */
  isPaused(): boolean;
  pause(): void;
  resume(): void;
  /** Sends a logged event again: same body, signature and ids, as HighLevel's Resend button does [docs]; false if it is unknown. */
  resend(webhookId: string): boolean;
  /** Oldest first; the last 10,000. */
  log(): readonly Delivery[];
  clearLog(): void;
  /** Resolves when no delivery is under way or waits for a retry; what a reorder holds does not count. */
  idle(): Promise<void>;
  /** Cuts what is under way and cancels what waits. */
  close(): void;
}

const KEPT = 10_000;
/** The id of no app of this sandbox. */
const FOREIGN_APP_ID = '65f0c0ffee5a4db0c5a11dff';
/**
 * The sandbox's outgoing webhooks: Ed25519 over the raw body in `X-GHL-Signature` [docs], flat payloads with
 * webhookId and timestamp [recorded], at least once by the retry policy [docs].
 */
export function createWebhooks(options: WebhookOptions): Webhooks {
  const keys = options.keys ?? createWebhookKeys();
  let rules = options.retry ?? retryRules('any-failure');
  const circuit = breaker(options.now, options.breaker);
  const http = poster(options.timeoutMs ?? 10_000);
  const closing = new AbortController();
  const deliveries: Delivery[] = [];
  const faults = webhookFaults();
  let held: Delivery[] = [];
  let underWay = 0;
  const waiters: (() => void)[] = [];

  function send(payload: Record<string, unknown>): void {
    if (closing.signal.aborted) return;
    const webhookId = randomUUID();
    const timestamp = new Date(options.now()).toISOString();
    const from = faults.take('foreign') ? { appId: FOREIGN_APP_ID } : {};
    const body = JSON.stringify({ ...payload, ...from, timestamp, webhookId });
    const delivery: Delivery = {
      webhookId,
      deliveryId: randomUUID(),
      type: String(payload.type),
      body,
      signature: signatureOf(body),
      state: 'waiting',
      tries: [],
    };
    deliveries.push(delivery);
    if (deliveries.length > KEPT) deliveries.splice(0, deliveries.length - KEPT);
    route(delivery);
  }

  function signatureOf(body: string): string {
    if (faults.take('unsigned')) return 'N/A';
    return signWebhook(keys, Buffer.from(faults.take('forge') ? `${body} ` : body));
  }

  function route(delivery: Delivery): void {
    if (faults.take('drop')) {
      delivery.state = 'dropped';
    } else if (faults.now().reorder > 0) {
      delivery.state = 'held';
      held.push(delivery);
      faults.take('reorder');
      if (faults.now().reorder === 0) letGo();
    } else {
      background(() => deliver(delivery, faults.take('repeat') ? 2 : 1));
    }
  }

  function letGo(): void {
    const backwards = held.reverse();
    held = [];
    // Each first try is waited for: sent together, they could arrive in any order, the right one included.
    background(async () => {
      for (const delivery of backwards) {
        delivery.state = 'waiting';
        const first = await attempt(delivery);
        background(() => settle(delivery, first));
      }
    });
  }

  function background(work: () => Promise<void>): void {
    underWay += 1;
    work()
      // Only a closing sandbox ends a wait early; nobody waits for it.
      .catch(() => {})
      .finally(() => {
        underWay -= 1;
        if (underWay > 0) return;
        for (const resolve of waiters.splice(0)) resolve();
      });
  }

  async function deliver(delivery: Delivery, times: number): Promise<void> {
    if (faults.now().delayMs > 0) await pause(faults.now().delayMs);
    for (let time = 0; time < times; time++) await settle(delivery, await attempt(delivery));
  }

  async function attempt(delivery: Delivery): Promise<PostResult> {
    const url = options.url();
    if (url === null) {
      delivery.state = 'nowhere';
      return { status: null, error: 'no webhook URL is set' };
    }
    if (circuit.isPaused()) {
      delivery.state = 'paused';
      return { status: null, error: 'webhooks are paused' };
    }
    const at = options.now();
    const headers = {
      'content-type': 'application/json',
      'x-ghl-signature': delivery.signature,
      'x-ghl-delivery-id': delivery.deliveryId,
    };
    const result = await http.post(url, headers, Buffer.from(delivery.body));
    delivery.tries.push({ at, ...result });
    return result;
  }

  async function settle(delivery: Delivery, first: PostResult): Promise<void> {
    let result = first;
    for (let retry = 1; ; retry++) {
      if (delivery.state === 'nowhere' || delivery.state === 'paused') return;
      if (wasAccepted(result)) {
        circuit.record(true);
        delivery.state = 'delivered';
        return;
      }
      if (retry > rules.retries || !deservesRetry(rules.policy, result)) {
        circuit.record(false);
        // A repeat or a resend that fails does not undo an earlier success.
        if (delivery.state !== 'delivered') delivery.state = 'failed';
        return;
      }
      await pause(rules.waitMs(retry));
      result = await attempt(delivery);
    }
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(timer);
        reject(new Error('the sandbox closed'));
      };
      const timer = setTimeout(() => {
        closing.signal.removeEventListener('abort', stop);
        resolve();
      }, ms);
      if (closing.signal.aborted) stop();
      else closing.signal.addEventListener('abort', stop, { once: true });
    });
  }

  function sendSafely(payload: Record<string, unknown>): void {
    try {
      send(payload);
    } catch (error) {
      console.error('sandbox: an event could not be sent:', error);
    }
  }

  const { appId, versionId } = options;
  return {
    publicKeyPem: keys.publicKeyPem,
    emit: ({ type, locationId, fields }) => sendSafely({ type, locationId, versionId, appId, ...fields }),
    install: ({ companyId, locationId, userId, companyName }) =>
      sendSafely({
        type: 'INSTALL',
        appId,
        versionId,
        installType: locationId === undefined ? 'Company' : 'Location',
        locationId,
        companyId,
        userId,
        companyName,
        isWhitelabelCompany: false,
        whitelabelDetails: {},
      }),
    uninstall: ({ companyId, locationId }) =>
      sendSafely({
        type: 'UNINSTALL',
        appId,
        versionId,
        ...(locationId === undefined ? { companyId } : { locationId }),
      }),
    fault(wanted) {
      faults.set(wanted);
      if (faults.now().reorder === 0 && held.length > 0) letGo();
    },
    faults: () => faults.now(),
    setRetry(next) {
      rules = next;
    },
    isPaused: () => circuit.isPaused(),
    pause: () => circuit.pause(),
    resume: () => circuit.resume(),
    resend(webhookId) {
      const delivery = deliveries.find((one) => one.webhookId === webhookId);
      if (delivery === undefined) return false;
      if (delivery.state !== 'delivered') delivery.state = 'waiting';
      background(async () => settle(delivery, await attempt(delivery)));
      return true;
    },
    log: () => deliveries,
    clearLog() {
      deliveries.length = 0;
    },
    idle: () => (underWay === 0 ? Promise.resolve() : new Promise((resolve) => waiters.push(resolve))),
    close() {
      closing.abort();
      held = [];
      http.close();
    },
  };
}
