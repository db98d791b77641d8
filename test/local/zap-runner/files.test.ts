import type { Step } from '../../../local/zap-runner/index.ts';
import { type Bench, startBench } from './bench.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench.close());

const read = (file: string): Step => ({ id: 'read', kind: 'create', key: 'read_file', input: { file } });

test('a file that the trigger dehydrates is stashed once it is mapped, and its address goes in', async () => {
  const live = await bench.runner.turnOn(
    { name: 'files', trigger: { key: 'item_changed' }, steps: [read('{{trigger.offer}}')] },
    bench.connection,
  );
  bench.crm.items = [{ id: '7', name: 'a', changed_at: 't' }];
  await live.poll();
  expect(live.tasks[0]?.outputs.read).toEqual({
    text: 'Offer 7',
    named: "attachment; filename*=UTF-8''offer.txt",
  });
});

test('a file of another app comes by its address, and text in its place becomes a file', async () => {
  const live = await bench.runner.turnOn(
    { name: 'files', trigger: { key: 'item_changed_instant' }, steps: [read('{{trigger.file}}')] },
    bench.connection,
  );
  const bytes = Buffer.from('%PDF');
  await live.deliver({
    id: '1',
    file: bench.runner.keepFile(bytes, 'Angebot größer.pdf', 'application/pdf'),
  });
  await live.deliver({ id: '2', file: 'only words' });
  expect(live.tasks.map(({ outputs }) => outputs.read)).toEqual([
    { text: '%PDF', named: "attachment; filename*=UTF-8''Angebot%20gr%C3%B6%C3%9Fer.pdf" },
    { text: 'only words', named: "attachment; filename*=UTF-8''text.txt" },
  ]);
});
