import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  noAnswer,
  outOfTime,
  refusal,
  undecided,
  unreadable,
  WITHOUT_DATE,
} from '../../../highlevel/http/errors.ts';
import { problemOf } from '../../../highlevel/http/problem.ts';
import { AMPLE } from '../../support/ample.ts';
import { type Connection, connect, errorOf, sentenceOf } from '../../support/connection.ts';
import { scripted } from '../../support/scripted.ts';

const CHECK_VALUES = 'Check the values of this step against what HighLevel accepts.';
const RECONNECT = 'Reconnect HighLevel in Zapier (My Apps) and choose the sub-account that this belongs to.';
const GONE =
  'It may have been deleted, or belong to another sub-account: choose it again, or find it with a search step.';
const PERHAPS_SAVED =
  'It may have been saved all the same. Replay this step: it does no harm to save it twice.';

describe('what HighLevel refuses, as a person reads it', () => {
  let connection: Connection;

  beforeAll(async () => {
    connection = await connect(AMPLE);
  });
  afterAll(() => connection.close());
  beforeEach(() => {
    connection.sandbox.clearFaults();
  });

  const refused = async (fault: object) => {
    connection.sandbox.fault({ path: '/contacts/upsert', ...fault });
    const error = await errorOf(
      connection.run('creates.create_or_update_contact.operation.perform', {
        email: 'sam@example.com',
        last_name: 'Reed',
      }),
    );
    const [first = ''] = sentenceOf(error).split('\n');
    return { name: error.name, says: first.replace(/ \(HighLevel trace ID: [\w-]+\)/, ' (trace)') };
  };

  it.each<[number, unknown, string, string]>([
    [400, { message: 'Bad thing. ' }, `Bad thing. ${CHECK_VALUES}`, 'HaltedError'],
    [
      422,
      { message: ['Something is odd.', 'lastName is too long'] },
      'Something is odd.; "Last Name" is too long. Check the field "Last Name" of this step.',
      'HaltedError',
    ],
    // The step has no fields of these names, or may have none.
    [
      422,
      { message: ['locationId is odd', 'name is too long', 'companyName is missing'] },
      `"Sub-Account" is odd; "Opportunity Name" is too long; "Company" is missing. ${CHECK_VALUES}`,
      'HaltedError',
    ],
    [
      400,
      { message: ['Bad Request', 'The contact id x1 is invalid'] },
      'Bad Request; The contact id x1 is invalid. It may have been deleted: choose another in this step.',
      'HaltedError',
    ],
    [400, { message: 'The idea is invalid' }, `The idea is invalid. ${CHECK_VALUES}`, 'HaltedError'],
    [
      400,
      { message: 'This location does not allow duplicated contacts.' },
      'This location does not allow duplicated contacts. Update the one that is there instead, or allow duplicates in the settings of the sub-account.',
      'HaltedError',
    ],
    [404, {}, `it answered with status 404 and no explanation. ${GONE}`, 'HaltedError'],
    [403, {}, `it answered with status 403 and no explanation. ${RECONNECT}`, 'AppError'],
    [503, { message: 'Down' }, `Down. ${PERHAPS_SAVED}`, 'AppError'],
    [408, {}, `it answered with status 408 and no explanation. ${PERHAPS_SAVED}`, 'AppError'],
    [
      400,
      { error: { code: 'X', message: 'No', resolution: 'Ask the owner.' } },
      'No. Ask the owner.',
      'HaltedError',
    ],
    [
      402,
      { message: 'Upgrade' },
      'Upgrade. This is about the plan or the payment of the HighLevel account: look at its billing in HighLevel, then replay this step.',
      'HaltedError',
    ],
    [
      423,
      { message: 'Locked' },
      'Locked. It is locked at the moment: replay this step in a few minutes.',
      'HaltedError',
    ],
  ])('%i %j', async (status, body, says, name) => {
    const error = await refused({ status, body });
    expect(error.name).toBe(name);
    expect(error.says.replace(/ \(trace\)$/, '')).toBe(
      `HighLevel ${says.endsWith(PERHAPS_SAVED) ? 'did not say whether it could' : 'could not'} save the contact: ${says}`,
    );
  });

  it.each([400, 404, 422])('%i for a list: blames nothing that a person filled in', async (status) => {
    connection.sandbox.fault({ path: '/users/search', status, body: { message: 'Not available' } });
    const error = await errorOf(connection.run('searches.find_user.operation.perform', { name: 'Dana' }));
    expect(error.name).toBe('AppError');
    expect(sentenceOf(error)).toMatch(
      /^HighLevel could not list the users: Not available. Nothing that you filled in is at fault. Try again later;/,
    );
  });

  it('tells a sign-in of a permission that its token lacks, where core would renew the token for ever', async () => {
    connection.sandbox.setContraries(['location-401']);
    const request = { method: 'GET', path: '/locations/{locationId}' };
    const error = await errorOf(connection.run('creates.api_request.operation.perform', request));
    connection.sandbox.setContraries([]);
    expect(sentenceOf(error)).toContain(
      'The connection lacks the permission View Locations (locations.readonly). Open My Apps in Zapier, reconnect HighLevel,',
    );
  });

  it('429: says when Zapier tries again, and Zapier is told the same', async () => {
    connection.sandbox.fault({
      path: '/contacts/upsert',
      status: 429,
      body: {},
      headers: { 'retry-after': '30' },
    });
    const error = await errorOf(
      connection.run('creates.create_or_update_contact.operation.perform', { email: 'sam@example.com' }),
    );
    expect(error.name).toBe('ThrottledError');
    const { message, delay } = JSON.parse(error.message) as { message: string; delay: number };
    expect(delay).toBeGreaterThanOrEqual(30);
    expect(delay).toBeLessThanOrEqual(40);
    expect(message).toContain(
      'could not save the contact: too many requests at once. HighLevel allows each sub-account 100 requests in 10 seconds and 200,000 a day.',
    );
    expect(message).toContain(`Zapier tries again in ${delay} seconds.`);
  });

  it('gives HighLevel’s trace for its support, where there is one', async () => {
    const traced = await refused({ status: 400, body: { message: 'No', traceId: 'a-b-1' } });
    expect(traced.says).toBe(`HighLevel could not save the contact: No. ${CHECK_VALUES} (trace)`);
  });
});

