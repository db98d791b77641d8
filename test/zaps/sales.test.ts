import { playAll } from './stories.ts';

playAll(
  'webhook-lead',
  'field-change-airtable',
  'task-done-stage',
  'won-opportunity-invoice',
  'won-conversion-file',
  'stale-opportunity-reminder',
  'form-round-robin',
  'value-rise-alert',
  'lost-opportunity-sheet',
  'deleted-opportunity-row',
  'stripe-payment',
  'api-usage-warning',
);
