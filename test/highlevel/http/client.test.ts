import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import nock from 'nock';
import * as s from 'zod/mini';
import type { Endpoint } from '../../../highlevel/http/client.ts';
import { AMPLE } from '../../support/ample.ts';
import { type Connection, connect, errorOf, sentenceOf } from '../../support/connection.ts';
import { scripted } from '../../support/scripted.ts';

const CREATE = 'creates.create_opportunity.operation.perform';
const FIND = 'searches.find_opportunity.operation.perform';
const POLL = 'triggers.new_opportunity.operation.perform';

const LIST_USERS: Endpoint = {
  method: 'GET',
  path: '/users/search',
  scope: 'users.readonly',
  doing: 'list the users',
  repeatable: true,
};

describe('how the app speaks to HighLevel', () => {
  let connection: Connection;
  const log = () => connection.sandbox.context.log.entries;
  const fault = (fault: object) => connection.sandbox.context.faults.add(fault);

  beforeAll(async () => {
    // The rate limit has its own tests; here many requests come within ten seconds.
    connection = await connect(AMPLE);
  });
  afterAll(() => connection.close());
  afterEach(() => {
    connection.sandbox.context.faults.clear();
    log().length = 0;
  });

  const newOpportunity = (over: object = {}) => ({
    contact_id: connection.sandbox.seeded.contactIds.at(-1),
    pipeline_id: connection.sandbox.seeded.pipelines.Onboarding?.id,
    name: 'An opportunity',
    ...over,
  });

  const known = () => ({ opportunity_id: connection.sandbox.seeded.opportunityIds.at(-1) });

  it('sends the version, its own name and the token, and only what was set', async () => {
    await connection.run(POLL, { status: '' });
    const [search] = log();
    expect(search).toMatchObject({
      path: '/opportunities/search',
      query: { locationId: connection.sandbox.locationId, order: 'added_desc', limit: '100' },
      token: { present: true },
    });
    expect(Object.keys(search?.query ?? {}).sort()).toEqual(['limit', 'locationId', 'order']);
    expect(search?.headers).toMatchObject({
      version: 'v3',
      'user-agent': expect.stringMatching(/^HighLevel-Opportunities/),
    });
  });

  it.each([
    'a {{other}} b',
    'a {{bundle.inputData.name}} b',
    '{{{{x}}}}',
    '{{process.env.CLIENT_SECRET}}',
    '100 % & "ünïcode" +?#/',
  ])('keeps a person’s text whole in bodies and queries: %s', async (name) => {
    const creating = connection.run<{ id: string; name: string }>(CREATE, newOpportunity({ name }));
    await expect(creating).resolves.toMatchObject({ name });
    const created = await creating;
    await expect(connection.run(FIND, { name })).resolves.toMatchObject([{ id: created.id, name }]);
    connection.sandbox.state.opportunities.delete(created.id);
    connection.sandbox.context.index.rebuild();
  });

  it('encodes ids that go into a path', async () => {
    const error = await errorOf(
      connection.run(
        'authentication.test',
        {},
        { bundle: { authData: { ...connection.authData, locationId: '../users/search?x=' } } },
      ),
    );
    expect(sentenceOf(error)).toContain('HighLevel could not read the sub-account');
    expect(log().every(({ path }) => !path.startsWith('/users'))).toBe(true);
  });

  it('tells of a missing permission before it calls', async () => {
    const authData = { ...connection.authData, scope: 'opportunities.readonly' };
    const error = await errorOf(connection.run(CREATE, newOpportunity(), { bundle: { authData } }));
    expect(sentenceOf(error)).toMatch(
      /not allowed to create the opportunity.*opportunities\.write.*reconnect/,
    );
    expect(log().filter(({ method }) => method === 'POST')).toEqual([]);
  });

  it('says that it has to be tied to a sub-account', async () => {
    const error = await errorOf(connection.run(POLL, {}, { bundle: { authData: { access_token: 'x' } } }));
    expect(sentenceOf(error)).toMatch(/choose one sub-account/);
  });

  it('turns a 429 into a delay that Zapier understands', async () => {
    fault({ path: '/opportunities/search', status: 429, body: { message: 'Too Many Requests' } });
    const error = await errorOf(connection.run(POLL));
    expect(error.name).toBe('ThrottledError');
    expect(JSON.parse(error.message).delay).toBeGreaterThanOrEqual(10);
    expect(JSON.parse(error.message).delay).toBeLessThanOrEqual(14);
  });

  it('asks core to refresh on 401, as every integration must', async () => {
    fault({ path: '/opportunities/search', status: 401, body: { message: 'Invalid JWT' } });
    expect((await errorOf(connection.run(POLL))).name).toBe('RefreshAuthError');
  });

  const NO_SCOPE = { statusCode: 401, message: 'The token is not authorized for this scope.' };

  it.each<[string, string, string, () => object, RegExp]>([
    [
      'create_opportunity',
      'POST',
      '/opportunities/',
      newOpportunity,
      /create the opportunity.*Edit Opportunities \(opportunities\.write\)/,
    ],
    ['delete_opportunity', 'DELETE', '/opportunities/*', known, /delete the opportunity.*Edit Opportunities/],
    [
      'update_opportunity',
      'PUT',
      '/opportunities/*',
      () => ({ ...known(), name: 'New' }),
      /update the opportunity.*Edit Opportunities/,
    ],
    [
      'create_or_update_contact',
      'POST',
      '/contacts/upsert',
      () => ({ email: 'a@b.example' }),
      /save the contact.*Edit Contacts \(contacts\.write\)/,
    ],
  ])('tells of the permission that %s lacks, in place of a refresh that would go on for ever', async (key, method, path, input, sentence) => {
    for (const readsToo of [true, false]) {
      fault({ method, path, status: 401, body: NO_SCOPE });
      if (!readsToo) fault({ path: '/opportunities/pipelines', status: 401, body: NO_SCOPE });
      const error = await errorOf(connection.run(`creates.${key}.operation.perform`, { ...input() }));
      expect(error.name).toBe('AppError');
      expect(sentenceOf(error)).toMatch(sentence);
      expect(sentenceOf(error)).toMatch(/reconnect HighLevel, and allow every permission/);
    }
  });

  it.each([403, 422])('asks once alone where it is refused by %s', async (status) => {
    fault({ method: 'POST', path: '/opportunities/', status, body: { message: 'No.' }, times: 9 });
    await errorOf(connection.run(CREATE, newOpportunity()));
    expect(log().filter(({ method, path }) => method === 'POST' && path === '/opportunities/')).toHaveLength(
      1,
    );
  });

  it('asks core to refresh where a write is refused for an expired token', async () => {
    fault({ method: 'POST', path: '/opportunities/', status: 401, body: { message: 'Invalid JWT' } });
    fault({ path: '/opportunities/pipelines', status: 401, body: { message: 'Invalid JWT' } });
    expect((await errorOf(connection.run(CREATE, newOpportunity()))).name).toBe('RefreshAuthError');
  });

  it('names the environment where the integration does not ask for the permission', async () => {
    fault({ method: 'POST', path: '/associations/relations', status: 401, body: NO_SCOPE });
    const request = { method: 'POST', path: '/associations/relations', body: '{}' };
    const error = await errorOf(connection.run('creates.api_request.operation.perform', request));
    expect(sentenceOf(error)).toMatch(/Edit Associations Relation.*HIGHLEVEL_EXTRA_SCOPES/);
  });

  it.each([
    [
      403,
      { message: 'The token does not have access to this location.' },
      /does not have access.*Reconnect HighLevel/,
    ],
    [422, { message: ['property foo should not exist'] }, /property foo should not exist/],
    [500, { message: 'Internal server error' }, /Internal server error.*replay/],
    [502, '<html><body>Bad gateway</body></html>', /status 502 and no explanation/],
  ])('makes a sentence of a %i, and a trigger shows it as an error', async (status, body, sentence) => {
    fault({ path: '/opportunities/search', status, body, times: 3 });
    const error = await errorOf(connection.run(POLL));
    expect(error.name).toBe('AppError');
    expect(sentenceOf(error)).toMatch(sentence);
    expect(sentenceOf(error)).not.toContain('<html>');
  });

  it('halts an action for what a retry cannot help, with HighLevel’s trace', async () => {
    fault({
      method: 'POST',
      path: '/opportunities/',
      status: 422,
      body: { message: ['monetaryValue must be a number'] },
    });
    const error = await errorOf(connection.run(CREATE, { ...newOpportunity(), monetary_value: '5' }));
    expect(error.name).toBe('HaltedError');
    // Core appends what happened, for the person who tests in the editor.
    expect(error.message).toMatch(
      /^HighLevel could not create the opportunity: "Value" must be a number\. Check the field "Value" of this step\. \(HighLevel trace ID: [\w-]+\)\n/,
    );
  });

  it('does not send a create twice, and says that it may have been saved', async () => {
    const before = connection.sandbox.state.opportunities.size;
    fault({ method: 'POST', path: '/opportunities/', cut: true, when: 'after' });
    const error = await errorOf(connection.run(CREATE, newOpportunity()));
    expect(sentenceOf(error)).toMatch(
      /did not say whether it could create the opportunity: the connection to it broke.*may have been saved all the same/,
    );
    expect(connection.sandbox.state.opportunities.size).toBe(before + 1);
  });

  it.each(['request-timeout', 'body-timeout'])('says how long it waited: %s', async (type) => {
    const { highlevel } = scripted(() => {
      throw Object.assign(new Error('late'), { name: 'FetchError', type });
    });
    await expect(highlevel.call(LIST_USERS, s.unknown(), {})).rejects.toThrow(
      'HighLevel could not list the users: it did not answer within 20 seconds.',
    );
  });

  it('lets an error pass that is not of the network', async () => {
    const { highlevel } = scripted(() => {
      throw new TypeError('a bug');
    });
    await expect(highlevel.call(LIST_USERS, s.unknown(), {})).rejects.toThrow(new TypeError('a bug'));
  });

  it('names the permission that is missing, and how to grant it, and does not call', async () => {
    const { highlevel, bundle, asked } = scripted(() => ({}));
    bundle.authData.scope = 'contacts.readonly';
    await expect(highlevel.call(LIST_USERS, s.unknown(), {})).rejects.toMatchObject({
      code: 'missing_permission',
      status: 403,
      message:
        'This HighLevel connection is not allowed to list the users: the permission View Users (users.readonly) was not granted. Open My Apps in Zapier, reconnect HighLevel, and allow every permission it asks for.',
    });
    expect(asked).toEqual([]);
  });

  it('takes an empty answer for done where nothing in it is needed, and for none where something is', async () => {
    const id = connection.sandbox.seeded.opportunityIds[0];
    fault({ method: 'DELETE', status: 204, body: '', when: 'after' });
    const DELETE = 'creates.delete_opportunity.operation.perform';
    expect(await connection.run(DELETE, { opportunity_id: id })).toMatchObject({ id, deleted: true });
    fault({ path: '/opportunities/search', status: 204, body: '' });
    expect(sentenceOf(await errorOf(connection.run(POLL)))).toMatch(
      /could not .*its answer was empty\. Replaying this step does not help: report it/,
    );
  });

  it('says so when the answer is not HighLevel’s', async () => {
    fault({
      path: '/opportunities/search',
      status: 200,
      body: 'hello',
      headers: { 'content-type': 'text/plain' },
    });
    expect(sentenceOf(await errorOf(connection.run(POLL)))).toMatch(
      /something that is not its API \(status 200\)/,
    );
    fault({
      path: '/opportunities/search',
      status: 200,
      body: { opportunities: [{ id: 'o1', monetaryValue: 'a lot' }] },
    });
    const said = sentenceOf(await errorOf(connection.run(POLL)));
    expect(said).toMatch(/report it to .*, with the trace ID\. \(HighLevel trace ID: [\w-]+\)/);
    expect(said).toMatch(
      /in a way that this step cannot read \(at opportunities\.0\.monetaryValue\)|\(at opportunities\.0\."Value"\)/,
    );
  });

  it('does not follow a redirect, which could carry the token away', async () => {
    const elsewhere = nock('http://127.0.0.1:9').get(/.*/).reply(200, {});
    fault({
      path: '/opportunities/search',
      status: 302,
      headers: { location: 'http://127.0.0.1:9/steal' },
      body: {},
    });
    const error = await errorOf(connection.run(POLL));
    expect(sentenceOf(error)).toMatch(/something that is not its API \(status 302\).*check the address/);
    expect(elsewhere.isDone()).toBe(false);
    nock.cleanAll();
  });

  it('reads JSON behind a byte order mark, and says of one that broke off that it did', async () => {
    fault({
      path: '/opportunities/search',
      status: 200,
      body: '\ufeff{"opportunities":[],"meta":{"total":0}}',
    });
    fault({ path: '/opportunities/search', status: 200, body: '\ufeff{"opportunities":[],"total":0}' });
    expect(await connection.run(POLL)).toEqual([]);
    connection.sandbox.clearFaults();
    fault({ path: '/opportunities/search', status: 200, body: '{"opportunities":[{"id":"x' });
    expect(sentenceOf(await errorOf(connection.run(POLL)))).toMatch(
      /could not search.*: its answer broke off\. /,
    );
    fault({ method: 'POST', path: '/opportunities/', status: 201, body: '{"opportunity":{"id":"x' });
    const broken = connection.run(CREATE, newOpportunity({ name: 'Broken off' }));
    expect(sentenceOf(await errorOf(broken))).toMatch(
      /did not say whether it could create.*: its answer broke off\. It may have been saved all the same/,
    );
  });

  it.each([
    [{ error: 'It is locked' }, /could not delete the opportunity: It is locked/],
    [{ errors: [{ message: 'It is locked' }] }, /could not delete the opportunity: It is locked/],
    [{ statusCode: '423', message: 'It is locked' }, /could not delete the opportunity: It is locked/],
    [{ status: 400, message: 'It is locked' }, /could not delete the opportunity: It is locked/],
    [{ ok: false, message: 'It is locked' }, /could not delete the opportunity: It is locked/],
    [{ success: 'false', message: 'It is locked' }, /could not delete the opportunity: It is locked/],
    [{ status: 'error', message: 'It is locked' }, /could not delete the opportunity: It is locked/],
    [{ error: { message: 'It is locked' } }, /could not delete the opportunity: It is locked/],
  ])('takes a refusal with a status of success for one: %j', async (body, sentence) => {
    fault({ method: 'DELETE', status: 200, body });
    const error = await errorOf(connection.run('creates.delete_opportunity.operation.perform', known()));
    expect(error.name).toBe('HaltedError');
    expect(sentenceOf(error)).toMatch(sentence);
  });

  it.each([
    { error: null },
    { error: '' },
    { errors: [] },
    { success: true, error: 'none' },
    { success: 'true', error: 'none' },
    { status: 'ok' },
  ])('takes a success for one: %j', async (body) => {
    fault({ method: 'DELETE', status: 200, body });
    const done = await connection.run('creates.delete_opportunity.operation.perform', known());
    expect(done).toMatchObject({ deleted: true });
  });
});
