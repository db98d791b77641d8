import type { Sandbox } from '../../local/sandbox/index.ts';
import type { Generation } from '../../tools/spec/vendor-docs.ts';
import { caller, postForm } from '../local/sandbox/support/call.ts';

type Ids = Record<string, string>;

/**
 * Calls every endpoint that the sandbox has, in one generation of the API, with all it takes; and is refused in each of
 * the ways that HighLevel refuses.
 */
export async function sweep(sandbox: Sandbox, generation: Generation): Promise<void> {
  const version = generation === 'v3' ? 'v3' : '2021-07-28';
  const call = caller(sandbox, { version });
  const { seeded, locationId, companyId } = sandbox;
  const users = Object.values(seeded.users);
  const [userId = '', other = ''] = users;
  const sales = seeded.pipelines.Sales ?? { id: '', stages: {} };
  const stageId = Object.values(sales.stages)[1] ?? '';
  const field = (key: string) => seeded.customFields[key] ?? '';
  const valueKey = generation === 'v3' ? 'fieldValue' : 'field_value';
  const write = (id: string, value: unknown) => ({ id, [valueKey]: value });
  const ids: Ids = {};
  const keep = (name: string, found: unknown) => {
    ids[name] = String((found as { id: string }).id);
  };

  await token(sandbox, generation);
  await agency(sandbox, generation);

  await call('GET', `/locations/${locationId}`);
  await call('GET', `/locations/${locationId}/customFields?model=all`);
  await call('GET', `/locations/${locationId}/customFields/${field('opportunity.plan')}`);
  await call('GET', `/locations/${locationId}/tags`);
  await call('GET', `/users/search?companyId=${companyId}&locationId=${locationId}&limit=10&skip=0`);
  await call('GET', `/users/${userId}`);
  // Gone in v3.
  if (generation === 'v2') await call('GET', `/users/?locationId=${locationId}`);

  const person = {
    locationId,
    firstName: 'Kim',
    lastName: 'Reed',
    email: `kim.${generation}@example.com`,
    phone: generation === 'v3' ? '+12025550133' : '+12025550122',
    companyName: 'Harbor Cafe',
    address1: 'Pier 1',
    city: 'Seattle',
    country: 'US',
    source: 'Webinar',
    tags: ['cafe'],
    assignedTo: userId,
    customFields: [
      write(field('contact.account_number'), 'A-1'),
      write(field('contact.customer_since'), '2024-02-29'),
      write(field('contact.interests'), ['Ads']),
    ],
  };
  const { body: made } = await call('POST', '/contacts/', person);
  keep('contact', made.contact);
  const contact = `/contacts/${ids.contact}`;
  await call('PUT', contact, { lastName: 'Reed-Ito', website: 'https://example.com' });
  await call('GET', contact);
  await call('POST', '/contacts/upsert', { ...person, tags: undefined });
  await call('POST', '/contacts/upsert', { locationId, email: `lee.${generation}@example.com` });
  await call('GET', `/contacts/search/duplicate?locationId=${locationId}&email=nobody@example.com`);
  await call('GET', `/contacts/search/duplicate?locationId=${locationId}&email=${person.email}`);
  await call('POST', '/contacts/search', { locationId, page: 1, pageLimit: 20, query: 'reed' });
  await call('POST', `${contact}/tags`, { tags: ['new'] });
  await call('DELETE', `${contact}/tags`, { tags: ['new'] });

  const { body: noted } = await call('POST', `${contact}/notes`, { body: 'A note', userId });
  keep('note', noted.note);
  await call('GET', `${contact}/notes`);
  await call('GET', `${contact}/notes/${ids.note}`);
  await call('PUT', `${contact}/notes/${ids.note}`, { body: 'Another', userId });
  await call('DELETE', `${contact}/notes/${ids.note}`);

  const task = { title: 'Call back', body: 'Soon', dueDate: '2026-12-01T15:00:00Z', assignedTo: userId };
  const { body: tasked } = await call('POST', `${contact}/tasks`, { ...task, completed: false });
  keep('task', tasked.task);
  await call('GET', `${contact}/tasks`);
  await call('GET', `${contact}/tasks/${ids.task}`);
  await call('PUT', `${contact}/tasks/${ids.task}`, { title: 'Call later' });
  await call('PUT', `${contact}/tasks/${ids.task}/completed`, { completed: true });
  await call('DELETE', `${contact}/tasks/${ids.task}`);

  await call('GET', `/workflows/?locationId=${locationId}`);
  const workflow = `${contact}/workflow/${Object.values(seeded.workflows)[0]}`;
  await call('POST', workflow, { eventStartTime: '2026-12-01T15:00:00Z' });
  await call('DELETE', workflow, {});
  await upload(sandbox, version, ids.contact ?? '');

  await call('GET', `/opportunities/pipelines?locationId=${locationId}`);
  await call('GET', `/opportunities/lost-reason?locationId=${locationId}`);
  const opportunity = {
    locationId,
    pipelineId: sales.id,
    pipelineStageId: stageId,
    contactId: ids.contact,
    name: 'Website for Harbor Cafe',
    status: 'open',
    monetaryValue: 1250.5,
    assignedTo: userId,
    customFields: ownFields(write, field),
    ...(generation === 'v3' ? { forecastExpectedCloseDate: '2026-12-31', forecastProbability: 40 } : {}),
  };
  const { body: answer } = await call('POST', '/opportunities/', opportunity);
  keep('opportunity', answer.opportunity);
  const path = `/opportunities/${ids.opportunity}`;
  await call('POST', '/opportunities/', opportunity);
  await call('GET', path);
  await call('PUT', path, { name: 'Shop for Harbor Cafe', monetaryValue: 2000 });
  await call('POST', `${path}/followers`, { followers: [userId, other] });
  await call('DELETE', `${path}/followers`, { followers: [other] });
  await call('PUT', `${path}/status`, {
    status: 'lost',
    lostReasonId: Object.values(seeded.lostReasons)[0],
  });
  await call('GET', path);
  await call('POST', '/opportunities/upsert', {
    id: ids.opportunity,
    locationId,
    pipelineId: sales.id,
    followers: [userId],
    isRemoveAllFollowers: false,
    followersActionType: 'add',
  });

  const key = 'OPPORTUNITIES_CONTACTS_ASSOCIATION';
  await call('GET', `/associations/?locationId=${locationId}&skip=0&limit=10`);
  await call('GET', `/associations/key/${key}?locationId=${locationId}`);
  await call('GET', `/associations/objectKey/opportunity?locationId=${locationId}`);
  await call('GET', `/associations/${key}`);
  const related = {
    locationId,
    associationId: key,
    firstRecordId: ids.opportunity,
    secondRecordId: seeded.contactIds[0],
  };
  const { body: relation } = await call('POST', '/associations/relations', related);
  keep('relation', relation);
  await call('GET', `/associations/relations/${ids.opportunity}?locationId=${locationId}&skip=0&limit=10`);
  const location = generation === 'v3' ? 'locationId' : 'location_id';
  const extras = 'getNotes=true&getTasks=true&getCalendarEvents=true';
  await call('GET', `/opportunities/search?${location}=${locationId}&limit=20&page=1&${extras}`);
  await call('GET', `/opportunities/search?${location}=${locationId}&limit=20&page=2`);
  await call('POST', '/opportunities/search', { locationId, limit: 100, page: 1 });
  await call('POST', '/opportunities/search', {
    locationId,
    query: '',
    limit: 100,
    page: 1,
    filters: [{ field: 'pipeline_id', operator: 'eq', value: sales.id }],
    additionalDetails: { notes: true, tasks: true, calendarEvents: true, unReadConversations: false },
  });
  await call('DELETE', `/associations/relations/${ids.relation}?locationId=${locationId}`);
  await call('DELETE', path);

  await notes(call, { locationId, userId, contactId: ids.contact ?? '' });
  await call('DELETE', contact);
  await refusals(sandbox, version, path);
}

