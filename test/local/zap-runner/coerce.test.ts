import { coerceInput } from '../../../local/zap-runner/inputs/coerce.ts';

const kept: string[] = [];
const files = {
  keep: (bytes: Uint8Array, name: string) => `https://files.example/${kept.push(`${name}: ${bytes}`)}`,
};
const CHICAGO = { timezone: 'America/Chicago', files };
const coerce = (field: object, value: unknown, clean = false) =>
  coerceInput([{ key: 'k', ...field }], { k: value }, clean, CHICAGO).inputData.k;

test.each([
  ['integer', '12.9', 12],
  ['number', '1,250.50', 1],
  ['number', '2 burritos', 2],
  ['number', 'TBD', 0],
  ['boolean', 'No thanks', false],
  ['boolean', 'off', true],
  ['datetime', '2026-01-02', '2026-01-02T09:00:00-06:00'],
  ['datetime', '2026-07-02T03:04:05Z', '2026-07-01T22:04:05-05:00'],
  ['datetime', '1767225600', '2025-12-31T18:00:00-06:00'],
])('%s %j is read as the CLI reads it, as %j', (type, value, expected) => {
  expect(coerce({ type }, value)).toBe(expected);
});

test('a date that cannot be read becomes now, in the zone of the Zap', () => {
  const read = Date.parse(String(coerce({ type: 'datetime' }, 'whenever')));
  expect(Math.abs(read - Date.now())).toBeLessThan(60_000);
  const fields = [{ key: 'k', type: 'datetime' }];
  const { inputData } = coerceInput(fields, { k: '2026-01-02T00:00:00Z' }, false, {
    timezone: 'Australia/Sydney',
    files,
  });
  expect(inputData.k).toBe('2026-01-02T11:00:00+11:00');
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

test('a file is its address, and any other text becomes a file', () => {
  expect(coerce({ type: 'file' }, ' https://apps.example/offer.pdf ')).toBe('https://apps.example/offer.pdf');
  expect(coerce({ type: 'file' }, 'an offer')).toBe('https://files.example/1');
  expect(kept).toEqual([`text.txt: ${Buffer.from('an offer')}`]);
  expect(coerce({ type: 'file' }, '')).toBe('');
});

test('line items are read row by row, and their keys added flat', () => {
  const items = { key: 'items', children: [{ key: 'name' }, { key: 'qty', type: 'integer' }] };
  const read = (value: unknown) => coerceInput([items], { items: value }, false, CHICAGO).inputData;
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
  expect(coerceInput(fields, given, true, CHICAGO).inputData).toStrictEqual({ d: 0 });
  expect(coerceInput(fields, given, false, CHICAGO).inputData).toStrictEqual({ a: '', c: { x: [''] }, d: 0 });
});

test('missing and unknown fields are told', () => {
  const fields = [
    { key: 'a', label: 'The A', required: true },
    { key: 'b', required: true },
    { key: 'c', type: 'copy' },
  ];
  const { missing, unknown } = coerceInput(fields, { b: false, typo: 1 }, true, CHICAGO);
  expect({ missing, unknown }).toStrictEqual({ missing: ['The A'], unknown: ['typo'] });
});