describe('what Zapier is told beside the sentence', () => {
  const { errors } = scripted(() => ({})).highlevel;
  const list = { doing: 'list the users', repeatable: true, takesInput: false };
  const answer = (status: number, data: unknown) => ({
    status,
    data,
    text: '',
    headers: { get: () => null },
  });
  const told = (error: Error) => error as Error & { code: unknown; status: unknown };

  it.each([
    [403, {}, 'forbidden'],
    [403, { code: 'NOT_YOURS', message: 'No.' }, 'NOT_YOURS'],
    [422, {}, 'invalid'],
    [422, { code: 'ODD', message: 'No.' }, 'ODD'],
    [500, {}, 'unavailable'],
  ])('is HighLevel’s own code, or else the kind: %s %j', (status, data, code) => {
    expect(told(refusal(errors, answer(status, data), list))).toMatchObject({
      name: 'AppError',
      code,
      status,
    });
  });

  it.each([
    ['undecided', 503, () => undecided(errors, 'the task', WITHOUT_DATE)],
    ['out_of_time', 504, () => outOfTime(errors, list)],
    ['unavailable', 503, () => noAnswer(errors, list, 'it broke')],
    ['unreadable', 503, () => unreadable(errors, list, 'users', {})],
  ])('is the code %s with %s', (code, status, make) => {
    expect(told(make())).toMatchObject({ name: 'AppError', code, status });
    expect(problemOf(make())).toMatchObject({ kind: 'unavailable' });
  });
});
