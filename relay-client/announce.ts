import type { BeforeRequestMiddleware, Bundle, ZObject } from 'zapier-platform-core';
import { connect } from '../highlevel/connect.ts';
import { apiUrl } from '../highlevel/http/environment.ts';
import type { AnnouncedWrite } from '../wire/writes.ts';
import { relayUrl } from './address.ts';
import { relayHeaders } from './request.ts';

/** No write waits longer for a relay that is slow or down, in ms. */
const PATIENCE_MS = 500;

/**
 * Tells the relay what is about to be written to an opportunity, so that instant triggers can leave it out. It never
 * fails the write.
 */
export const announceWrites: BeforeRequestMiddleware = async (request, z, bundle) => {
  const write = relayUrl() ? writeOf(request.method, request.url, request.body) : null;
  if (write) await announce(z, bundle, write);
  return request;
};

/** By plain fetch: what runs before a request has no request of core's. [run: `z.request is not a function`] */
async function announce(
  z: ZObject,
  bundle: Bundle,
  write: Omit<AnnouncedWrite, 'locationId'>,
): Promise<void> {
  try {
    const body: AnnouncedWrite = { locationId: connect(z, bundle).locationId(), ...write };
    const response = await fetch(`${relayUrl()}/writes`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...relayHeaders(bundle) },
      body: JSON.stringify(body),
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    await response.body?.cancel();
  } catch (error) {
    z.console.log(`The relay was not told of this write: ${String(error)}`);
  }
}

const UPDATE = /^\/opportunities\/([\w-]{1,64})(\/status)?$/;
/** What stands in HighLevel's paths where an id would. */
const NO_IDS = ['search', 'pipelines', 'upsert', 'lost-reason'];

/** What a request writes of an opportunity; null for any other request. */
function writeOf(
  method: string | undefined,
  url: string,
  body: unknown,
): Omit<AnnouncedWrite, 'locationId'> | null {
  const { origin, pathname } = new URL(url);
  if (origin !== new URL(apiUrl()).origin) return null;
  const sent = method === 'DELETE' ? {} : objectIn(body);
  if (!sent) return null;
  if (method === 'POST' && pathname === '/opportunities/') return creationOf(sent);
  const [, opportunityId, status] = pathname.match(UPDATE) ?? [];
  if (!opportunityId || NO_IDS.includes(opportunityId)) return null;
  if (method === 'DELETE' && !status) return { opportunityId, deleted: true, fields: {} };
  if (method !== 'PUT') return null;
  const fields = fieldsOf(sent);
  return Object.keys(fields).length > 0 ? { opportunityId, fields } : null;
}

function creationOf({ contactId, pipelineId }: Sent): Omit<AnnouncedWrite, 'locationId'> | null {
  if (typeof contactId !== 'string' || typeof pipelineId !== 'string') return null;
  return { opportunityId: null, created: { contactId, pipelineId }, fields: {} };
}

type Sent = Record<string, unknown>;

function fieldsOf({ pipelineStageId, status, monetaryValue, assignedTo }: Sent): AnnouncedWrite['fields'] {
  return {
    ...(typeof pipelineStageId === 'string' ? { stage: pipelineStageId } : {}),
    ...(typeof status === 'string' ? { status } : {}),
    ...(typeof monetaryValue === 'number' ? { value: monetaryValue } : {}),
    ...(typeof assignedTo === 'string' || assignedTo === null ? { owner: assignedTo || null } : {}),
  };
}

function objectIn(body: unknown): Sent | null {
  try {
    const read: unknown = typeof body === 'string' ? JSON.parse(body) : body;
    return typeof read === 'object' && read !== null ? (read as Sent) : null;
  } catch {
    return null;
  }
}
