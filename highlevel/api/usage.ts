import type { Client, Endpoint } from '../http/client.ts';
import { refusal } from '../http/errors.ts';
import { type Budget, readBudget } from '../http/rate-limit.ts';
import { queryString } from '../http/transport.ts';

/** Any request tells the allowance in its answer's headers [recorded]; this is one that every connection may make. [spec] */
const READ_ANYTHING: Endpoint = {
  method: 'GET',
  path: '/opportunities/pipelines',
  scope: 'opportunities.readonly',
  doing: 'tell how much of the allowance is left',
  repeatable: true,
  takesInput: false,
};

/**
 * How much of HighLevel's allowance this sub-account has left, with this request counted.
 *
 * @returns null where the answer does not say
 * @throws as `call` does
 */
export async function readUsage(client: Client): Promise<Budget | null> {
  client.requirePermission(READ_ANYTHING);
  const { method, path } = READ_ANYTHING;
  const query = queryString({ locationId: client.locationId() });
  const request = { method, path: path + query };
  // A refusal tells it as well.
  const answer = await client.send(request, { ...READ_ANYTHING, givesRefusals: true });
  const budget = readBudget(answer.headers);
  if (!budget && answer.status >= 300) throw refusal(client.errors, answer, READ_ANYTHING);
  return budget;
}
