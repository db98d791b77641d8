import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { relayServesPrivateTokens } from '../../authentication/private-token.ts';
import { scopesFor } from '../../highlevel/http/permissions.ts';
import { AMPLE } from '../support/ample.ts';
import { type Connection, connect, errorOf, sentenceOf } from '../support/connection.ts';

const TEST = 'authentication.test';
const NOTE = 'creates.create_note.operation.perform';

type Row = Record<string, unknown>;

describe('a connection by private token', () => {
  let connection: Connection;

  beforeAll(async () => {
    connection = await connect(AMPLE, 'private-token');
  });
  afterAll(() => connection.close());
  beforeEach(() => {
    connection.forget();
    connection.requests();
  });

  const tested = (authData: Record<string, string>) =>
    connection.run<Row>(TEST, {}, { bundle: { authData: { ...connection.authData, ...authData } } });
  const token = (plan: { scopes?: string[]; userType?: 'Company' }) =>
    connection.sandbox.mintToken({ private: true, ...plan }).accessToken;
  const noteBy = (access_token: string, more = {}) =>
    connection.run<Row>(
      NOTE,
      { body: 'Hello', contact_id: connection.sandbox.seeded.contactIds[0] },
      { bundle: { authData: { ...connection.authData, access_token, ...more } } },
    );

  it('is tested by one read, and named after its sub-account', async () => {
    expect(await tested({})).toMatchObject({
      name: connection.sandbox.seeded.locationName,
      short_id: connection.sandbox.locationId.slice(-6),
    });
    expect(connection.requests()).toEqual([`GET /locations/${connection.sandbox.locationId}`]);
  });

  it('is proven by its pipelines where the token may not read the sub-account', async () => {
    const access_token = token({ scopes: ['opportunities.readonly'] });
    expect(await tested({ access_token })).toMatchObject({ name: 'HighLevel sub-account' });
    expect(connection.requests()).toEqual([
      `GET /locations/${connection.sandbox.locationId}`,
      'GET /opportunities/pipelines',
    ]);
  });

  it.each([
    ['pit-1 2', 'Private Integration Token: there is a space or a line break in it.'],
    ['', 'Private Integration Token: there is a space or a line break in it.'],
  ])('says what is wrong with the token "%s" before it asks', async (access_token, sentence) => {
    expect(sentenceOf(await errorOf(tested({ access_token })))).toContain(sentence);
    expect(connection.requests()).toEqual([]);
  });

  it('says what is wrong with a sub-account that is none, or an address, before it asks', async () => {
    const locationId = 'https://app.gohighlevel.com/v2/location/abc/dashboard';
    const error = await errorOf(tested({ locationId }));
    expect(sentenceOf(error)).toContain(
      `Sub-Account ID: "${locationId}" is not an ID. It is the part after /location/`,
    );
    expect(sentenceOf(await errorOf(tested({ app_host: 'a b' })))).toMatch(/"a b" is not a web address/);
    expect(connection.requests()).toEqual([]);
  });

  it('says that the token is of another sub-account', async () => {
    const locationId = connection.sandbox.seeded.other.locationId;
    expect(sentenceOf(await errorOf(tested({ locationId })))).toMatch(
      /The token does not have access to this location\. Reconnect HighLevel/,
    );
  });

  it('ends where HighLevel no longer accepts the token, in words of its own, and asks for no refresh', async () => {
    const error = await errorOf(tested({ access_token: 'pit-00000000-0000-4000-8000-000000000000' }));
    expect(error.name).toBe('ExpiredAuthError');
    expect(error.message).toMatch(
      /no longer accepts the private integration token: it was deleted, or rotated and its seven days are over/,
    );
  });

  it('names the permission that the token lacks, and where to tick it', async () => {
    const scopes: string[] = scopesFor('reading');
    const error = await errorOf(noteBy(token({ scopes })));
    expect(error.name).toBe('AppError');
    expect(sentenceOf(error)).toMatch(
      /HighLevel could not create the note: The token is not authorized for this scope\. The private integration token lacks the permission Edit Contacts \(contacts\.write\)\. In HighLevel open .* the token stays the same\./,
    );
  });

  it('tells an agency’s token from a sub-account’s', async () => {
    const access_token = token({ userType: 'Company' });
    expect(sentenceOf(await errorOf(noteBy(access_token)))).toMatch(
      /belongs to the agency: make one in the settings of the sub-account/,
    );
  });

  it('needs no more than the permissions that its form names', async () => {
    const scopes: string[] = [...scopesFor('reading'), ...scopesFor('writing')];
    expect(await noteBy(token({ scopes }))).toMatchObject({ is_test: false });
  });

  it('does not write where the person chose to read alone, though the token may', async () => {
    const error = await errorOf(noteBy(token({}), { access: 'read' }));
    expect(sentenceOf(error)).toMatch(/it was connected as "Read Only"/);
    expect(connection.requests()).toEqual([]);
  });

  it('finds the owner’s name, though a token does not name its agency', async () => {
    const rows = await connection.run('searches.find_user.operation.perform', {
      name: Object.keys(connection.sandbox.seeded.users)[0],
    });
    expect(rows).toHaveLength(1);
  });
});

describe('the instant triggers of a private token', () => {
  afterEach(() => {
    delete process.env.RELAY_SERVES_PRIVATE_TOKENS;
  });

  it.each([
    ['yes', true],
    ['true', true],
    ['no', false],
    ['', false],
    [undefined, false],
  ])('are there only where the publisher says that the relay serves them: %s', (said, shown) => {
    if (said !== undefined) process.env.RELAY_SERVES_PRIVATE_TOKENS = said;
    expect(relayServesPrivateTokens()).toBe(shown);
  });
});
