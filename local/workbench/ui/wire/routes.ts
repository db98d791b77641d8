import type { Outputs } from '../api.ts';

/** The ways of messages, in words. */
export const ROUTES: Record<Outputs['wire']['list']['entries'][number]['route'], string> = {
  'app-highlevel': 'App → HighLevel',
  'person-highlevel': 'Person → HighLevel',
  'highlevel-relay': 'HighLevel → Relay',
  'app-relay': 'App → Relay',
  'relay-zapier': 'Relay → Zapier',
};

/** How a status is coloured. */
export function tone(status: number | null): string {
  if (status === null) return '';
  return status >= 200 && status < 400 ? 'good' : status === 429 ? 'warn' : 'bad';
}
