import { describe, expect, it } from '@jest/globals';
import { keyedDigest } from '../../relay-client/digest.ts';
import { digest } from '../../wire/digests.ts';

const OF = { locationId: 'l1', opportunityId: 'o1', fieldId: 'name' };

describe('the digest of a value', () => {
  it('has the form that the relay takes', () => {
    expect(digest.safeParse(keyedDigest('a secret', OF, 'Kim')).success).toBe(true);
  });

  it('is the same for the same, and for a list in another order', () => {
    expect(keyedDigest('s', OF, 'a')).toBe(keyedDigest('s', OF, 'a'));
    expect(keyedDigest('s', OF, ['a', 'b'])).toBe(keyedDigest('s', OF, ['b', 'a']));
    expect(keyedDigest('s', OF, null)).toBe(keyedDigest('s', OF, undefined));
  });

  it.each([
    ['another value', 's', OF, 'b'],
    ['a number for its text', 's', OF, 1],
    ['nothing', 's', OF, null],
    ['the same value of another opportunity', 's', { ...OF, opportunityId: 'o2' }, 'a'],
    ['the same value in another field', 's', { ...OF, fieldId: 'source' }, 'a'],
    ['another secret', 't', OF, 'a'],
  ])('is another for %s', (_, secret, of, value) => {
    expect(keyedDigest(secret, of, value)).not.toBe(keyedDigest('s', OF, 'a'));
  });

  it('names the key that it was made with, so that a new secret makes no change of anything', () => {
    const key = (secret: string, value: string) => keyedDigest(secret, OF, value).slice(0, 8);
    expect(key('s', 'a')).toBe(key('s', 'b'));
    expect(key('s', 'a')).not.toBe(key('t', 'a'));
  });
});
