/** The rules of the matrix themselves: each of these runs is wrong, or right, for a reason of its own. */

import { describe, expect, it } from '@jest/globals';
import { judge } from './support/verdict.ts';
import type { Ran } from './support/world.ts';

const ran = (answer: unknown, written: Ran['written'] = {}): Ran => ({
  answer,
  error: null,
  written,
  touched: new Set(),
  way: '',
});
const stopped = (name: string, message: string, written: Ran['written'] = {}): Ran => ({
  ...ran(undefined, written),
  error: Object.assign(new Error(message), { name }),
});
const ROW = { id: 'a', owner_name: 'Ann', monetary_value: 5, lost_reason_id: 'r', custom_fields: { f: 1 } };
const SAVED = { 'opportunities a': { id: 'a' } };

const verdict = (answer: string, plain: Ran, under: Ran, later: Ran = under, key = 'find_opportunity') =>
  judge({ key, situation: 'inputs 1', answer }, plain, under, async () => later);

describe('a run under a contrary answer', () => {
  it('is right where it is the same, or says what is missing', async () => {
    expect(await verdict('users-500', ran([ROW]), ran([ROW]))).toEqual({ outcome: 'the same', faults: [] });
    expect(await verdict('users-500', ran([ROW]), ran([{ ...ROW, owner_name: null }]))).toEqual({
      outcome: 'says what is missing',
      faults: [],
    });
    const { lost_reason_id: _, ...untold } = { ...ROW, custom_fields: {} };
    expect((await verdict('record-without-fields', ran([ROW]), ran([untold]))).faults).toEqual([]);
  });

  it.each<[string, string, Ran, Ran]>([
    [
      'null for what was not told',
      'record-without-fields',
      ran([ROW]),
      ran([{ ...ROW, lost_reason_id: null }]),
    ],
    ['another number', 'text-amounts', ran([ROW]), ran([{ ...ROW, monetary_value: 500 }])],
    ['a name gone for no reason', 'text-amounts', ran([ROW]), ran([{ ...ROW, owner_name: null }])],
    ['nothing found', 'search-post-404', ran([ROW]), ran([])],
    [
      'a second record',
      'created-200',
      ran(ROW, SAVED),
      ran(ROW, { ...SAVED, 'opportunities b': { id: 'b' } }),
    ],
    ['a write that is missing', 'created-200', ran(ROW, SAVED), ran(ROW)],
    [
      'an error without need',
      'users-500',
      ran([ROW]),
      stopped('AppError', 'HighLevel could not list the users: Down. Try again later.'),
    ],
    [
      'a word for programmers',
      'html-login-page',
      ran([ROW]),
      stopped('TypeError', 'Cannot read properties of undefined'),
    ],
    ['no word at all', 'v3-401', ran([ROW]), stopped('RefreshAuthError', '')],
    [
      'an error after a write',
      'html-login-page',
      ran(ROW, SAVED),
      stopped('AppError', 'HighLevel answered with something that is not its API. Try again later.', SAVED),
    ],
    [
      'success where it should stop',
      'gone-422',
      stopped('HaltedError', 'It may have been deleted: choose another.'),
      ran([ROW]),
    ],
  ])('is wrong with %s', async (_what, answer, plain, under) => {
    expect((await verdict(answer, plain, under)).faults).not.toEqual([]);
  });

  it('may end in an error that says so where an answer was lost, and is right when it runs again', async () => {
    const lost = stopped(
      'AppError',
      'The connection broke. It may have been saved all the same. Replay this step.',
      SAVED,
    );
    const key = 'create_opportunity';
    const plain = ran(ROW, SAVED);
    expect(await verdict('post-answer-lost', plain, lost, plain, key)).toEqual({
      outcome: 'on replay',
      faults: [],
    });
    const twice = ran(ROW, { ...SAVED, 'opportunities b': { id: 'b' } });
    expect((await verdict('post-answer-lost', plain, lost, twice, key)).faults).not.toEqual([]);
    const silent = stopped('AppError', 'The connection to HighLevel broke. Replay this step.', SAVED);
    expect((await verdict('post-answer-lost', plain, silent, plain, key)).faults).not.toEqual([]);
  });
});
