import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ActiveContraries } from '../state/active-contraries.ts';
import type { SandboxContext } from '../state/context.ts';
import type { ListName } from '../state/contraries.ts';
import { isCreation, LIST_ROUTES, routeOf } from './calls.ts';

type Json = Record<string, unknown>;

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function withText(record: Json, keys: readonly string[]): Json {
  const texts = keys.flatMap((key) => (typeof record[key] === 'number' ? [[key, String(record[key])]] : []));
  return { ...record, ...Object.fromEntries(texts) };
}

const DATES = ['createdAt', 'updatedAt', 'lastStatusChangeAt', 'lastStageChangeAt'];
const COUNTERS = ['total', 'count', 'currentPage', 'nextPage', 'prevPage'];

function withoutKeys(record: Json, ...keys: string[]): Json {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key)));
}

function amountAsText(record: Json): Json {
  // With two decimals, as a currency is written.
  return typeof record.monetaryValue === 'number'
    ? { ...record, monetaryValue: record.monetaryValue.toFixed(2) }
    : record;
}

function firstRow(active: ActiveContraries, row: Json): unknown {
  if (active.has('null-row')) return null;
  const changed = active.has('row-without-id') ? withoutKeys(row, 'id') : { ...row };
  if (active.has('custom-fields-object')) changed.customFields = {};
  if (active.has('ms-dates')) for (const key of DATES) changed[key] = Date.parse(String(changed[key]));
  return changed;
}

function booleanField(row: Json): Json {
  const [first, ...rest] = Array.isArray(row.customFields) ? row.customFields : [];
  if (!isObject(first)) return row;
  return { ...row, customFields: [{ id: first.id, type: 'boolean', fieldValueBoolean: true }, ...rest] };
}

function searchAnswer(active: ActiveContraries, route: string, payload: Json): Json {
  const isGet = route.startsWith('GET');
  const rows = (payload.opportunities as Json[]).map((row, index): unknown => {
    let changed = row;
    if (active.has('text-amounts')) changed = amountAsText(changed);
    if (active.has('boolean-field-value')) changed = booleanField(changed);
    if (active.has('search-without-fields') || (isGet && active.has('search-get-without-fields'))) {
      changed = { ...changed, customFields: [] };
    }
    return index === 0 ? firstRow(active, changed) : changed;
  });
  let answer: Json = { ...payload, opportunities: rows };
  if (active.has('text-counters')) {
    answer = withText(answer, COUNTERS);
    if (isObject(answer.meta)) answer.meta = withText(answer.meta, COUNTERS);
  }
  return isGet && active.has('search-without-meta') ? withoutKeys(answer, 'meta') : answer;
}

function recordAnswer(active: ActiveContraries, route: string, payload: Json): Json {
  let one = payload.opportunity as Json;
  if (active.has('text-amounts')) one = amountAsText(one);
  if (route === 'GET /opportunities/:id' && active.has('record-without-fields')) {
    one = withoutKeys(one, 'customFields', 'lostReasonId');
  }
  if (route === 'PUT /opportunities/:id') {
    if (active.has('put-answers-success-only')) return { success: true, traceId: payload.traceId };
    if (active.has('put-answers-id-only')) one = { id: one.id };
  }
  return { ...payload, opportunity: one };
}

function counted(pipeline: Json): Json {
  const stages = Array.isArray(pipeline.stages) ? (pipeline.stages as Json[]) : [];
  return {
    ...pipeline,
    stages: stages.map((stage) => withText(stage, ['position', 'stageWinProbability'])),
  };
}

function underscoreId(entry: Json): Json {
  const { id, ...rest } = entry;
  return { _id: id, ...rest };
}

function listAnswer(active: ActiveContraries, list: ListName, payload: Json): Json {
  const { key } = LIST_ROUTES[list];
  let entries = payload[key] as Json[];
  if (active.has(`${list}-odd`))
    entries = entries.map((one, index) => (index === 0 ? underscoreId(one) : one));
  if (list === 'lost-reasons' && active.has('lost-reasons-underscore-id'))
    entries = entries.map(underscoreId);
  const answer: Json = { ...payload, [key]: entries };
  if (!active.has('text-counters')) return answer;
  if (list === 'pipelines') answer.pipelines = entries.map(counted);
  return withText(answer, COUNTERS);
}

