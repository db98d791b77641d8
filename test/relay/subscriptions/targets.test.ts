import { beforeAll, describe, expect, it } from '@jest/globals';
import { allowedTarget, readTargetRule, type TargetRule } from '../../../relay/subscriptions/targets.ts';

describe('where hooks may be sent', () => {
  let zapier: TargetRule[];

  beforeAll(() => {
    zapier = [readTargetRule('hooks.zapier.com')];
  });

  it.each([
    'https://hooks.zapier.com/hooks/standard/123/abc/',
    'https://hooks.zapier.com/hooks/catch/1/2/?a=b',
    'https://hooks.zapier.com:443/hooks/standard/1/',
    'HTTPS://HOOKS.ZAPIER.COM/hooks/standard/1/',
  ])('%s', (text) => {
    expect(allowedTarget(text, zapier)).toMatch(/^https:\/\/hooks\.zapier\.com\/hooks\//);
  });

  it('is what the parsed address says, without a fragment', () => {
    expect(allowedTarget('https://hooks.zapier.com/x/../hooks/a b/#there', zapier)).toBe(
      'https://hooks.zapier.com/hooks/a%20b/',
    );
  });

  it.each([
    'http://hooks.zapier.com/hooks/standard/1/',
    'ftp://hooks.zapier.com/hooks/standard/1/',
    'https://hooks.zapier.com:8443/hooks/standard/1/',
    'https://hooks.zapier.com/hooks/../admin',
    'https://hooks.zapier.com/hooks/%2e%2e/admin',
    'https://hooks.zapier.com\\@evil.example/hooks/',
    'https://hooks.zapier.com@evil.example/hooks/',
    'https://user:password@hooks.zapier.com/hooks/standard/1/',
    'https://user@hooks.zapier.com/hooks/standard/1/',
    'https://:password@hooks.zapier.com/hooks/standard/1/',
    'https://hooks.zapier.com.evil.example/hooks/standard/1/',
    'https://hooks.zapier.com./hooks/standard/1/',
    'https://evil.example/hooks.zapier.com/hooks/',
    'https://evil.example#hooks.zapier.com/hooks/',
    'https://hooks.zapıer.com/hooks/standard/1/',
    'https://xhooks.zapier.com/hooks/standard/1/',
    'https://zapier.com/hooks/standard/1/',
    'https://127.0.0.1/hooks/standard/1/',
    'https://0x7f000001/hooks/standard/1/',
    'https://2130706433/hooks/standard/1/',
    'https://0177.0.0.1/hooks/standard/1/',
    'https://[::1]/hooks/standard/1/',
    'https://[::ffff:127.0.0.1]/hooks/standard/1/',
    'https://localhost/hooks/standard/1/',
    'https://10.0.0.1/hooks/standard/1/',
    'https://192.168.1.1/hooks/standard/1/',
    'https://169.254.169.254/hooks/standard/1/',
    'https://metadata.google.internal/hooks/standard/1/',
    'javascript:alert(1)',
    'file:///etc/passwd',
    '//hooks.zapier.com/hooks/standard/1/',
    'hooks.zapier.com/hooks/standard/1/',
    '',
  ])('not %s', (text) => {
    expect(allowedTarget(text, zapier)).toBeNull();
  });

  it('may be as long as 2,000 characters, and no longer', () => {
    const longest = 'https://hooks.zapier.com/hooks/'.padEnd(2_000, 'x');
    expect(allowedTarget(longest, zapier)).toBe(longest);
    expect(allowedTarget(`${longest}x`, zapier)).toBeNull();
  });

  it('is what the operator allows, to the scheme and the port', () => {
    const rules = [readTargetRule('http://127.0.0.1:1234'), readTargetRule('hooks.example.org')];
    expect(allowedTarget('http://127.0.0.1:1234/anything', rules)).toBe('http://127.0.0.1:1234/anything');
    expect(allowedTarget('http://127.1:1234/', rules)).toBe('http://127.0.0.1:1234/');
    expect(allowedTarget('https://hooks.example.org/a', rules)).toBe('https://hooks.example.org/a');
    for (const text of [
      'https://127.0.0.1:1234/',
      'http://127.0.0.1/',
      'http://127.0.0.1:1235/',
      'http://hooks.example.org/a',
      'https://hooks.zapier.com/hooks/standard/1/',
    ]) {
      expect(allowedTarget(text, rules)).toBeNull();
    }
  });
});

describe('an entry of the allow-list', () => {
  it.each([
    'hooks.example.org/path',
    'hooks.example.org?query',
    'hooks.example.org#fragment',
    'user@hooks.example.org',
    ':password@hooks.example.org',
    'ftp://hooks.example.org',
    'hooks.example.org/https://',
    '',
    'two words',
  ])('is not "%s"', (entry) => {
    expect(() => readTargetRule(entry)).toThrow(`"${entry}" is neither a host nor scheme://host:port`);
  });

  it.each(['10.0.0.1', '0x0a000001', '[::1]'])('is the address %s only with its scheme', (entry) => {
    expect(() => readTargetRule(entry)).toThrow(`write it with its scheme (https://${entry})`);
    expect(readTargetRule(`https://${entry}`)).toMatchObject({ path: '/' });
  });

  it('is a host with a number in its name', () => {
    expect(readTargetRule('hooks1.example.org')).toEqual({ origin: 'https://hooks1.example.org', path: '/' });
  });
});
