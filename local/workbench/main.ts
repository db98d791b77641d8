import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startWorkbench } from './workbench.ts';
import { openWorld } from './world.ts';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const { values: flags } = parseArgs({
  options: { port: { type: 'string', default: '0' }, opportunities: { type: 'string', default: '60' } },
});

const workbench = await startWorkbench({ port: Number(flags.port) });
console.log(`The workbench: ${workbench.url}`);
const world = await openWorld(workbench, {
  appPath: join(ROOT, 'dist/index.js'),
  opportunities: Number(flags.opportunities),
});
await workbench.built;
console.log('Ready. Stop with Ctrl-C.');

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, async () => {
    await workbench.close();
    await world.close();
    process.exit(0);
  });
}
