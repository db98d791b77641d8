/** A paused sub-account's connection is sound, and nobody is to be sent to renew it. */

import { afterEach, describe, expect, it } from '@jest/globals';
import { checkToken } from '../../../highlevel/http/token-check.ts';
import type { ContraryName } from '../../../local/sandbox/index.ts';
import { BUILD_NAMES, type Connection, connect, errorOf, sentenceOf } from '../../support/connection.ts';

const ANSWERS = ['paused-400', 'paused-401', 'paused-403'] as const satisfies ContraryName[];

let connection: Connection;

const pause = async (answer: ContraryName, build: (typeof BUILD_NAMES)[number]) => {
  connection = await connect({ opportunities: 1, contrary: [answer] }, build);
  const location = connection.sandbox.state.locations.get(connection.sandbox.locationId);
  if (location) location.active = false;
};
afterEach(() => connection.close());

describe.each(BUILD_NAMES)('with the connection of the build for %s', (build) => {
  it.each(ANSWERS)('a read, a write, a dropdown and the test say so (%s)', async (answer) => {
    await pause(answer, build);
    for (const method of [
      'searches.list_opportunities.operation.perform',
      'creates.create_or_update_contact.operation.perform',
      'triggers.pipeline_list.operation.perform',
      'triggers.new_opportunity.operation.perform',
      'authentication.test',
    ]) {
      const error = await errorOf(connection.run(method, { email: 'kim@new.example' }));
      expect([method, error.name]).toEqual([method, 'AppError']);
      const sentence = sentenceOf(error);
      expect(sentence).toMatch(/The sub-account is paused or unpaid\..*nothing needs to be reconnected/);
      expect(sentence).not.toMatch(/My Apps|token was|no longer accepts/);
    }
  });
});

describe('the relay’s check of a token', () => {
  it.each(ANSWERS)('has no verdict on the token then (%s)', async (answer) => {
    await pause(answer, 'oauth');
    const { url, accessToken, locationId } = connection.sandbox;
    expect(await checkToken(url, accessToken, locationId)).toEqual({ kind: 'unavailable', why: 'paused' });
  });
});
