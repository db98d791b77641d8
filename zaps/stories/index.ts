import type { Story } from '../harness/story.ts';
import { accessallyDailySummary } from './accessally_daily_summary.ts';
import { accessallyLead } from './accessally_lead.ts';
import { accessallyStatus } from './accessally_status.ts';
import { apiUsageWarning } from './api_usage_warning.ts';
import { deletedOpportunityRow } from './deleted_opportunity_row.ts';
import { fieldChangeAirtable } from './field_change_airtable.ts';
import { formRoundRobin } from './form_round_robin.ts';
import { fourdegreesBoth, fourdegreesIn, fourdegreesOut } from './fourdegrees_deals.ts';
import { fourdegreesNotes } from './fourdegrees_notes.ts';
import { lostOpportunitySheet } from './lost_opportunity_sheet.ts';
import { sheetToOpportunities } from './sheet_to_opportunities.ts';
import { staleOpportunityReminder } from './stale_opportunity_reminder.ts';
import { stripePayment } from './stripe_payment.ts';
import { taskDoneStage } from './task_done_stage.ts';
import { valueRiseAlert } from './value_rise_alert.ts';
import { webhookLead } from './webhook_lead.ts';
import { wonConversionFile } from './won_conversion_file.ts';
import { wonOpportunityInvoice } from './won_opportunity_invoice.ts';

/** Every story, in the order in which they are told. */
export const stories: Story[] = [
  webhookLead,
  accessallyLead,
  accessallyStatus,
  accessallyDailySummary,
  fourdegreesIn,
  fourdegreesOut,
  fourdegreesBoth,
  fourdegreesNotes,
  wonOpportunityInvoice,
  wonConversionFile,
  staleOpportunityReminder,
  formRoundRobin,
  valueRiseAlert,
  fieldChangeAirtable,
  taskDoneStage,
  lostOpportunitySheet,
  deletedOpportunityRow,
  stripePayment,
  apiUsageWarning,
  sheetToOpportunities,
];
