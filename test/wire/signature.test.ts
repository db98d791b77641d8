import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import {
  HIGHLEVEL_WEBHOOK_KEY,
  LEGACY_SIGNATURE_HEADER,
  readPublicKeys,
  SIGNATURE_HEADER,
  signatureFault,
} from '../../wire/signature.ts';

const ed25519 = generateKeyPairSync('ed25519');
const newer = generateKeyPairSync('ed25519');
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const RAW = Buffer.from('{"type":"OpportunityCreate","name":"Café {{x}}"}');

const current = (key: KeyObject, raw = RAW) => sign(null, raw, key).toString('base64');
const legacy = (key: KeyObject, raw = RAW) => sign('sha256', raw, key).toString('base64');
const base64 = (key: KeyObject) => key.export({ type: 'spki', format: 'der' }).toString('base64');
const pem = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString();

describe('signatureFault', () => {
  const keys = { ed25519: [ed25519.publicKey, newer.publicKey], rsa: [] };
  const withLegacy = { ...keys, rsa: [rsa.publicKey] };

  it.each([ed25519.privateKey, newer.privateKey])('believes what any of the keys signed', async (key) => {
    expect(await signatureFault(RAW, { [SIGNATURE_HEADER]: current(key) }, keys)).toBeNull();
  });

  it('compares the bytes as they came', async () => {
    const changed = Buffer.from(RAW.toString().replace('Create', 'Delete'));
    expect(await signatureFault(changed, { [SIGNATURE_HEADER]: current(ed25519.privateKey) }, keys)).toBe(
      'bad_signature',
    );
  });

  it.each([
    [''],
    ['N/A'],
    [undefined],
    [[current(ed25519.privateKey)]],
  ])('takes %j for no signature', async (header) => {
    expect(await signatureFault(RAW, { [SIGNATURE_HEADER]: header }, keys)).toBe('unsigned');
  });

  it.each([
    'not base64 at all',
    'AAAA',
    current(generateKeyPairSync('ed25519').privateKey),
  ])('does not believe %j', async (header) => {
    expect(await signatureFault(RAW, { [SIGNATURE_HEADER]: header }, keys)).toBe('bad_signature');
  });

  it('takes the legacy signature only where a key for it is given', async () => {
    const headers = { [LEGACY_SIGNATURE_HEADER]: legacy(rsa.privateKey) };
    expect(await signatureFault(RAW, headers, keys)).toBe('unsigned');
    expect(await signatureFault(RAW, headers, withLegacy)).toBeNull();
    expect(await signatureFault(Buffer.from('{}'), headers, withLegacy)).toBe('bad_signature');
    expect(await signatureFault(RAW, { [LEGACY_SIGNATURE_HEADER]: 'N/A' }, withLegacy)).toBe('unsigned');
  });

  it('does not let a legacy signature make a bad one good', async () => {
    const headers = { [SIGNATURE_HEADER]: 'AAAA', [LEGACY_SIGNATURE_HEADER]: legacy(rsa.privateKey) };
    expect(await signatureFault(RAW, headers, withLegacy)).toBe('bad_signature');
  });
});

describe('readPublicKeys', () => {
  const bare = [ed25519, newer].map(({ publicKey }) => base64(publicKey));
  const blocks = [ed25519, newer].map(({ publicKey }) => pem(publicKey));

  it.each([
    ['bare, with a comma between', bare.join(',')],
    ['bare, with white space between', ` ${bare.join(' \n ')} `],
    ['as PEM', blocks.join('')],
    ['as PEM, side by side', blocks.map((block) => block.trim()).join('')],
    ['as PEM on one line, with \\n in words', blocks.join('').replaceAll('\n', '\\n')],
    ['as PEM and bare', `${blocks[0]}${bare[1]}`],
  ])('reads keys %s', (_how, text) => {
    expect(readPublicKeys(text.replaceAll('-\\n', '-'), 'ed25519').map(base64)).toEqual(bare);
  });

  it('reads none from nothing', () => {
    expect(readPublicKeys(' , ', 'ed25519')).toEqual([]);
  });

  it('reads HighLevel’s own', () => {
    expect(readPublicKeys(HIGHLEVEL_WEBHOOK_KEY, 'ed25519').map(base64)).toEqual([HIGHLEVEL_WEBHOOK_KEY]);
  });

  it('names the entry that is no such key', () => {
    expect(() => readPublicKeys(`${bare[0]},nonsense`, 'ed25519')).toThrow(
      'entry 2 is not a public Ed25519 key',
    );
    expect(() => readPublicKeys(base64(rsa.publicKey), 'ed25519')).toThrow(
      'entry 1 is not a public Ed25519 key',
    );
    expect(() => readPublicKeys(bare[0] ?? '', 'rsa')).toThrow('entry 1 is not a public RSA key');
  });
});
