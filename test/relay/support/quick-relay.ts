import { readConfig, startRelay } from '../../../relay/relay.ts';
import { QUICK } from './quick.ts';

// A relay as `npm run relay` starts it, but impatient.
const relay = await startRelay(readConfig(process.env), { outbound: QUICK });
process.once('SIGTERM', async () => {
  await relay.close();
  process.exit(0);
});
