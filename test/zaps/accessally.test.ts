import { playAll } from './stories.ts';

playAll('accessally-lead', 'accessally-status', 'accessally-daily-summary');
