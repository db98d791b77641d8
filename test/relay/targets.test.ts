import { describe, expect, it } from '@jest/globals';
import { allowedTarget, readTargetRule } from '../../relay/targets.ts';

const zapier = [readTargetRule('hooks.zapier.com')];

describe('where hooks may be sent', () => {
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
    `https://hooks.zapier.com/hooks/${'x'.repeat(2_000)}`,
  ])('not %s', (text) => {
    expect(allowedTarget(text, zapier)).toBeNull();
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