const GONE = /not found/i;

/** An answer about a record that is gone, in the way that is active; null if it is no such answer. */
function goneAnswer(
  active: ActiveContraries,
  request: FastifyRequest,
  payload: Json,
  reply: FastifyReply,
): Json | null {
  const [, room, parameter] = request.routeOptions.url?.split('/') ?? [];
  const isRecord = (room === 'opportunities' || room === 'contacts') && parameter?.startsWith(':') === true;
  if (!isRecord || ![400, 404].includes(reply.statusCode) || !GONE.test(String(payload.message))) return null;
  const isItself =
    ['GET', 'PUT'].includes(request.method) && request.routeOptions.url?.split('/').length === 3;
  if (active.has('gone-null') && isItself) {
    reply.code(200);
    return { [room === 'contacts' ? 'contact' : 'opportunity']: null, traceId: payload.traceId };
  }
  if (active.has('gone-in-other-words')) {
    reply.code(400);
    return { ...payload, statusCode: 400, message: 'The record has been deleted.', error: 'Bad Request' };
  }
  const status = active.has('gone-404') ? 404 : active.has('gone-422') ? 422 : null;
  if (status === null) return null;
  reply.code(status);
  const error = status === 404 ? 'Not Found' : 'Unprocessable Entity';
  return {
    ...payload,
    statusCode: status,
    message: status === 422 ? [payload.message] : payload.message,
    error,
  };
}

/** A contact look-up that found nobody, in the way that is active. */
function lookUpAnswer(active: ActiveContraries, payload: Json, reply: FastifyReply): Json {
  const status = active.has('no-contact-404') ? 404 : active.has('no-contact-400') ? 400 : null;
  if (payload.contact !== null || status === null) return payload;
  reply.code(status);
  const error = status === 404 ? 'Not Found' : 'Bad Request';
  return { statusCode: status, message: 'Contact not found', error, traceId: payload.traceId };
}

const CODES: Record<number, string> = {
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'RESOURCE_NOT_FOUND',
  429: 'RATE_LIMITED',
};

/** A refusal in the envelope of v3 [spec: AipErrorResponseDto]; codes but that of 404 are [assumed]. */
function enveloped({ message, code, meta, traceId }: Json, status: number): Json {
  const error = {
    code: code ?? CODES[status] ?? 'INVALID_ARGUMENT',
    message: [message].flat().join('; '),
    details: meta ?? {},
    resolution: 'Check the request and try again.',
  };
  return { error, traceId };
}

/**
 * An answer as the active contraries change it, after the call has done its work.
 *
 * @param payload the body as the sandbox would send it.
 * @returns the body to send; the reply's status is changed where the contrary answer has another.
 */
export function contraryAnswer(
  ctx: SandboxContext,
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): unknown {
  const active = ctx.contrary;
  if (active.list().length === 0 || !isObject(payload)) return payload;
  const route = routeOf(request);
  if (reply.statusCode >= 400 && active.has('errors-in-envelope') && !route.includes(' /oauth/')) {
    return enveloped(payload, reply.statusCode);
  }
  const gone = goneAnswer(active, request, payload, reply);
  if (gone !== null) return gone;
  if (reply.statusCode >= 300) return payload;

  if (isCreation(request)) {
    if (active.has('created-200') && reply.statusCode === 201) reply.code(200);
    if (route === 'POST /contacts/' && active.has('contact-422-created')) {
      reply.code(422);
      return { statusCode: 422, message: ['phone is invalid'], error: 'Unprocessable Entity' };
    }
  }
  if (Array.isArray(payload.opportunities)) return searchAnswer(active, route, payload);
  if (isObject(payload.opportunity)) return recordAnswer(active, route, payload);
  if (route === 'GET /contacts/search/duplicate') return lookUpAnswer(active, payload, reply);
  const list = (Object.keys(LIST_ROUTES) as ListName[]).find((one) => LIST_ROUTES[one].route === route);
  return list === undefined ? payload : listAnswer(active, list, payload);
}
