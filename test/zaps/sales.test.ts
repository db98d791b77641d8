import { playAll } from './stories.ts';

playAll('won-deal-invoice', 'stale-deal-reminder', 'form-round-robin', 'value-rise-alert', 'lost-deal-sheet');
