import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { METHODS } from '../../highlevel/api/scope.ts';
import { AMPLE } from '../support/ample.ts';
import { type Connection, connect, errorOf, sentenceOf } from '../support/connection.ts';
import { describeOf, type Inputs } from '../support/operation.ts';

const describe = describeOf(import.meta.filename);

export const inputs: Inputs = {
  api_request: {
    live: ['GET `/opportunities/pipelines`', 'the output has your pipelines'],
    runs: (sandbox) => {
      const contactId = sandbox.seeded.contactIds[0] ?? '';
      const list = {
        method: 'GET',
        path: '/opportunities/pipelines',
        query: { locationId: '{locationId}' },
        headers: { version: 'v3' },
        body: '',
        stop_on_error: 'no',
      };
      const body = '{"locationId": "{locationId}", "email": "kim@example.com"}';
      return {
        all: [
          { inputData: list },
          { inputData: { method: 'POST', path: '/contacts/upsert', body } },
          { inputData: { method: 'GET', path: `/contacts/${contactId}` } },
        ],
        least: [{ inputData: { method: 'GET', path: '/locations/{locationId}' } }],
      };
    },
    example: ({ seeded }) => ({
      method: 'POST',
      path: `/contacts/${seeded.contactIds[1]}/tags`,
      body: '{"tags": ["customer"]}',
    }),
  },
};

const METHOD = 'creates.api_request.operation.perform';

interface Result {
  status: number | null;
  is_success: boolean | null;
  answer: Record<string, unknown> | null;
  answer_text: string | null;
  trace_id: string | null;
  request: { method: string; url: string; body: string | null };
  is_test: boolean;
}

