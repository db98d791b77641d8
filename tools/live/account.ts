import { createAppHandler } from 'zapier-platform-core';
import { connectWithToken, type HighLevel } from '../../highlevel/connect.ts';
import { problemOf } from '../../highlevel/http/problem.ts';

interface Answer {
  status: number;
  body: Record<string, unknown>;
  headers: { get(name: string): string | null };
}

/** A sub-account of HighLevel's that these checks may write to, and what they made in it. */
export interface Account {
  locationId: string;
  apiUrl: string;
  /** The pipeline that belongs to the checks alone. */
  pipeline: { id: string; name: string };
  /** The person the checks made for themselves. */
  contactId: string;
  opportunity: { id: string; name: string };
  /** What some questions need beside a token, by the name of its variable. */
  given: Record<string, string | undefined>;
  /** Runs a method of the built app, as Zapier would. */
  run<T>(method: string, inputData?: Record<string, unknown>): Promise<T>;
  /** Asks HighLevel directly, where the app never would. */
  raw(method: Method, path: string, body?: object): Promise<Answer>;
  /** As `raw`, with another token of the same sub-account. */
  rawWith(token: string, method: Method, path: string, body?: object): Promise<Answer>;
  /** Takes away what the checks made. */
  cleanUp(): Promise<void>;
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

export interface Access {
  token: string;
  locationId: string;
  /** The name or id of a pipeline that nothing else uses. */
  pipeline: string;
  apiUrl: string;
  given: Account['given'];
}

/**
 * Opens the account: finds the pipeline and makes a contact.
 *
 * @param app the built app
 * @throws Error where the token, the pipeline or the contact cannot be had
 */
export async function openAccount(
  app: object,
  { token, locationId, pipeline, apiUrl, given }: Access,
): Promise<Account> {
  const handler = createAppHandler(app);
  const highlevel = connectWithToken({ apiUrl, token, locationId });
  const raw: Account['raw'] = (...request) => send(highlevel, ...request);
  const run: Account['run'] = async <T>(method: string, inputData: Record<string, unknown> = {}) => {
    const { results } = await handler({
      command: 'execute',
      method,
      bundle: { authData: { access_token: token, locationId }, inputData, inputDataRaw: inputData, meta: {} },
      environment: { HIGHLEVEL_API_URL: apiUrl },
      zcacheTestObj: {},
      calledFromCli: true,
    });
    return results as T;
  };

  const pipelines = await highlevel.account.pipelines.all();
  const own = pipelines.find(({ id, name }) => id === pipeline || name === pipeline);
  if (!own)
    throw new Error(
      `There is no pipeline "${pipeline}"; there are: ${pipelines.map(({ name }) => name).join(', ')}.`,
    );
  const mark = `live-check-${Date.now()}`;
  const person = { firstName: 'Live', lastName: 'Check', email: `${mark}@example.com` };
  const { id: contactId } = await highlevel.contacts.create(person);
  const opportunity = { id: '', name: mark };
  return {
    locationId,
    apiUrl,
    pipeline: own,
    contactId,
    opportunity,
    given,
    run,
    raw,
    rawWith: (other, ...request) => send(connectWithToken({ apiUrl, token: other, locationId }), ...request),
    async cleanUp() {
      if (opportunity.id) await raw('DELETE', `/opportunities/${opportunity.id}`);
      await raw('DELETE', `/contacts/${contactId}`);
    },
  };
}

/** The answer as it came, a refusal too. @throws Error where none came */
async function send(highlevel: HighLevel, method: Method, path: string, body?: object): Promise<Answer> {
  const purpose = { doing: `answer ${method} ${path}`, repeatable: false, givesRefusals: true };
  const request = { method, path, ...(body ? { body: JSON.stringify(body) } : {}) };
  try {
    const { status, data, headers } = await highlevel.send(request, purpose);
    return { status, body: (data ?? {}) as Record<string, unknown>, headers };
  } catch (error) {
    // A 401 and a 429 are told as errors to all who ask.
    const problem = problemOf(error);
    if (!problem?.status) throw error;
    const message = problem.messages.join('; ');
    return { status: problem.status, body: { message }, headers: { get: () => null } };
  }
}
