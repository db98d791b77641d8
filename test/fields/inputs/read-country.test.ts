import { describe, expect, it } from '@jest/globals';
import { readCountry } from '../../../fields/inputs/read-country.ts';
import { errorOf } from '../../support/connection.ts';
import { scripted } from '../../support/scripted.ts';

const { z } = scripted(() => ({}));
const read = (value: unknown) => readCountry(z, 'Country', value);

describe('a country', () => {
  it.each([
    ['US', 'US'],
    ['us', 'US'],
    [' gb\u200B', 'GB'],
    ['UK', 'GB'],
    ['U.K.', 'GB'],
    ['United Kingdom', 'GB'],
    ['Great Britain', 'GB'],
    ['USA', 'US'],
    ['U.S.A.', 'US'],
    ['u.s.', 'US'],
    ['United States', 'US'],
    ['The United States of America', 'US'],
    ['Germany', 'DE'],
    ['Deutschland', 'DE'],
    ['ÖSTERREICH', 'AT'],
    ['Osterreich', 'AT'],
    ['España', 'ES'],
    ['the Netherlands', 'NL'],
    ['Türkiye', 'TR'],
    ['Turkey', 'TR'],
    ['Côte d’Ivoire', 'CI'],
    ['Kosovo', 'XK'],
  ])('is read of %j', (written, code) => {
    expect(read(written)).toBe(code);
  });

  it.each(['', '  ', null, undefined])('is none of %j', (empty) => {
    expect(read(empty)).toBeUndefined();
  });

  it.each([
    'XX',
    'EU',
    'YU',
    'ZZ',
    'USAA',
    'Atlantis',
    'America',
    '49',
    'N/A',
    'constructor',
  ])('is refused of %j', async (written) => {
    const error = await errorOf((async () => read(written))());
    expect(error.name).toBe('HaltedError');
    expect(error.message).toMatch(
      new RegExp(
        `^Country: "${written}" is not the two letters of a country, nor its name. Write the letters`,
      ),
    );
  });
});
