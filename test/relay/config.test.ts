import { generateKeyPairSync } from 'node:crypto';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ConfigError, readConfig } from '../../relay/config.ts';

function faultsOf(env: Record<string, string>): string {
  try {
    readConfig(env);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message;
  }
  throw new Error('It was taken.');
}

describe('the configuration', () => {
  it('needs nothing', () => {
    const config = readConfig({});
    expect(config).toMatchObject({
      port: 8787,
      host: '127.0.0.1',
      dataDir: resolve('relay-data'),
      databaseUrl: null,
      highlevelUrl: 'https://services.leadconnectorhq.com',
      targets: [{ origin: 'https://hooks.zapier.com', path: '/hooks/' }],
      sharedSecret: null,
      adminToken: null,
      appId: null,
      logLevel: 'info',
      maxBacklog: 100_000,
    });
    expect(config.webhookKeys.ed25519).toHaveLength(1);
    expect(config.webhookKeys.rsa).toEqual([]);
  });

  it('takes an empty variable for one that is not set', () => {
    expect(readConfig({ DATABASE_URL: '', RELAY_PORT: '', RELAY_SHARED_SECRET: '' })).toMatchObject({
      databaseUrl: null,
      port: 8787,
      sharedSecret: null,
    });
  });

  it('takes what is set', () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const config = readConfig({
      RELAY_PORT: '0',
      HIGHLEVEL_API_URL: 'http://127.0.0.1:8899/',
      DATABASE_URL: 'postgresql://a:b@db/relay',
      RELAY_LEGACY_RSA: 'on',
      HIGHLEVEL_WEBHOOK_RSA_KEYS: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
      RELAY_TARGET_HOSTS: 'hooks.zapier.com,http://127.0.0.1:99',
    });
    expect(config).toMatchObject({
      port: 0,
      highlevelUrl: 'http://127.0.0.1:8899',
      databaseUrl: 'postgresql://a:b@db/relay',
    });
    expect(config.webhookKeys.rsa).toHaveLength(1);
    expect(config.targets).toHaveLength(2);
  });

  it('reads keys as PEM, as base64, several, and with line breaks written as \\n', () => {
    const pem = () =>
      generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString().trim();
    const bare = pem().split('\n')[1];
    const text = `${pem()}\n${pem().replaceAll('\n', '\\n')},${bare} ${bare}`;
    expect(readConfig({ HIGHLEVEL_WEBHOOK_PUBLIC_KEYS: text }).webhookKeys.ed25519).toHaveLength(4);
  });

  it('says of every fault at once what to set', () => {
    const said = faultsOf({
      RELAY_PORT: '70000',
      DATABASE_URL: 'mysql://x',
      LOG_LEVEL: 'loud',
      RELAY_LEGACY_RSA: 'yes',
      RELAY_ADMIN_TOKEN: 'short',
      HIGHLEVEL_API_URL: 'leadconnectorhq.com',
    });
    expect(said.split('\n').slice(1)).toEqual([
      '  RELAY_PORT must be a whole number from 0 to 65535.',
      '  DATABASE_URL must be an address like postgres://user:password@host:5432/database.',
      '  HIGHLEVEL_API_URL must be an address like https://services.leadconnectorhq.com.',
      '  RELAY_LEGACY_RSA must be on or off.',
      '  RELAY_ADMIN_TOKEN must have at least 16 characters; try: openssl rand -hex 32.',
      '  LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent.',
    ]);
  });

  it('does not repeat secrets where it refuses them', () => {
    expect(faultsOf({ RELAY_ADMIN_TOKEN: 'hunter2' })).not.toContain('hunter2');
    expect(faultsOf({ DATABASE_URL: 'relay:hunter2@db' })).not.toContain('hunter2');
  });

  it.each([
    ['HIGHLEVEL_WEBHOOK_PUBLIC_KEYS', 'AAAA', 'entry 1 is not a public Ed25519 key'],
    [
      'HIGHLEVEL_WEBHOOK_PUBLIC_KEYS',
      generateKeyPairSync('rsa', { modulusLength: 2048 })
        .publicKey.export({ type: 'spki', format: 'pem' })
        .toString(),
      'entry 1 is not a public Ed25519 key',
    ],
    ['RELAY_TARGET_HOSTS', 'hooks.zapier.com/hooks', 'is neither a host nor scheme://host:port'],
    ['RELAY_TARGET_HOSTS', 'ftp://hooks.zapier.com', 'is neither a host nor scheme://host:port'],
    ['RELAY_TARGET_HOSTS', '10.0.0.1', 'write it with its scheme'],
    ['RELAY_LEGACY_RSA', 'on', 'HIGHLEVEL_WEBHOOK_RSA_KEYS must hold the key'],
  ])('refuses %s=%s', (name, value, said) => {
    expect(faultsOf({ [name]: value })).toContain(said);
  });

  it('refuses to run without any key or any target', () => {
    expect(faultsOf({ HIGHLEVEL_WEBHOOK_PUBLIC_KEYS: ' , ' })).toContain('HIGHLEVEL_WEBHOOK_PUBLIC_KEYS');
    expect(faultsOf({ RELAY_TARGET_HOSTS: ' , ' })).toContain('RELAY_TARGET_HOSTS');
  });
});
