import { type OtherApps, startOtherApps } from '../../../local/other-apps/server.ts';
import type { RunnerOptions, Step } from '../../../local/zap-runner/index.ts';
import { type Bench, startBench } from './bench.ts';

const say = (id: string, text: string): Step => ({
  id,
  kind: 'other',
  app: 'Chat',
  action: 'Send Message',
  does: 'create',
  things: 'messages',
  input: { text },
});

let apps: OtherApps;
let bench: Bench;
const start = async (autoreplay: RunnerOptions['autoreplay']) => {
  bench = await startBench({ autoreplay, otherApps: apps.url });
};
beforeEach(async () => {
  apps = await startOtherApps();
});
afterEach(async () => {
  await bench.close();
  await apps.close();
});

async function run(steps: Step[], row: object = { id: '1' }) {
  const live = await bench.runner.turnOn(
    { name: 'replayed', trigger: { kind: 'other', app: 'CRM', event: 'New' }, steps },
    bench.connection,
  );
  await live.deliver(row);
  await live.idle();
  return live;
}
const said = () => apps.records('Chat', 'messages').map(({ text }) => text);
const minutes = () => bench.slept.map((ms) => ms / 60_000);

test('an errored run is replayed from the step that ended it, until it ends well', async () => {
  await start('errored');
  apps.refuse('Books', { status: 503, message: 'Away.', times: 2, method: 'POST' });
  const book: Step = { ...say('book', 'b'), app: 'Books' } as Step;
  const live = await run([say('first', 'one'), book, say('last', 'two')]);
  expect(said()).toEqual(['one', 'two']);
  expect(minutes()).toEqual([5, 30]);
  expect(live.tasks[0]?.status).toBe('success');
  expect(live.tasks[0]?.steps.map(({ step, outcome }) => `${step} ${outcome}`)).toEqual([
    'first done',
    'book error',
    'book error',
    'book done',
    'last done',
  ]);
});

test('five times at most, over ten and a half hours', async () => {
  await start('errored');
  const live = await run([{ id: 'fails', kind: 'create', key: 'failing', input: { how: 'app' } }]);
  expect(minutes()).toEqual([5, 30, 60, 180, 360]);
  expect(live.tasks[0]?.status).toBe('error');
  expect(bench.of('replay').map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5]);
});

test.each([
  ['off', 0],
  ['errored', 0],
  ['stopped', 5],
] as const)('where autoreplay is %s, a halted run is replayed %i times', async (autoreplay, times) => {
  await start(autoreplay);
  const live = await run([{ id: 'halts', kind: 'create', key: 'failing', input: { how: 'halt' } }]);
  expect(bench.of('replay')).toHaveLength(times);
  expect(live.tasks[0]?.status).toBe('halted');
});

test('of paths and loops only what failed is run again', async () => {
  await start('errored');
  apps.refuse('Chat', { status: 503, message: 'Away.', method: 'POST' });
  await run(
    [{ id: 'each', kind: 'looping', items: '{{trigger.people}}', steps: [say('s', '{{each.name}}')] }],
    {
      people: [{ name: 'Ann' }, { name: 'Bo' }],
    },
  );
  expect(said()).toEqual(['Bo', 'Ann']);
  apps.refuse('Chat', { status: 503, message: 'Away.', method: 'POST' });
  const path = (name: string) => ({ name, rules: [], steps: [say(name, name)] });
  await run([{ id: 'which', kind: 'paths', paths: [path('left'), path('right')] }]);
  expect(said()).toEqual(['Bo', 'Ann', 'right', 'left']);
});

test('a run waits as scheduled, and one of a Zap that is off is given up', async () => {
  await start('errored');
  let openGate = () => {};
  bench.gate.opens = new Promise((resolve) => {
    openGate = resolve;
  });
  const live = await bench.runner.turnOn(
    {
      name: 'off',
      trigger: { kind: 'other', app: 'CRM', event: 'New' },
      steps: [{ id: 'fails', kind: 'create', key: 'failing', input: { how: 'app' } }],
    },
    bench.connection,
  );
  await live.deliver({ id: '1' });
  expect(live.tasks[0]?.status).toBe('scheduled');
  await live.turnOff();
  openGate();
  await live.idle();
  expect(live.tasks[0]?.status).toBe('error');
  expect(live.tasks[0]?.steps).toHaveLength(1);
});

describe('an error handler', () => {
  const fails = (how: string): Step => ({
    id: 'fails',
    kind: 'create',
    key: 'failing',
    input: { how },
    onError: [say('tell', 'It said: {{fails.error_message}} ({{trigger.id}})')],
  });

  test.each(['app', 'halt'])('runs in place of the rest where a step ends with %s', async (how) => {
    await start('stopped');
    const live = await run([fails(how), say('rest', 'rest')]);
    const message = how === 'app' ? 'The stage is closed.' : 'There is one already.';
    expect(said()).toEqual([`It said: ${message} (1)`]);
    expect(live.tasks[0]?.status).toBe('success');
    expect(minutes()).toEqual([]);
  });

  test('does not run where the step ends well', async () => {
    await start('off');
    await run([{ ...say('one', 'one'), onError: [say('tell', 'tell')] } as Step, say('rest', 'rest')]);
    expect(said()).toEqual(['one', 'rest']);
  });

  test('is what is replayed where it fails itself', async () => {
    await start('errored');
    apps.refuse('Chat', { status: 503, message: 'Away.', method: 'POST' });
    const live = await run([fails('app')]);
    expect(said()).toHaveLength(1);
    expect(live.tasks[0]?.steps.map(({ step }) => step)).toEqual(['fails', 'tell', 'tell']);
  });
});
