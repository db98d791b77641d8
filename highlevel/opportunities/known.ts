/** Which opportunity a contact has in a pipeline, as it was found last: its id costs one read where a search costs two. */

import type { Client } from '../http/client.ts';

interface Whose {
  contactId: string;
  pipelineId: string;
}

/** A person who comes back mostly does so within days. */
const REMEMBER_SECONDS = 7 * 24 * 60 * 60;

const keyOf = ({ contactId, pipelineId }: Whose) => `opportunity_of:${contactId}:${pipelineId}`;

export async function rememberKnown(client: Client, whose: Whose, id: string): Promise<void> {
  await client.remember(keyOf(whose), id, REMEMBER_SECONDS);
}

/** @returns its id, or null where none is remembered */
export async function recallKnown(client: Client, whose: Whose): Promise<string | null> {
  return client.recall<string>(keyOf(whose));
}
