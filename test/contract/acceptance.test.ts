import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { REQUIRED_SCOPES, type Sandbox, startSandbox } from '../../local/sandbox/index.ts';
import {
  APPS,
  type Generation,
  type Operation,
  readOpenApi,
  type SchemaObject,
} from '../../tools/spec/vendor-docs.ts';
import { call } from '../local/sandbox/support/call.ts';
import { AMPLE } from '../support/ample.ts';
import { heldToTheSpecification } from './docs.ts';

interface Known {
  method: string;
  /** As the specification writes it. */
  path: string;
  operation: Operation;
}

/** What the specification demands and the sandbox does not, with the reason. */
const NOT_DEMANDED: Record<string, { keys: string[]; because: string }> = {
  'POST /opportunities/search': {
    keys: ['query', 'page', 'searchAfter', 'additionalDetails'],
    because: 'The vendor’s page on it demands location and limit alone, and others leave the rest out.',
  },
};

/** Calls whose body the specification does not describe, or describes wrongly. */
const UNTOLD: Record<string, string> = {
  'POST /contacts/search': 'The body is empty in the specification.',
  'POST /opportunities/upsert': 'The value is an object in the specification, with a number as its example.',
};

/** What a body of plain samples cannot mean. */
const MEANT_OTHERWISE: Record<string, string> = {
  'POST /locations/{locationId}/customFields/upload': 'It takes a form with a file.',
  'DELETE /associations/relations/{relationId}': 'There is no relation yet.',
};

heldToTheSpecification('every request that the specification describes', (folder) => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox(AMPLE);
    // What a request means is not judged here, only how it is written.
    sandbox.setLocation(sandbox.locationId, { allowDuplicateOpportunity: true, allowDuplicateContact: true });
  });
  afterAll(() => sandbox.close());

  it.each([
    'v2',
    'v3',
  ] as const)('is taken by the sandbox, and refused without what it must have: %s', async (generation) => {
    const wrong: string[] = [];
    const refused: string[] = [];
    for (const { method, path, operation } of operations(folder, generation)) {
      const route = `${method} ${path}`;
      const refuse = (why: string) => wrong.push(`${route}: ${why}`);
      const ask = (without?: string) => askFor(sandbox, generation, { method, path, operation }, without);
      const whole = await ask();
      const said = [whole.body?.message].flat().join('; ');
      if (route in UNTOLD) continue;
      if (/should not exist/.test(said)) refuse(said);
      if (whole.status >= 300) {
        refused.push(route);
        continue;
      }
      for (const key of demanded(operation)) {
        if (NOT_DEMANDED[route]?.keys.includes(key)) continue;
        if ((await ask(key)).status < 400) refuse(`${key} is not demanded`);
      }
    }
    expect(wrong).toEqual([]);
    expect(refused.filter((route) => !(route in MEANT_OTHERWISE))).toEqual([]);
  });
});

function operations(folder: string, generation: Generation): Known[] {
  return APPS.filter((app) => app !== 'oauth').flatMap((app) =>
    Object.entries(readOpenApi(folder, generation, app).paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, operation]) => {
        const route = `${method.toUpperCase()} ${path.replace(/\{[^}]+\}/g, ':id')}`;
        return route in REQUIRED_SCOPES ? [{ method: method.toUpperCase(), path, operation }] : [];
      }),
    ),
  );
}

function bodyOf(operation: Operation): SchemaObject | undefined {
  return operation.requestBody?.content['application/json']?.schema;
}

function demanded(operation: Operation): string[] {
  const parameters = operation.parameters?.filter((one) => one.in === 'query' && one.required) ?? [];
  return [...parameters.map(({ name }) => name), ...(bodyOf(operation)?.required ?? [])];
}

/** Calls with all that the specification lists, or with all but one key. */
async function askFor(sandbox: Sandbox, generation: Generation, known: Known, without?: string) {
  const { method, path, operation } = known;
  const values = valuesFor(sandbox);
  const inPath = { ...values, ...idsFor(sandbox, path) };
  const filled = path.replace(/\{([^}]+)\}/g, (_, key: string) =>
    encodeURIComponent(String(inPath[key] ?? 'none')),
  );
  const query = new URLSearchParams();
  for (const { name, in: place, schema } of operation.parameters ?? []) {
    if (place === 'query' && name !== without) query.set(name, String(sample(schema ?? {}, name, values)));
  }
  const schema = bodyOf(operation);
  const body = schema === undefined ? undefined : (sample(schema, '', values) as Record<string, unknown>);
  if (body !== undefined && without !== undefined) delete body[without];
  const version = generation === 'v3' ? 'v3' : '2021-07-28';
  return call(sandbox, method, `${filled}?${query}`, { body, version });
}

