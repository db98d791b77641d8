import { createRequire } from 'node:module';
import { coerceInput } from '../../../local/zap-runner/inputs/coerce.ts';

const clock = { timezone: 'America/Chicago', now: Date.parse('2026-01-02T16:00:00Z') };
const coerce = (field: object, value: unknown, clean = false) =>
  coerceInput([{ key: 'k', ...field }], { k: value }, clean, clock).inputData.k;

// The CLI's own reading is the evidence that the runner goes by, so it is asked rather than remembered.
const fromCli = createRequire(import.meta.url)(
  'zapier-platform-cli/src/oclif/commands/invoke/input-types.js',
) as (input: Record<string, unknown>, fields: object[], timezone: string) => Record<string, unknown>;

test.each([
  ...['1,234', '12.9', '$5', 'abc', '-3', '1 000', '7'].map((value) => ['integer', value]),
  ...['1,234.5', '$1.50', 'abc', '1.', '-2.5', '3'].map((value) => ['number', value]),
  ...['yes', 'no', 'Yes', 'NO', '1', '0', 'true', 'False', 'never', 'maybe', 'none'].map((value) => [
    'boolean',
    value,
  ]),
  ...['2026-01-02', '2026-01-02T03:04:05Z', '2026-07-02T03:04:05', '2026-01-02T03:04:05+02:00'].map(
    (value) => ['datetime', value],
  ),
  ...['1767225600', '1767225600000', 'Jan 5 2026', '1/5/2026', '2026-01-02 15:30', '5 Jan 2026 3pm'].map(
    (value) => ['datetime', value],
  ),
  ['datetime', '2026-03-08T03:30:00'],
] as [string, string][])('%s %j is read as the CLI reads it', (type, value) => {
  const expected = fromCli({ k: value }, [{ key: 'k', type }], clock.timezone);
  expect(coerce({ type }, value)).toStrictEqual(expected.k);
});

test.each([
  ['tomorrow at noon', '2026-01-03T12:00:00-06:00'],
  ['today', '2026-01-02T09:00:00-06:00'],
  ['yesterday at 3:15pm', '2026-01-01T15:15:00-06:00'],
  ['in 3 days', '2026-01-05T09:00:00-06:00'],
  ['gibberish', '2026-01-02T10:00:00-06:00'],
])('the date %j is read against now', (text, expected) => {
  expect(coerce({ type: 'datetime' }, text)).toBe(expected);
});

test.each([
  ['typed values stay', { type: 'number' }, 12.5, 12.5],
  ['false stays', { type: 'boolean' }, false, false],
  ['an empty text stays empty whatever the type', { type: 'integer' }, '', ''],
  ['a list given as text splits', { list: true }, 'a, b,c', ['a', 'b', 'c']],
  ['each item of a list is read', { list: true, type: 'integer' }, ['1', '2'], [1, 2]],
  ['one value becomes a list', { list: true, type: 'integer' }, 5, [5]],
  ['a list in a field for one value is joined', {}, ['a', 'b'], 'a,b'],
  ['a dictionary passes', { dict: true }, { a: '1' }, { a: '1' }],
  ['a default fills what is empty', { default: 'd' }, '', 'd'],
  ['a default leaves a value alone', { default: 'd' }, 'x', 'x'],
])('%s', (_title, field, value, expected) => {
  expect(coerce(field, value)).toStrictEqual(expected);
});

test('line items are read row by row, and their keys added flat', () => {
  const items = { key: 'items', children: [{ key: 'name' }, { key: 'qty', type: 'integer' }] };
  const read = (value: unknown) => coerceInput([items], { items: value }, false, clock).inputData;
  const expected = {
    items: [
      { name: 'a', qty: 1 },
      { name: 'b', qty: 2 },
    ],
    name: 'a,b',
    qty: '1,2',
  };
  expect(
    read([
      { name: 'a', qty: '1' },
      { name: 'b', qty: '2' },
    ]),
  ).toStrictEqual(expected);
  expect(read([{ name: ['a', 'b'], qty: ['1', '2'] }])).toStrictEqual(expected);
});

test('empties go where the app wants that; a null goes in any case', () => {
  const fields = ['a', 'b', 'c', 'd'].map((key) => ({ key }));
  const given = { a: '', b: null, c: { x: [''] }, d: 0 };
  expect(coerceInput(fields, given, true, clock).inputData).toStrictEqual({ d: 0 });
  expect(coerceInput(fields, given, false, clock).inputData).toStrictEqual({ a: '', c: { x: [''] }, d: 0 });
});

test('missing and unknown fields are told', () => {
  const fields = [
    { key: 'a', label: 'The A', required: true },
    { key: 'b', required: true },
    { key: 'c', type: 'copy' },
  ];
  const { missing, unknown } = coerceInput(fields, { b: false, typo: 1 }, true, clock);
  expect({ missing, unknown }).toStrictEqual({ missing: ['The A'], unknown: ['typo'] });
});
