import { readConfig, startRelay } from '../../../relay/relay.ts';
import { QUICK } from './quick.ts';

// A relay as `npm run relay` starts it, but impatient.
await startRelay(readConfig(process.env), { outbound: QUICK });
