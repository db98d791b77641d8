import { spawnSync } from 'node:child_process';
import { expect, it } from '@jest/globals';
import { isoDay, isoTime, momentMs } from '../../../highlevel/http/time.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const LAST_OF_2026 = Date.UTC(2026, 11, 31);

it.each([
  ['the day as it is written', '2026-12-31', '2026-12-31'],
  ['the day that is written, whatever its offset', '2026-12-31T23:30:00-08:00', '2026-12-31'],
  ['midnight in ms', LAST_OF_2026, '2026-12-31'],
  ['midnight in s', LAST_OF_2026 / 1000, '2026-12-31'],
  ['ms in a text', String(LAST_OF_2026), '2026-12-31'],
  ['s in a text', String(LAST_OF_2026 / 1000), '2026-12-31'],
  ['whole days in ms, as of a birthday in 1970', 5 * DAY_MS, '1970-01-06'],
  ['a time before 1970, in s', -365 * 24 * 60 * 60, '1969-01-01'],
  ['the first of all', 0, '1970-01-01'],
  ['words', 'Dec 31, 2026', '2026-12-31'],
])('isoDay reads %s', (_, value, day) => {
  expect(isoDay(value)).toBe(day);
});

it.each([
  null,
  undefined,
  '',
  ' ',
  'soon',
  '2026-12-310',
  '2026-13-01',
  Number.NaN,
])('isoDay finds no day in %j', (value) => {
  expect(isoDay(value)).toBeNull();
});

it.each([
  ['2026-11-20T14:30:00', '2026-11-20T14:30:00.000Z'],
  ['2026-11-20T14:30:00.5', '2026-11-20T14:30:00.500Z'],
  ['2026-11-20T14:30:00-06:00', '2026-11-20T20:30:00.000Z'],
  [Date.UTC(2026, 10, 20, 14, 30), '2026-11-20T14:30:00.000Z'],
])('isoTime of %j', (value, time) => {
  expect(isoTime(value)).toBe(time);
});

it.each([null, undefined, '', 'soon', Number.NaN])('isoTime finds no time in %j', (value) => {
  expect(isoTime(value)).toBeNull();
});

it.each([null, undefined, '', 'soon'])('momentMs of %j is neither before nor after another', (value) => {
  expect(momentMs(value)).toBeNaN();
});

it('means the same moment in every time zone of the machine, without an offset too', () => {
  const module = new URL('../../../highlevel/http/time.ts', import.meta.url);
  const script = `import { isoTime, momentMs } from ${JSON.stringify(module.href)};
    const times = ['2026-07-01T10:00:00', '2026-07-01 10:00:00.000', '2026-07-01T10:00:00Z'];
    console.log(JSON.stringify([new Date(0).getTimezoneOffset(), ...times.flatMap((time) => [isoTime(time), momentMs(time)])]));`;
  const said = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...process.env, TZ: 'America/New_York' },
    encoding: 'utf8',
  });
  const [offset, ...read] = JSON.parse(said.stdout);
  expect(offset).toBe(300);
  const once = ['2026-07-01T10:00:00.000Z', Date.UTC(2026, 6, 1, 10)];
  expect(read).toEqual([...once, ...once, ...once]);
});

it('momentMs counts from 1970', () => {
  expect(momentMs('1970-01-01T00:00:01Z')).toBe(1000);
});
