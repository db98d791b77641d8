import { HighLevel, Logger, MemorySessionStorage, type WebhookRequest } from '@gohighlevel/api-client';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Sandbox, startSandbox } from '../../local/sandbox/index.ts';
import { readPublicKeys, signatureFault } from '../../wire/signature.ts';
import { postForm } from '../local/sandbox/support/call.ts';
import { type Receiver, startReceiver } from '../local/sandbox/support/webhook-receiver.ts';

/**
 * The vendor's own client against the sandbox, over HTTP. Its host is fixed, but it hands out its HTTP client, whose
 * base URL is turned to the sandbox; its consent page is a URL, of which the host is exchanged.
 */
describe('the official client, 3.1.0', () => {
  const REDIRECT = 'https://app.example/return';
  let sandbox: Sandbox;
  let receiver: Receiver;
  let client: HighLevel;
  /** Says whose token to use where neither query nor body names a location. */
  let here: { headers: Record<string, string> };
  let locationId: string;

  beforeAll(async () => {
    receiver = await startReceiver();
    sandbox = await startSandbox({ webhookUrl: receiver.url });
    const { clientId, clientSecret, publicKeyPem } = sandbox;
    client = new HighLevel({
      clientId,
      clientSecret,
      webhookPublicKey: publicKeyPem,
      sessionStorage: new MemorySessionStorage(new Logger('none')),
      logLevel: 'none',
    });
    client.getHttpClient().defaults.baseURL = sandbox.url;
    locationId = sandbox.locationId;
    here = { headers: { 'x-location-id': locationId } };
  });
  afterAll(async () => {
    await client.disconnectSessionStorage();
    await sandbox.close();
    await receiver.close();
  });

  it('is let in by a person, and lets itself in again when its token has run out', async () => {
    const scopes = ['opportunities.readonly', 'opportunities.write', 'contacts.readonly', 'contacts.write'];
    const scope = [...scopes, 'users.readonly', 'locations.readonly'].join(' ');
    const page = new URL(client.oauth.getAuthorizationUrl(sandbox.clientId, REDIRECT, scope));
    const form = { ...Object.fromEntries(page.searchParams), location_id: locationId, decision: 'allow' };
    const { headers } = await postForm(sandbox.url + page.pathname, form);
    const code = new URL(headers.get('location') ?? '').searchParams.get('code') ?? '';
    const tokens = await client.oauth.getAccessToken({
      client_id: sandbox.clientId,
      client_secret: sandbox.clientSecret,
      grant_type: 'authorization_code',
      code,
      user_type: 'Location',
      redirect_uri: REDIRECT,
    });
    expect(tokens).toMatchObject({ locationId, companyId: sandbox.companyId, userType: 'Location', scope });
    await client.getSessionStorage().setSession(locationId, { ...tokens });

    sandbox.moveClock({ by: 25 * 60 * 60 * 1000 });
    sandbox.clearRequests();
    const { location } = await client.locations.getLocation({ locationId });
    expect(location).toMatchObject({ id: locationId, name: sandbox.seeded.locationName });
    expect(sandbox.requests().map(({ path, status }) => [path, status])).toEqual([
      [`/locations/${locationId}`, 401],
      ['/oauth/token', 200],
      [`/locations/${locationId}`, 200],
    ]);
    const renewed = await client.getSessionStorage().getSession(locationId);
    expect(renewed?.refresh_token).not.toBe(tokens.refresh_token);
  });

  it('does all twelve operations on opportunities', async () => {
    const { seeded } = sandbox;
    const [owner = '', follower = ''] = Object.values(seeded.users);
    const [lostReasonId = ''] = Object.values(seeded.lostReasons);
    const { opportunities } = client;
    sandbox.clearRequests();

    const { pipelines } = await opportunities.getPipelines({ locationId });
    expect(pipelines?.map(({ name }) => name)).toEqual(expect.arrayContaining(['Sales', 'Onboarding']));
    const pipelineId = seeded.pipelines.Sales?.id ?? '';
    const { lostReasons } = await opportunities.getLostReason({ locationId });
    expect(lostReasons?.map(({ id }) => id)).toContain(lostReasonId);

    const { contact } = await client.contacts.createContact({
      locationId,
      firstName: 'Robin',
      email: 'r@alder.example',
    });
    const made = await opportunities.createOpportunity({
      locationId,
      pipelineId,
      name: 'Greenhouse',
      status: 'open',
      contactId: contact?.id ?? '',
      monetaryValue: 4800,
      customFields: [{ id: seeded.customFields['opportunity.external_id'] ?? '', field_value: 'GH-77' }],
    });
    const id = made.opportunity?.id ?? '';
    expect(made.opportunity).toMatchObject({ name: 'Greenhouse', monetaryValue: 4800, status: 'open' });

    const { opportunity: changed } = await opportunities.updateOpportunity(
      { id },
      { name: 'Large greenhouse' },
      here,
    );
    expect(changed).toMatchObject({ id, name: 'Large greenhouse', monetaryValue: 4800 });
    expect(
      await opportunities.updateOpportunityStatus({ id }, { status: 'lost', lostReasonId }, here),
    ).toMatchObject({
      succeded: true,
    });
    expect(
      await opportunities.addFollowersOpportunity({ id }, { followers: [owner, follower] }, here),
    ).toMatchObject({
      followersAdded: [owner, follower],
    });
    const removed = await opportunities.removeFollowersOpportunity({ id }, { followers: [follower] }, here);
    expect(removed).toMatchObject({ followers: [owner], followersRemoved: [follower] });
    expect((await opportunities.getOpportunity({ id }, here)).opportunity).toMatchObject({
      name: 'Large greenhouse',
      status: 'lost',
      lostReasonId,
      followers: [owner],
    });

    const found = await opportunities.searchOpportunity({ locationId, contactId: contact?.id, limit: 5 });
    expect(found.opportunities?.map((one) => one.id)).toEqual([id]);
    expect(found.meta).toMatchObject({ total: 1, startAfterId: id });
    const search = {
      locationId,
      query: 'greenhouse',
      limit: 10,
      page: 1,
      searchAfter: [],
      additionalDetails: { notes: false, tasks: false, calendarEvents: false, unReadConversations: false },
    };
    const advanced = await opportunities.searchOpportunitiesAdvanced(search, here);
    expect(advanced).toMatchObject({ total: 1, opportunities: [{ id }] });

    const upserted = await opportunities.upsertOpportunity({
      id,
      locationId,
      pipelineId,
      followers: [follower],
      isRemoveAllFollowers: true,
      followersActionType: 'add',
    });
    expect(upserted).toMatchObject({ new: false, opportunity: { id, followers: [follower] } });
    await opportunities.deleteOpportunity({ id }, here);
    await expect(opportunities.getOpportunity({ id }, here)).rejects.toMatchObject({ statusCode: 400 });

    const asked = sandbox.requests().map(({ method, path }) => `${method} ${path.replace(id, '{id}')}`);
    expect(new Set(asked.filter((one) => one.includes('/opportunities/')))).toEqual(
      new Set([
        'GET /opportunities/pipelines',
        'GET /opportunities/lost-reason',
        'POST /opportunities/',
        'PUT /opportunities/{id}',
        'PUT /opportunities/{id}/status',
        'POST /opportunities/{id}/followers',
        'DELETE /opportunities/{id}/followers',
        'GET /opportunities/{id}',
        'GET /opportunities/search',
        'POST /opportunities/search',
        'POST /opportunities/upsert',
        'DELETE /opportunities/{id}',
      ]),
    );
  });

  it('is told of a duplicate as HighLevel tells of one', async () => {
    const { seeded } = sandbox;
    const [contactId = ''] = seeded.contactIds;
    const opportunity = { locationId, contactId, name: 'Again', status: 'open' } as const;
    const pipelineId = seeded.pipelines.Sales?.id ?? '';
    const twice = async () => {
      for (let time = 0; time < 2; time++)
        await client.opportunities.createOpportunity({ ...opportunity, pipelineId });
    };
    await expect(twice()).rejects.toMatchObject({
      statusCode: 400,
      response: { code: 'OPPORTUNITY_NO_DUPLICATE', meta: { existingId: expect.any(String) } },
    });
  });

  it('works with contacts, their notes, tasks and tags, and with users', async () => {
    const { contacts, users } = client;
    const email = 'jo@birch.example';
    const first = await contacts.upsertContact({ locationId, email, firstName: 'Jo' });
    const again = await contacts.upsertContact({ locationId, email, lastName: 'Birch' });
    expect([first.new, again.new]).toEqual([true, false]);
    const contactId = again.contact?.id ?? '';
    expect((await contacts.getContact({ contactId }, here)).contact).toMatchObject({
      firstName: 'Jo',
      lastName: 'Birch',
    });
    expect(await contacts.getDuplicateContact({ locationId, email })).toMatchObject({
      contact: { id: contactId },
    });
    expect(await contacts.addTags({ contactId }, { tags: ['architect'] }, here)).toMatchObject({
      tags: ['architect'],
    });
    await contacts.updateContact({ contactId }, { city: 'Seattle' }, here);
    const body = { locationId, pageLimit: 10, page: 1, query: 'birch' };
    expect(await contacts.searchContactsAdvanced(body, here)).toMatchObject({
      total: 1,
      contacts: [{ id: contactId }],
    });

    const [userId = ''] = Object.values(sandbox.seeded.users);
    const { note } = await contacts.createNote({ contactId }, { userId, body: 'Called' }, here);
    expect((await contacts.getAllNotes({ contactId }, here)).notes).toEqual([
      expect.objectContaining({ id: note?.id }),
    ]);
    const task = { title: 'Call', dueDate: '2026-12-01T15:00:00Z', completed: false };
    const { task: made } = await contacts.createTask({ contactId }, task, here);
    await contacts.updateTaskCompleted({ contactId, taskId: made?.id ?? '' }, { completed: true }, here);
    expect((await contacts.getTask({ contactId, taskId: made?.id ?? '' }, here)).task).toMatchObject({
      completed: true,
    });

    const { companyId } = sandbox;
    const { users: people } = await users.searchUsers({ companyId, locationId, limit: '10' });
    expect(people?.map(({ id }) => id)).toContain(userId);
    expect(await users.getUser({ userId }, here)).toMatchObject({ id: userId });
    await contacts.deleteContact({ contactId }, here);
    await expect(contacts.getContact({ contactId }, here)).rejects.toMatchObject({ statusCode: 400 });
  });

  it('believes the sandbox’s webhooks, and no others, as the relay does', async () => {
    const keys = { ed25519: readPublicKeys(sandbox.publicKeyPem, 'ed25519'), rsa: [] };
    const ours = (raw: Buffer, headers: Parameters<typeof signatureFault>[1]) =>
      signatureFault(raw, headers, keys);
    const before = receiver.received.length;
    const [opportunityId = ''] = sandbox.seeded.opportunityIds;
    sandbox.changeOpportunity(opportunityId, { monetaryValue: 777 });
    await until(() => receiver.received.length > before);
    const [hook] = receiver.received.slice(before);
    if (!hook) throw new Error('There is no webhook.');
    const judge = async (request: WebhookRequest) => {
      let passed: unknown = 'not yet';
      await client.webhooks.subscribe()(request, {}, (error) => {
        passed = error ?? 'on';
      });
      return { passed, valid: request.isSignatureValid, skipped: request.skippedSignatureVerification };
    };
    const { headers, raw, body } = hook;
    const good = { passed: 'on', valid: true, skipped: false };
    expect(await judge({ headers, body, rawBody: raw })).toEqual(good);
    expect(await judge({ headers, body })).toEqual(good);
    expect(await ours(raw, headers)).toBeNull();
    const forged = Buffer.from(raw.toString().replace('777', '778'));
    expect(await judge({ headers, body, rawBody: forged })).toEqual({ ...good, valid: false });
    expect(await ours(forged, headers)).toBe('bad_signature');
    const { 'x-ghl-signature': _, ...unsigned } = headers;
    expect(await judge({ headers: unsigned, body, rawBody: raw })).toEqual({
      passed: 'on',
      valid: false,
      skipped: true,
    });
    expect(await ours(raw, unsigned)).toBe('unsigned');
    const strange = { ...headers, 'x-ghl-signature': 'bm8gc2lnbmF0dXJl' };
    expect(await judge({ headers: strange, body, rawBody: raw })).toEqual({ ...good, valid: false });
    expect(await ours(raw, strange)).toBe('bad_signature');
    expect(await ours(raw, { ...headers, 'x-ghl-signature': 'N/A' })).toBe('unsigned');
    expect(client.webhooks.verifyEd25519Signature(raw, 'N/A', sandbox.publicKeyPem)).toBe(false);
  });
});

async function until(met: () => boolean): Promise<void> {
  for (let tries = 0; tries < 200 && !met(); tries++) await new Promise((resolve) => setTimeout(resolve, 25));
}
