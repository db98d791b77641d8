/** Some accounts refuse a source from integrations [measured by others]; asking each time would cost a request in vain. */

import type { Client } from '../http/client.ts';

const KEY = 'source_refused';
/** Where it is allowed later, that shows within the day. */
const REMEMBER_SECONDS = 24 * 60 * 60;

export async function rememberSourceRefused(client: Client): Promise<void> {
  await client.remember(KEY, true, REMEMBER_SECONDS);
}

/** Whether HighLevel refused a source of this connection within the last day. */
export async function isSourceRefused(client: Client): Promise<boolean> {
  return (await client.recall<boolean>(KEY)) === true;
}
