import {
  type ContraryName,
  contraries,
  contraryNamed,
  type Sandbox,
  startSandbox,
} from '../../../../local/sandbox/index.ts';
import { call } from '../support/call.ts';
import { accountCases } from './account-cases.ts';
import { type Case, toolsFor } from './cases.ts';
import { connectionCases } from './connection-cases.ts';
import { recordCases } from './record-cases.ts';
import { searchCases } from './search-cases.ts';

// One for each name: a name without a case does not compile.
const CASES: Record<ContraryName, Case> = {
  ...searchCases,
  ...recordCases,
  ...accountCases,
  ...connectionCases,
};

describe('a contrary sandbox', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox({ rateLimit: { max: 100_000, intervalMs: 10_000, daily: 1_000_000 } });
  });
  afterAll(() => sandbox.close());
  afterEach(() => sandbox.setContraries([]));

  test.each(contraries)('$name: $does', async ({ name }) => {
    sandbox.setContraries([name]);
    await CASES[name](toolsFor(sandbox));
  });
});

test('each contrary answer has a name of its own, a sentence and a source', () => {
  expect(new Set(contraries.map(({ name }) => name)).size).toBe(contraries.length);
  for (const { name, does, source } of contraries) {
    expect(name).toMatch(/^[a-z0-9-]+$/);
    expect(does).toMatch(/^[A-Z].*\.$/);
    expect(source.length).toBeGreaterThan(10);
  }
  expect(contraryNamed('gone-422')).toBe('gone-422');
  expect(contraryNamed('gone')).toBeNull();
});

test('several are on from the start, and control lists and changes them', async () => {
  const sandbox = await startSandbox({ contrary: ['gone-422', 'text-amounts'] });
  try {
    const control = (method: string, body?: unknown) =>
      call(sandbox, method, '/_sandbox/contraries', { body, token: null, version: null });
    const on = (answer: { contraries: { name: string; on: boolean }[] }) =>
      answer.contraries.filter((one) => one.on).map(({ name }) => name);
    expect((await call(sandbox, 'GET', '/opportunities/none')).status).toBe(422);
    expect(on((await control('GET')).body)).toEqual(['text-amounts', 'gone-422']);
    expect(on((await control('POST', { names: ['gone-404'] })).body)).toEqual(['gone-404']);
    expect((await call(sandbox, 'GET', '/opportunities/none')).status).toBe(404);
    expect((await control('POST', { names: ['gone'] })).status).toBe(422);
    expect(sandbox.contraries()).toEqual(['gone-404']);
  } finally {
    await sandbox.close();
  }
});