/** One value for a field of every data type. */
function ownFields(write: (id: string, value: unknown) => object, field: (key: string) => string): object[] {
  return [
    write(field('opportunity.external_id'), 'HP-1'),
    write(field('opportunity.seats'), '12'),
    write(field('opportunity.checklist'), ['Contract signed']),
    write(field('opportunity.plan'), 'Growth'),
    write(field('opportunity.contract_date'), '2026-12-31'),
    write(field('opportunity.decision_makers'), { Buyer: 'Dana' }),
    write(field('opportunity.proposal_file'), { url: 'https://files.example.com/a.pdf' }),
  ];
}

async function notes(call: ReturnType<typeof caller>, { locationId, userId, contactId }: Ids): Promise<void> {
  const place = `locationId=${locationId}`;
  const relations = [{ objectKey: 'contact', recordId: contactId }];
  const { body } = await call('POST', `/notes/?${place}`, { body: 'A note', userId, relations });
  const note = `/notes/${(body.note as { id: string }).id}`;
  await call('POST', `/notes/search?${place}`, {});
  await call('GET', `${note}?${place}`);
  await call('PUT', `${note}?${place}`, { title: 'Title' });
  await call('PUT', `${note}/relations?${place}`, { relations });
  await call('DELETE', `${note}?${place}`);
}

