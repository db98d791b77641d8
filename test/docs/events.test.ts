/** Who sets up the relay and its marketplace app reads in the pages which events there are: all of them, and no other. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { EVENT_KINDS } from '../../wire/kinds.ts';
import { EVENT_NAMES } from '../../wire/webhooks.ts';

const page = (name: string) => readFileSync(join(import.meta.dirname, '../../docs', name), 'utf8');

/** UNINSTALL comes without being switched on. */
const toSwitchOn = EVENT_NAMES.filter((name) => name !== 'UNINSTALL');

it.each([
  ['publishing.md', /tick the events ([^;]*);/],
  ['relay.md', /switch on ([^.]*)\. \(Which are offered/],
])('docs/%s names the events to switch on in the marketplace app', (name, list) => {
  const [, names = ''] = list.exec(page(name)) ?? [];
  expect(names.split(/, | and /).toSorted()).toEqual(toSwitchOn.toSorted());
});

it('docs/relay.md names the events that a Zap can subscribe to', () => {
  const [, kinds = ''] = /Events: ([^.]*)\. Filters: /.exec(page('relay.md')) ?? [];
  expect(kinds.split(', ').map((kind) => kind.replaceAll('`', ''))).toEqual([...EVENT_KINDS]);
});
