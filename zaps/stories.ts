import { accessallyDailySummary } from './accessally_daily_summary.ts';
import { accessallyLead } from './accessally_lead.ts';
import { accessallyStatus } from './accessally_status.ts';
import { fourdegreesBoth, fourdegreesIn, fourdegreesOut } from './fourdegrees_deals.ts';
import type { Story } from './story.ts';

/** Every story, in the order in which they are told. */
export const stories: Story[] = [
  accessallyLead,
  accessallyStatus,
  accessallyDailySummary,
  fourdegreesIn,
  fourdegreesOut,
  fourdegreesBoth,
];
