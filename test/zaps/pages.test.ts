import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import App from '../../index.ts';
import { inAccount } from '../../zaps/harness/account.ts';
import { pages } from '../../zaps/pages/pages.ts';
import { stories } from '../../zaps/stories/index.ts';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

describe('the pages of the Zaps', () => {
  it('say what the Zaps say', async () => {
    // As a process of Node’s own: code in a page is a function’s text, which another compiler would write otherwise.
    const check = promisify(execFile)(process.execPath, [join(ROOT, 'zaps/pages/write.ts'), '--check']);
    await expect(check).resolves.toMatchObject({ stderr: '' });
  }, 60_000);

  it.each(stories.map((story) => [story.name]))('%s leaves no reference and no key unexplained', (name) => {
    const text = pages().get(`docs/zaps/${name}.md`) ?? '';
    const table = text.split('\n').filter((line) => line.startsWith('|'));
    expect(table.length).toBeGreaterThan(5);
    expect(text).not.toMatch(/```js\s+```/);
    expect(table.join('\n')).not.toMatch(/\{\{|undefined|custom_field_|\[object/);
  });
});

describe('the stories', () => {
  it('have names of their own', () => {
    expect(new Set(stories.map(({ name }) => name)).size).toBe(stories.length);
  });

  it.each(
    stories.map((story) => [story.name, story] as const),
  )('%s can be published as a template, and says where its facts come from', (_name, {
    template,
    asked,
    samples,
    who,
    rules,
    scenes,
  }) => {
    expect(template.title.length).toBeLessThanOrEqual(110);
    expect(template.title).toContain('HighLevel');
    expect(template.description).toMatch(/\.$/);
    expect(who).toMatch(/\.$/);
    expect(asked.length * samples.length * rules.length * scenes.length).toBeGreaterThan(0);
    for (const { source, payload } of samples) {
      expect(source.length).toBeGreaterThan(20);
      expect(Object.keys(payload).length).toBeGreaterThan(1);
    }
  });

  it('use operations that the app has', () => {
    const all = JSON.stringify(stories.map(({ zaps }) => zaps));
    const keys = [...all.matchAll(/"kind":"(create|search|searchOrCreate)","key":"(\w+)"/g)];
    expect(keys.length).toBeGreaterThan(20);
    const shelves = { create: App.creates, search: App.searches, searchOrCreate: App.searchOrCreates };
    for (const [, kind, key] of keys)
      expect(Object.keys(shelves[kind as keyof typeof shelves] ?? {})).toContain(key);
  });
});

describe('a Zap in an account', () => {
  const zap = {
    name: 'one',
    trigger: { key: 'new_opportunity' },
    steps: [
      {
        id: 'code',
        kind: 'code' as const,
        input: { id: '{{trigger.custom_fields.[External ID]}}' },
        code: () => ({ left: '[As It Is]' }),
      },
    ],
  };

  it('has the ids of the fields in place of their names, and its code as it was', () => {
    const built = inAccount(zap, new Map([['External ID', 'abc']]));
    expect(built.steps[0]).toMatchObject({
      input: { id: '{{trigger.custom_fields.abc}}' },
      code: zap.steps[0]?.code,
    });
  });

  it('cannot be built where a field is missing', () => {
    expect(() => inAccount(zap, new Map())).toThrow('"one" needs the field "External ID"');
  });
});
