import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createAppHandler } from 'zapier-platform-core';
import { appWith } from '../../app.ts';
import oauth from '../../authentication/oauth.ts';
import { PAGES } from '../../fields/help-links.ts';
import { type Definition, operationsOf } from './definition.ts';

const HELP = join(import.meta.dirname, '../../docs/help');
const BASE = 'https://help.example.com/highlevel';

async function helpTexts(address: string) {
  process.env.HELP_URL = address;
  const app = appWith({ authentication: oauth, instant: true });
  const ask = async (command: string) =>
    (await createAppHandler(app)({ command, calledFromCli: true })).results;
  expect(await ask('validate')).toEqual([]);
  const fields = operationsOf((await ask('definition')) as Definition).flatMap(
    ({ operation }) => (operation.inputFields ?? []) as { key?: string; helpText?: string }[],
  );
  return new Map(fields.map(({ key = '', helpText = '' }) => [key, helpText]));
}

describe('the links of help texts', () => {
  afterEach(() => {
    delete process.env.HELP_URL;
  });

  it('lead to a page that there is, where the publisher has put the pages online', async () => {
    const texts = await helpTexts(`${BASE}/`);
    const pages = Object.entries(PAGES).map(([key, link]) => {
      const page = /\]\((.*)\)/.exec(link)?.[1] ?? '';
      expect([key, texts.get(key)].join(': ')).toMatch(new RegExp(`\\]\\(${BASE}/${page}\\)\\.$`));
      return page;
    });
    for (const page of pages) expect(existsSync(join(HELP, page))).toBe(true);
  });

  it('are left out where there is no address', async () => {
    for (const text of (await helpTexts('')).values()) expect(text).not.toContain('.md)');
  });
});
