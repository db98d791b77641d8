import type { World } from './bench.ts';

/** Something that can go wrong, at a click. */
interface Fault {
  name: string;
  title: string;
  /** What happens, in a sentence. */
  says: string;
  group: 'HighLevel answers otherwise' | 'Webhooks go astray' | 'The relay' | 'The connection';
  /** Whether it stays until it is taken away. */
  lasting: boolean;
}

interface Play extends Fault {
  play(world: World): void | Promise<void>;
  /** Takes a lasting one away. */
  end?(world: World): void | Promise<void>;
  /** Whether a lasting one is there now. */
  isOn?(world: World): boolean;
}

/** Longer than Zapier waits, in ms. */
const TOO_LONG_MS = 31_000;
const DAY_MS = 86_400_000;

const PLAYS: Play[] = [
  {
    name: 'too-many-requests',
    title: '429, too many requests',
    says: 'HighLevel refuses the next request and asks to wait ten seconds.',
    group: 'HighLevel answers otherwise',
    lasting: false,
    play: ({ sandbox }) =>
      sandbox.fault({
        status: 429,
        headers: { 'retry-after': '10' },
        body: { statusCode: 429, message: 'Too Many Requests' },
      }),
  },
  {
    name: 'server-error',
    title: '500, something broke',
    says: 'HighLevel answers the next four requests with an error of its own.',
    group: 'HighLevel answers otherwise',
    lasting: false,
    play: ({ sandbox }) => sandbox.fault({ status: 500, times: 4 }),
  },
  {
    name: 'refused-value',
    title: '422, a value it does not take',
    says: 'HighLevel refuses the next change and names the field.',
    group: 'HighLevel answers otherwise',
    lasting: false,
    play: ({ sandbox }) =>
      sandbox.fault({
        method: 'POST',
        path: '/opportunities/',
        status: 422,
        body: { statusCode: 422, message: ['monetaryValue must be a number'], error: 'Unprocessable Entity' },
      }),
  },
  {
    name: 'saved-but-silent',
    title: 'Saved, and the answer is lost',
    says: 'HighLevel saves the next new opportunity, and the connection breaks before its answer.',
    group: 'HighLevel answers otherwise',
    lasting: false,
    play: ({ sandbox }) =>
      sandbox.fault({ method: 'POST', path: '/opportunities/', when: 'after', cut: true }),
  },
  {
    name: 'silence',
    title: 'No answer at all',
    says: 'HighLevel does not answer the next request for 31 seconds, longer than Zapier waits.',
    group: 'HighLevel answers otherwise',
    lasting: false,
    play: ({ sandbox }) => sandbox.fault({ hangMs: TOO_LONG_MS, times: 1 }),
  },
  {
    name: 'webhook-lost',
    title: 'A webhook is lost',
    says: 'HighLevel’s next webhook never leaves.',
    group: 'Webhooks go astray',
    lasting: false,
    play: ({ sandbox }) => sandbox.context.webhooks.fault({ drop: 1 }),
  },
  {
    name: 'webhook-doubled',
    title: 'A webhook comes twice',
    says: 'HighLevel sends its next webhook two times. The Zap should run once.',
    group: 'Webhooks go astray',
    lasting: false,
    play: ({ sandbox }) => sandbox.context.webhooks.fault({ repeat: 1 }),
  },
  {
    name: 'webhook-forged',
    title: 'A webhook with a wrong signature',
    says: 'The next webhook is signed by somebody else. The relay should refuse it.',
    group: 'Webhooks go astray',
    lasting: false,
    play: ({ sandbox }) => sandbox.context.webhooks.fault({ forge: 1 }),
  },
  {
    name: 'relay-away',
    title: 'The relay is away',
    says: 'The relay stops. Webhooks meet a shut door until it comes back; then it catches up what never came.',
    group: 'The relay',
    lasting: true,
    play: ({ relay }) => relay?.stop(),
    end: ({ relay }) => relay?.start(),
    isOn: ({ relay }) => relay?.isUp() === false,
  },
  {
    name: 'token-expired',
    title: 'The access token expires',
    says: 'A day passes in HighLevel. The next request is refused, and the app has to renew its token.',
    group: 'The connection',
    lasting: false,
    play: ({ sandbox }) => {
      sandbox.moveClock({ by: DAY_MS });
    },
  },
  {
    name: 'uninstalled',
    title: 'The app is uninstalled',
    says: 'A person removes the app in HighLevel. Every token ends, and the connection has to be made anew.',
    group: 'The connection',
    lasting: false,
    play: ({ sandbox }) => sandbox.uninstall(sandbox.locationId),
  },
];

/** All that can go wrong, with what is so now. */
export function listFaults(world: World) {
  return PLAYS.map(({ play: _play, end: _end, isOn, ...fault }) => ({
    ...fault,
    on: isOn?.(world) ?? false,
  }));
}

/** Makes a fault happen, or ends a lasting one. @throws Error where there is none of the name */
export async function setFault(world: World, name: string, on: boolean): Promise<void> {
  const found = PLAYS.find((one) => one.name === name);
  if (!found) throw new Error(`There is no fault "${name}".`);
  await (on ? found.play(world) : found.end?.(world));
}