async function upload(sandbox: Sandbox, version: string, id: string): Promise<void> {
  const form = new FormData();
  form.append('id', id);
  form.append('file', new File(['a'], 'a.txt', { type: 'text/plain' }));
  await fetch(`${sandbox.url}/locations/${sandbox.locationId}/customFields/upload`, {
    method: 'POST',
    headers: { authorization: `Bearer ${sandbox.accessToken}`, version },
    body: form,
  });
}

async function code(sandbox: Sandbox, locationId: string): Promise<string> {
  const redirect_uri = 'https://app.example/return';
  const form = {
    response_type: 'code',
    client_id: sandbox.clientId,
    redirect_uri,
    scope: 'opportunities.readonly',
    location_id: locationId,
    decision: 'allow',
  };
  const { headers } = await postForm(`${sandbox.url}/v2/oauth/chooselocation`, form);
  return new URL(headers.get('location') ?? '').searchParams.get('code') ?? '';
}

async function token(sandbox: Sandbox, generation: Generation): Promise<void> {
  const { clientId, clientSecret } = sandbox;
  const v3 = generation === 'v3';
  const client: Record<string, string> = v3
    ? { clientId, clientSecret }
    : { client_id: clientId, client_secret: clientSecret };
  const grant = v3 ? 'grantType' : 'grant_type';
  const ask = async (fields: Record<string, string>) => {
    const headers: Record<string, string> = v3 ? { version: 'v3' } : {};
    const response = await postForm(`${sandbox.url}/oauth/token`, { ...client, ...fields }, headers);
    return (await response.json()) as Record<string, string>;
  };
  for (const place of [sandbox.locationId, 'company']) {
    const tokens = await ask({ [grant]: 'authorization_code', code: await code(sandbox, place) });
    const refresh = tokens.refreshToken ?? tokens.refresh_token ?? '';
    await ask({ [grant]: 'refresh_token', [v3 ? 'refreshToken' : 'refresh_token']: refresh });
  }
  await ask({ [grant]: 'authorization_code', code: 'stale' });
}

async function agency(sandbox: Sandbox, generation: Generation): Promise<void> {
  const { companyId, locationId } = sandbox;
  const { accessToken } = sandbox.mintToken({ userType: 'Company' });
  const version = generation === 'v3' ? 'v3' : '2021-07-28';
  const headers = { authorization: `Bearer ${accessToken}`, version };
  const exchange = generation === 'v3' ? 'location-token' : 'locationToken';
  await postForm(`${sandbox.url}/oauth/${exchange}`, { companyId, locationId }, headers);
  const installed = generation === 'v3' ? 'installed-locations' : 'installedLocations';
  const { appId } = sandbox.context.client;
  await fetch(`${sandbox.url}/oauth/${installed}?companyId=${companyId}&appId=${appId}`, { headers });
}

/** Each way of refusing once: gone, invalid, no scope, a dead token, another location, too many. */
async function refusals(sandbox: Sandbox, version: string, gone: string): Promise<void> {
  const call = caller(sandbox, { version });
  const { locationId, seeded } = sandbox;
  await call('GET', gone);
  await call('PUT', gone, { name: 'x' });
  await call('POST', '/opportunities/', { locationId, nonsense: true });
  const [contactId = ''] = seeded.contactIds;
  await call('POST', `/contacts/${contactId}/notes`, { locationId, body: 'x' });
  const poor = sandbox.mintToken({ scopes: ['contacts.readonly'] }).accessToken;
  await caller(sandbox, { version, token: poor })('GET', `/opportunities/pipelines?locationId=${locationId}`);
  await caller(sandbox, { version, token: 'dead' })(
    'GET',
    `/opportunities/pipelines?locationId=${locationId}`,
  );
  await call('GET', `/opportunities/pipelines?locationId=${seeded.other.locationId}`);
  sandbox.fault({ method: 'GET', status: 429, body: { statusCode: 429, message: 'Too Many Requests' } });
  await call('GET', `/opportunities/pipelines?locationId=${locationId}`);
}
