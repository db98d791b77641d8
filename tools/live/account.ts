import { createAppHandler } from 'zapier-platform-core';

interface Answer {
  status: number;
  body: Record<string, unknown>;
  headers: Headers;
}

/** A sub-account of HighLevel's that these checks may write to, and what they made in it. */
export interface Account {
  locationId: string;
  /** The pipeline that belongs to the checks alone. */
  pipeline: { id: string; name: string };
  /** The person the checks made for themselves. */
  contactId: string;
  opportunity: { id: string; name: string };
  /** Runs a method of the built app, as Zapier would. */
  run<T>(method: string, inputData?: Record<string, unknown>): Promise<T>;
  /** Asks HighLevel directly, where the app never would. */
  raw(method: string, path: string, body?: object): Promise<Answer>;
  /** Takes away what the checks made. */
  cleanUp(): Promise<void>;
}

export interface Access {
  token: string;
  locationId: string;
  /** The name or id of a pipeline that nothing else uses. */
  pipeline: string;
  apiUrl: string;
}

/**
 * Opens the account: finds the pipeline and makes a contact.
 *
 * @param app the built app
 * @throws Error where the token, the pipeline or the contact cannot be had
 */
export async function openAccount(
  app: object,
  { token, locationId, pipeline, apiUrl }: Access,
): Promise<Account> {
  const handler = createAppHandler(app);
  const raw: Account['raw'] = async (method, path, body) => {
    const response = await fetch(apiUrl + path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        version: 'v3',
        'user-agent': 'HighLevel-Opportunities-for-Zapier/1.0',
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const read = (await response.json().catch(() => ({}))) as Record<string, unknown>;
    return { status: response.status, body: read, headers: response.headers };
  };
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

  const pipelines = await run<{ id: string; name: string }[]>('triggers.pipeline_list.operation.perform');
  const own = pipelines.find(({ id, name }) => id === pipeline || name === pipeline);
  if (!own)
    throw new Error(
      `There is no pipeline "${pipeline}"; there are: ${pipelines.map(({ name }) => name).join(', ')}.`,
    );
  const mark = `live-check-${Date.now()}`;
  const { status, body } = await raw('POST', '/contacts/', {
    locationId,
    firstName: 'Live',
    lastName: 'Check',
    email: `${mark}@example.com`,
  });
  const contactId = (body.contact as { id?: string } | undefined)?.id;
  if (!contactId) throw new Error(`No contact could be made: ${status} ${JSON.stringify(body.message)}.`);
  const opportunity = { id: '', name: mark };
  return {
    locationId,
    pipeline: own,
    contactId,
    opportunity,
    run,
    raw,
    async cleanUp() {
      if (opportunity.id) await raw('DELETE', `/opportunities/${opportunity.id}`);
      await raw('DELETE', `/contacts/${contactId}`);
    },
  };
}
