import { accessallyDailySummary } from './accessally_daily_summary.ts';
import { accessallyLead } from './accessally_lead.ts';
import { accessallyStatus } from './accessally_status.ts';
import { formRoundRobin } from './form_round_robin.ts';
import { fourdegreesBoth, fourdegreesIn, fourdegreesOut } from './fourdegrees_deals.ts';
import { fourdegreesNotes } from './fourdegrees_notes.ts';
import { lostDealSheet } from './lost_deal_sheet.ts';
import { sheetToDeals } from './sheet_to_deals.ts';
import { staleDealReminder } from './stale_deal_reminder.ts';
import type { Story } from './story.ts';
import { valueRiseAlert } from './value_rise_alert.ts';
import { wonDealInvoice } from './won_deal_invoice.ts';

/** Every story, in the order in which they are told. */
export const stories: Story[] = [
  accessallyLead,
  accessallyStatus,
  accessallyDailySummary,
  fourdegreesIn,
  fourdegreesOut,
  fourdegreesBoth,
  fourdegreesNotes,
  wonDealInvoice,
  staleDealReminder,
  formRoundRobin,
  valueRiseAlert,
  lostDealSheet,
  sheetToDeals,
];