let made = 0;

/** A contact that nothing else is about, so that no rule on duplicates speaks first. */
function newContact(sandbox: Sandbox): string {
  const [contact] = sandbox.state.contacts.values();
  if (contact === undefined) throw new Error('There is no contact.');
  made += 1;
  const id = `acceptance${made}`;
  sandbox.state.contacts.set(id, { ...contact, id, email: `acceptance.${made}@mail.example`, phone: null });
  return id;
}

/** Values for what has a meaning, by the name of the key. */
function valuesFor(sandbox: Sandbox): Record<string, unknown> {
  const { locationId, companyId, seeded } = sandbox;
  const pipelineId = seeded.pipelines.Sales?.id;
  const [stage] = Object.values(seeded.pipelines.Sales?.stages ?? {});
  made += 1;
  return {
    ...{ locationId, location_id: locationId, companyId, pipelineId, pipeline_id: pipelineId },
    ...{ pipelineStageId: stage, pipeline_stage_id: stage, contactId: newContact(sandbox), model: 'all' },
    ...{ assignedTo: seeded.installerId, userId: seeded.installerId, followers: [seeded.installerId] },
    ...{ status: 'open', lostReasonId: Object.values(seeded.lostReasons)[0], order: 'added_desc' },
    ...{ email: `taken.${made}@mail.example`, phone: `+1206555${String(made).padStart(4, '0')}` },
    ...{
      dueDate: '2026-12-01T00:00:00Z',
      forecastExpectedCloseDate: '2026-12-01',
      dateOfBirth: '1990-01-01',
    },
    ...{
      eventStartTime: '2026-12-01T00:00:00Z',
      forecastProbability: 50,
      date: '01-01-2026',
      endDate: '12-31-2026',
    },
    ...{ page: 1, limit: 20, skip: 0, searchAfter: [], query: '', customFields: [], startAfter: 1 },
    ...{
      workflowId: Object.values(seeded.workflows)[0],
      associationId: 'OPPORTUNITIES_CONTACTS_ASSOCIATION',
    },
    ...{
      key_name: 'OPPORTUNITIES_CONTACTS_ASSOCIATION',
      objectKey: 'contact',
      recordId: seeded.opportunityIds[5],
    },
    ...{ firstRecordId: seeded.opportunityIds[5], secondRecordId: newContact(sandbox) },
  };
}

/** Ids in paths whose names do not say of what. */
function idsFor(sandbox: Sandbox, path: string): Record<string, unknown> {
  const { seeded, state } = sandbox;
  if (path.startsWith('/locations')) return { id: Object.values(seeded.customFields)[0] };
  if (path.startsWith('/opportunities')) return { id: [...state.opportunities.keys()][0] };
  if (path.includes('{taskId}')) {
    const [task] = state.tasks.values();
    return { taskId: task?.id, contactId: task?.contactId };
  }
  if (!path.includes('/notes/{id}')) return {};
  const note = [...state.notes.values()].find(({ relations }) => relations[0]?.objectKey === 'contact');
  return { id: note?.id, contactId: note?.relations[0]?.recordId };
}

function sample(schema: SchemaObject, name: string, values: Record<string, unknown>): unknown {
  if (name in values) return values[name];
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map((one) => sample(one, '', values)));
  if (schema.oneOf?.[0]) return sample(schema.oneOf[0], '', values);
  if (schema.enum) return schema.enum[0];
  if (schema.type === 'string') return 'text';
  if (schema.type === 'number') return 1;
  if (schema.type === 'boolean') return false;
  if (schema.type === 'array') return schema.items ? [sample(schema.items, '', values)] : [];
  const properties = Object.entries(schema.properties ?? {});
  return Object.fromEntries(properties.map(([key, item]) => [key, sample(item, key, values)]));
}
