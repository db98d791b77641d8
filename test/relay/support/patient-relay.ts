import { readConfig, startRelay } from '../../../relay/relay.ts';
import { QUICK } from './quick.ts';

// A relay that tries again soon, and for as long as a real one.
const waits = Array.from({ length: 40 }, (_, index) => Math.min(20 * 2 ** index, 1_000));
const schedule = { ...(QUICK.schedule as NonNullable<typeof QUICK.schedule>), waits, giveUpMs: 86_400_000 };
const relay = await startRelay(readConfig(process.env), { outbound: { ...QUICK, schedule } });
process.once('SIGTERM', async () => {
  await relay.close();
  process.exit(0);
});
