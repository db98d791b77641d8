import { describe, expect, it } from '@jest/globals';
import {
  isAgencyToken,
  isVersionRefused,
  lacksPermission,
  problemOf,
  readProblem,
  withProblem,
} from '../../../highlevel/http/problem.ts';

describe('readProblem', () => {
  it.each([
    [
      'a message',
      400,
      { message: 'Bad thing', traceId: 't1' },
      { kind: 'invalid', messages: ['Bad thing'], traceId: 't1' },
    ],
    [
      'several messages',
      422,
      { message: ['monetaryValue must be a number', 'name should not be empty'] },
      {
        kind: 'invalid',
        messages: ['monetaryValue must be a number', 'name should not be empty'],
        field: 'Value',
      },
    ],
    [
      'the v3 envelope',
      404,
      { error: { code: 'GONE', message: 'No such thing', details: [], resolution: 'Look elsewhere.' } },
      { kind: 'not_found', code: 'GONE', messages: ['No such thing'], resolution: 'Look elsewhere.' },
    ],
    [
      'a duplicate opportunity',
      400,
      {
        message: 'Can not create duplicate opportunity for the contact.',
        code: 'OPPORTUNITY_NO_DUPLICATE',
        meta: { existingId: 'o1' },
      },
      { kind: 'duplicate', existingId: 'o1', code: 'OPPORTUNITY_NO_DUPLICATE' },
    ],
    [
      'a duplicate contact',
      400,
      { message: 'This location does not allow duplicated contacts.', meta: { contactId: 'c1' } },
      { kind: 'duplicate', existingId: 'c1' },
    ],
    ['400 for what is gone', 400, { message: 'Contact not found for id:x' }, { kind: 'not_found' }],
    [
      'no access',
      403,
      { message: 'The token does not have access to this location.' },
      { kind: 'forbidden' },
    ],
    [
      'a missing scope',
      401,
      { message: 'The token is not authorized for this scope.' },
      { kind: 'unauthorized' },
    ],
    ['too many requests', 429, undefined, { kind: 'throttled', messages: [] }],
    ['a timeout of theirs', 408, {}, { kind: 'unavailable' }],
    ['a page of HTML', 502, undefined, { kind: 'unavailable', messages: [], traceId: null }],
    ['a list for a body', 500, ['what'], { kind: 'unavailable', messages: [] }],
    [
      'a field that only the second message names',
      422,
      { message: ['Something is odd', 'name should not be empty'] },
      { kind: 'invalid', field: 'Opportunity Name' },
    ],
    [
      'a duplicate by its code alone',
      422,
      { error: { code: 'OPPORTUNITY_NO_DUPLICATE', message: 'Not allowed' } },
      { kind: 'duplicate' },
    ],
    [
      'one of several messages that says what is gone',
      400,
      { message: ['Bad Request', 'Opportunity not found'] },
      { kind: 'not_found' },
    ],
    ['the words for what is gone with another status', 422, { message: 'not found' }, { kind: 'not_found' }],
    [
      'nothing from nothing',
      500,
      { error: null, message: '', code: '', traceId: '', meta: null },
      { kind: 'unavailable', messages: [], code: null, traceId: null, existingId: null, field: null },
    ],
    [
      'a list of errors with their fields',
      422,
      { errors: [{ field: 'monetaryValue', message: 'must be a number' }, { message: 'Other' }] },
      { messages: ['monetaryValue: must be a number', 'Other'], field: 'Value' },
    ],
    [
      'a message of several levels',
      400,
      { message: { name: ['is missing'], more: [['name is odd', 'name is odd']] } },
      { messages: ['name: is missing', 'more: name is odd'] },
    ],
    [
      'a message within a message',
      400,
      { message: { statusCode: 400, message: ['Bad thing'], error: 'Bad Request' } },
      { messages: ['Bad thing'] },
    ],
    ['a bare text', 400, 'No such thing', { messages: ['No such thing'] }],
    ['the details of an envelope', 400, { error: { code: 'X', details: ['Odd'] } }, { messages: ['Odd'] }],
    ['a body that is null', 500, null, { kind: 'unavailable', messages: [] }],
    ['a paused sub-account', 400, { message: ['Odd', 'Location is not active'] }, { kind: 'paused' }],
    [
      'trouble of theirs, in the same words',
      503,
      { message: 'Location is not active' },
      { kind: 'unavailable' },
    ],
    ['an error word alone', 400, { error: 'Bad Request' }, { kind: 'invalid', messages: ['Bad Request'] }],
  ])('reads %s', (_, status, body, expected) => {
    expect(readProblem(status, body)).toMatchObject({ status, ...expected });
  });
});

describe('what a 401 is about', () => {
  it.each([
    ['a permission', 'not authorized for this scope', [true, false, false]],
    ['an agency’s token', 'authClass type is not allowed', [false, true, false]],
    ['the version', 'version header was not found', [false, false, true]],
    ['the token itself', 'Invalid JWT', [false, false, false]],
  ])('is told by one of its messages: %s', (_, message, expected) => {
    const about = (status: number) => {
      const problem = readProblem(status, { message: ['Unauthorized', message] });
      return [lacksPermission(problem), isAgencyToken(problem), isVersionRefused(problem)];
    };
    expect(about(401)).toEqual(expected);
    expect(about(400)).toEqual([false, false, false]);
  });
});

describe('withProblem', () => {
  it('hangs the problem on an error, where no log and no JSON shows it', () => {
    const problem = readProblem(404, { message: 'Gone' });
    const error = withProblem(new Error('There is none.'), problem);
    expect(problemOf(error)).toBe(problem);
    expect(
      Object.getOwnPropertySymbols(error).filter((key) => Object.propertyIsEnumerable.call(error, key)),
    ).toEqual([]);
  });

  it('finds none on anything else', () => {
    expect(problemOf(new Error('Other'))).toBeNull();
    expect(problemOf('not_found')).toBeNull();
  });
});