describe('api_request', () => {
  let connection: Connection;
  let contact: string;

  beforeAll(async () => {
    connection = await connect(AMPLE);
    [contact = ''] = connection.sandbox.seeded.contactIds;
  });
  afterAll(() => connection.close());
  beforeEach(() => {
    connection.sandbox.clearFaults();
    connection.sandbox.clearRequests();
  });

  const send = (input: object, authData = {}) =>
    connection.run<Result>(
      METHOD,
      { ...input },
      { bundle: { authData: { ...connection.authData, ...authData } } },
    );
  const refusalOf = async (input: object, authData = {}) => sentenceOf(await errorOf(send(input, authData)));
  const asked = () => connection.sandbox.requests();

  it('reads, with the query, and gives the answer and how it went', async () => {
    const result = await send({
      method: 'GET',
      path: '/opportunities/pipelines',
      query: { locationId: '{locationId}', empty: '', ' ': 'x' },
    });
    const { locationId, url } = connection.sandbox;
    expect(result).toMatchObject({
      status: 200,
      is_success: true,
      answer: { pipelines: expect.arrayContaining([expect.objectContaining({ name: 'Sales' })]) },
      trace_id: expect.stringMatching(/\S/),
      request: { method: 'GET', url: `${url}/opportunities/pipelines?locationId=${locationId}`, body: null },
      is_test: false,
    });
    expect(JSON.parse(result.answer_text ?? '')).toEqual(result.answer);
    expect(asked()).toMatchObject([
      { method: 'GET', query: { locationId }, token: { present: true }, headers: { version: 'v3' } },
    ]);
  });

  it('leaves out headers and parts of the query that are empty, as an earlier step had no value for them', async () => {
    const { request } = await send({
      method: 'GET',
      path: '/opportunities/pipelines',
      query: { a: ' ', b: 'x' },
      test_mode: 'yes',
    });
    expect(request.url).toMatch(/pipelines\?b=x$/);
  });

  it('writes the body as it was written, curly braces and long numbers too', async () => {
    const body = '{"body": "For {{bundle.authData.access_token}} {{x}}", "title": "{locationId}"}';
    const result = await send({ method: 'post', path: `/contacts/${contact}/notes`, body });
    expect(result.status).toBe(201);
    expect(asked()[0]?.body).toEqual({
      body: 'For {{bundle.authData.access_token}} {{x}}',
      title: connection.sandbox.locationId,
    });
    const long = await send({
      method: 'POST',
      path: '/contacts/',
      body: '{"n": 12345678901234567890}',
      test_mode: 'yes',
    });
    expect(long.request.body).toBe('{"n": 12345678901234567890}');
  });

  it('does not send again what could create twice, where HighLevel did not answer an earlier run', async () => {
    const input = { method: 'POST', path: `/contacts/${contact}/notes`, body: '{"body": "Once."}' };
    connection.sandbox.fault({ method: 'POST', cut: true, when: 'after' });
    expect(await refusalOf(input)).toMatch(/did not say whether it could answer POST/);
    const error = await errorOf(send(input));
    expect(error.name).toBe('HaltedError');
    expect(sentenceOf(error)).toMatch(
      /earlier run.*send POST .*\/notes: it may have been done.*not sent again/,
    );
    const notes = [...connection.sandbox.state.notes.values()];
    expect(notes.filter(({ body }) => body === 'Once.')).toHaveLength(1);
    expect(await send({ ...input, body: '{"body": "Twice."}' })).toMatchObject({ status: 201 });
  });

  it.each([
    ['POST', 'tags', '{"tags": ["a"]}'],
    ['DELETE', 'tags', '{"tags": ["a"]}'],
    ['PUT', '', '{"city": "Portland"}'],
  ])('sends again what does no more the second time: %s %s', async (method, part, body) => {
    const input = { method, path: `/contacts/${contact}${part && `/${part}`}`, body };
    connection.sandbox.fault({ method, cut: true, when: 'after' });
    await errorOf(send(input));
    expect(await send(input)).toMatchObject({ is_success: true });
  });

  it('sends again what HighLevel refused', async () => {
    const input = { method: 'POST', path: `/contacts/${contact}/notes`, body: '{"body": "Refused."}' };
    connection.sandbox.fault({ method: 'POST', status: 422, body: { message: 'No.' } });
    await errorOf(send(input));
    expect(await send(input)).toMatchObject({ status: 201 });
  });

  it('sends headers of a person’s own in the place of the usual ones', async () => {
    await send({
      method: 'GET',
      path: `/contacts/${contact}`,
      headers: { Version: '2021-07-28', 'X-Trace': 'mine' },
    });
    expect(asked()[0]?.headers).toMatchObject({ version: '2021-07-28', 'x-trace': 'mine' });
  });

  it('shows what would be sent in Test Mode, and sends nothing', async () => {
    const result = await send({
      method: 'DELETE',
      path: `/contacts/${contact}/tags`,
      query: { a: '1&2' },
      body: '{"tags": ["x"]}',
      test_mode: 'yes',
    });
    expect(result).toEqual({
      status: null,
      is_success: null,
      answer: null,
      answer_text: null,
      trace_id: null,
      request: {
        method: 'DELETE',
        url: `${connection.sandbox.url}/contacts/${contact}/tags?a=1%262`,
        body: '{"tags": ["x"]}',
      },
      is_test: true,
    });
    expect(JSON.stringify(result)).not.toContain(connection.authData.access_token);
    expect(asked()).toEqual([]);
  });

  describe('where HighLevel refuses', () => {
    const gone = { method: 'GET', path: '/contacts/aaaaaaaaaaaaaaaaaaaa' };

    it('stops the Zap, with HighLevel’s own words', async () => {
      const error = await errorOf(send(gone));
      expect(error.name).toBe('HaltedError');
      expect(error.message).toMatch(/^HighLevel could not answer GET \/contacts\/a{20}: .*not found/i);
    });

    it('gives the refusal back where a person asked for it', async () => {
      expect(await send({ ...gone, stop_on_error: 'no' })).toMatchObject({
        status: 400,
        is_success: false,
        answer: { statusCode: 400 },
      });
      connection.sandbox.fault({ path: '/contacts/*', status: 503, body: '<html>', times: 9 });
      expect(await send({ ...gone, stop_on_error: 'no' })).toMatchObject({ status: 503, is_success: false });
    });

    it('lets Zapier renew the connection after a 401 and wait after a 429 all the same', async () => {
      connection.sandbox.fault({ path: '/contacts/*', status: 401, body: { message: 'Invalid JWT' } });
      expect((await errorOf(send({ ...gone, stop_on_error: 'no' }))).name).toBe('RefreshAuthError');
      connection.sandbox.fault({ path: '/contacts/*', status: 429, body: { message: 'Too Many Requests' } });
      expect((await errorOf(send({ ...gone, stop_on_error: 'no' }))).name).toBe('ThrottledError');
    });

    it('says that what may have been saved may have been, where no answer came', async () => {
      connection.sandbox.fault({ method: 'POST', path: '/contacts/*', cut: true });
      const input = {
        method: 'POST',
        path: `/contacts/${contact}/tags`,
        body: '{"tags": []}',
        stop_on_error: 'no',
      };
      expect(await refusalOf(input)).toMatch(/It may have been saved all the same/);
    });

    it('follows no redirect', async () => {
      connection.sandbox.fault({ path: '/contacts/*', status: 302, body: {} });
      expect(await send({ ...gone, stop_on_error: 'no' })).toMatchObject({ status: 302, is_success: false });
    });
  });

  describe('refuses before it asks', () => {
    it.each([
      [
        { path: 'https://evil.example/' },
        /^Path: "https:\/\/evil\.example\/" cannot be used: it must begin with one slash/,
      ],
      [{ path: '/contacts/../oauth/token' }, /no part of it may begin with a dot/],
      [{ path: '/oauth/token' }, /nothing below \/oauth can be asked/],
      [{ path: '' }, /^Path: this is empty/],
      [
        { method: 'HEAD' },
        /^Method: "HEAD" is not one that HighLevel takes\. Choose GET, POST, PUT, PATCH, DELETE\./,
      ],
      [{ body: '{"a": 1}' }, /^Body: a GET request has no body/],
      [{ method: 'POST', body: '{"a": ' }, /^Body: this is not JSON \(.*\)\. Text from an earlier step/],
      [{ stop_on_error: 'perhaps' }, /^Stop on Error: "perhaps" is neither yes nor no/],
      [{ test_mode: 'perhaps' }, /^Test Mode: "perhaps" is neither yes nor no/],
      [
        { headers: { Authorization: 'Bearer x' } },
        /^Headers: "Authorization" cannot be set, because the connection signs/,
      ],
      [{ headers: { authorization: 'Bearer x' } }, /cannot be set/],
      [
        { headers: { HOST: 'evil.example' } },
        /^Headers: "HOST" cannot be set, because it says how the request travels/,
      ],
      [{ headers: { ' Host ': 'evil.example' } }, /^Headers: "Host" cannot be set/],
      [{ headers: { Cookie: 'a=b' } }, /cannot be set/],
      [{ headers: { 'X-HTTP-Method-Override': 'DELETE' } }, /the method is chosen in its own field/],
      [{ headers: { 'Content-Type': 'text/plain' } }, /the body is always sent as JSON/],
      [{ headers: { 'X-A': 'a\r\nHost: evil.example' } }, /^Headers: "X-A" cannot be sent/],
      [{ headers: { 'X A': 'a' } }, /^Headers: "X A" cannot be sent/],
      [{ headers: { 'X-A': '{{bundle.authData.access_token}}' } }, /cannot be sent/],
    ])('%j', async (input, sentence) => {
      expect(await refusalOf({ method: 'GET', path: '/contacts/x', ...input })).toMatch(sentence);
      expect(asked()).toEqual([]);
    });
  });

  describe('by a connection that may only read', () => {
    const reading = { access: 'read' };

    it('reads, also where HighLevel searches by POST', async () => {
      expect(await send({ method: 'GET', path: `/contacts/${contact}` }, reading)).toMatchObject({
        status: 200,
      });
      const body = '{"locationId": "{locationId}", "page": 1, "pageLimit": 1}';
      const search = await send({ method: 'POST', path: '/contacts/search', body }, reading);
      expect(search.is_success).toBe(true);
    });

    it.each(METHODS.filter((method) => method !== 'GET'))('does not write by %s', async (method) => {
      expect(await refusalOf({ method, path: `/contacts/${contact}` }, reading)).toMatch(
        new RegExp(
          `^This HighLevel connection is not allowed to send ${method} /contacts/${contact}: it was connected as "Read Only"`,
        ),
      );
      expect(asked()).toEqual([]);
    });
  });

  it('says which permission is missing before it asks', async () => {
    const input = { method: 'DELETE', path: `/contacts/${contact}` };
    expect(await refusalOf(input, { scope: 'contacts.readonly' })).toMatch(
      /the permission Edit Contacts \(contacts\.write\) was not granted/,
    );
    expect(
      await refusalOf({ method: 'GET', path: '/locations/{locationId}/customFields' }, { scope: 'x' }),
    ).toMatch(/\(locations\/customFields\.readonly\) was not granted/);
    expect(asked()).toEqual([]);
  });
});
