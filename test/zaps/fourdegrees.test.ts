import { playAll } from './stories.ts';

playAll(
  '4degrees-deal-to-opportunity',
  '4degrees-opportunity-to-deal',
  '4degrees-both-ways',
  '4degrees-notes',
);
