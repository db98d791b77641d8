import { describe, expect, it } from '@jest/globals';
import type { Bundle, ZObject } from 'zapier-platform-core';
import { lean } from '../../../fields/outputs/lean.ts';

const z = {} as ZObject;
const bundle = { inputData: { of: 'Website' } } as unknown as Bundle;
const field = (key: string, more = {}) => ({ key, label: key.toUpperCase(), ...more });
const first = 'abcdefgh'.split('').map((key) => field(key));
const own = async (_z: ZObject, { inputData }: Bundle) => [field('custom'), field(String(inputData.of))];

describe('the outputs that stand in the definition', () => {
  const { outputFields, sample } = lean({
    outputFields: [...first, field('late'), own, field('key', { primary: true }), field('flag')],
    sample: {
      a: 1,
      late: null,
      custom: ['x'],
      key: 'k',
      flag: false,
      rows: [{ b: 1 }],
      none: [],
      at: { c: 1 },
    },
  });
  const given = (place: number) => (outputFields?.[place] as typeof own)(z, bundle);

  it('are the first and those that rows are told apart by, with functions in between that give the others', async () => {
    expect(outputFields?.map((one) => (typeof one === 'function' ? 'function' : one.key))).toEqual([
      ...'abcdefgh',
      'function',
      'key',
      'function',
    ]);
    expect((await given(8)).map(({ key }) => key)).toEqual(['late', 'custom', 'Website']);
    expect((await given(10)).map(({ key }) => key)).toEqual(['flag']);
  });

  it('have their samples there, and what is nested; the others bring theirs', async () => {
    expect(sample).toEqual({ a: 1, key: 'k', rows: [{ b: 1 }], at: { c: 1 } });
    expect(await given(8)).toEqual([
      field('late', { sample: null }),
      field('custom', { sample: ['x'] }),
      field('Website'),
    ]);
    expect(await given(10)).toEqual([field('flag', { sample: false })]);
  });

  it('are left as they are where an operation describes none', () => {
    const list = { perform: 'x', sample: { id: '1', name: 'New' } };
    expect(lean(list)).toBe(list);
  });
});
