import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRunner } from '../../../local/zap-runner/index.ts';

const SOURCE = `
const perform = async (z, bundle) => ({ text: bundle.inputData.text, seen: process.env.ZAP_RUNNER_TEST });
export default {
  version: '1.2.3',
  platformVersion: '19.1.0',
  creates: { say: { key: 'say', noun: 'Word', display: { label: 'Say', description: 'Says.' },
    operation: { inputFields: [{ key: 'text' }], perform, sample: { text: 'a' } } } },
};
`;
const WRAPPER = `
export const handler = async (event) =>
  event.command === 'definition'
    ? { results: { version: 'wrapped', creates: { say: { key: 'say', operation: {} } } } }
    : { results: { method: event.method } };
`;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zap-runner-'));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
});
afterEach(async () => {
  delete process.env.ZAP_RUNNER_TEST;
  await rm(folder, { recursive: true });
});

test('a built entry is loaded, and sees its environment', async () => {
  await writeFile(join(folder, 'index.js'), SOURCE);
  const runner = await createRunner({
    appPath: join(folder, 'index.js'),
    environment: { ZAP_RUNNER_TEST: 'set' },
  });
  expect(runner.definition.version).toBe('1.2.3');
  expect((await runner.call('create', 'say', { text: 'hi' })).results).toStrictEqual({
    text: 'hi',
    seen: 'set',
  });
  await runner.close();
});

test('an unzipped build is driven through its own wrapper', async () => {
  await writeFile(join(folder, 'zapierwrapper.js'), WRAPPER);
  const runner = await createRunner({ appPath: folder });
  expect(runner.definition.version).toBe('wrapped');
  expect((await runner.call('create', 'say', {})).results).toStrictEqual({
    method: 'creates.say.operation.perform',
  });
  await runner.close();
});

test('no app at the path is told before anything starts', async () => {
  await expect(createRunner({ appPath: join(folder, 'index.js') })).rejects.toThrow('build it first');
});
