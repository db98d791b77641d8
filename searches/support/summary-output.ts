/** What a summary looks like in the Zap editor. */

const head = {
  pipeline_id: 'VDm7RPYC2GLUvdpKmBfC',
  pipeline_name: 'Sales',
  period_start: '2026-11-20',
  period_end: '2026-11-20',
  time_zone: 'America/Chicago',
  left_out_count: 0,
};

const opportunity = {
  id: 'yWQobCRIhRguQtD2llvk',
  name: 'Website for Harbor Cafe',
  monetary_value: 4800,
  pipeline_name: 'Sales',
  stage_name: 'Proposal Sent',
  owner_name: 'Maria Lopez',
  contact_name: 'Sam Reed',
  days_in_stage: 2,
  url: 'https://app.gohighlevel.com/v2/location/ve9EPM428h8vShlRW1KT/opportunities/list?opportunity=yWQobCRIhRguQtD2llvk',
};

const numbers = {
  open_count: 1,
  open_value: 4800,
  weighted_value: 2880,
  no_probability_count: 0,
  created_count: 1,
  created_value: 4800,
  won_count: 1,
  won_value: 1200,
  lost_count: 1,
  lost_value: 500,
  abandoned_count: 0,
  abandoned_value: 0,
  win_rate: 50,
  stages: [
    {
      pipeline_id: 'VDm7RPYC2GLUvdpKmBfC',
      pipeline_name: 'Sales',
      stage_id: 'e93ba61a-53b3-45e7-985a-c7732dbcdb69',
      stage_name: 'Proposal Sent',
      open_count: 1,
      open_value: 4800,
      weighted_value: 2880,
    },
  ],
  owners: [
    {
      owner_id: '082goXVW3lIExEQPOnd3',
      owner_name: 'Maria Lopez',
      open_count: 1,
      open_value: 4800,
      weighted_value: 2880,
      created_count: 1,
      won_count: 1,
      won_value: 1200,
      lost_count: 1,
      win_rate: 50,
    },
  ],
  largest_opportunities: [opportunity],
  stalest_opportunities: [opportunity],
};

/* Written out, as to format it when the app is loaded takes 15 ms of every start. */
const TEXT = `Sales: Nov 20, 2026 (America/Chicago)
- Open now: 1 opportunity worth 4,800
- Weighted forecast: 2,880
- Created: 1 opportunity worth 4,800
- Won: 1 opportunity worth 1,200
- Lost: 1 opportunity worth 500
- Abandoned: none
- Win rate: 50% (1 of 2)

Open by stage
- Proposal Sent: 1 opportunity worth 4,800

By owner
- Maria Lopez: open 1 opportunity worth 4,800, won 1 opportunity worth 1,200, lost 1 opportunity

Largest open opportunities
- Website for Harbor Cafe: 4,800 (Proposal Sent, Maria Lopez)

Longest in their stage
- Website for Harbor Cafe: 2 days in Proposal Sent, worth 4,800`;

const MARKDOWN = `**Sales: Nov 20, 2026 (America/Chicago)**

- Open now: 1 opportunity worth 4,800
- Weighted forecast: 2,880
- Created: 1 opportunity worth 4,800
- Won: 1 opportunity worth 1,200
- Lost: 1 opportunity worth 500
- Abandoned: none
- Win rate: 50% (1 of 2)

**Open by stage**

- Proposal Sent: 1 opportunity worth 4,800

**By owner**

- Maria Lopez: open 1 opportunity worth 4,800, won 1 opportunity worth 1,200, lost 1 opportunity

**Largest open opportunities**

- [Website for Harbor Cafe](${opportunity.url}): 4,800 (Proposal Sent, Maria Lopez)

**Longest in their stage**

- [Website for Harbor Cafe](${opportunity.url}): 2 days in Proposal Sent, worth 4,800`;

export const summarySample = {
  ...head,
  ...numbers,
  text: TEXT,
  markdown: MARKDOWN,
  is_complete: true,
  opportunities_read: 3,
  search_requests: 1,
};

const opportunityLines = (key: string, label: string) =>
  [
    { key: `${key}[]id`, label: `${label}: Opportunity ID`, type: 'string' },
    { key: `${key}[]name`, label: `${label}: Opportunity Name`, type: 'string' },
    { key: `${key}[]monetary_value`, label: `${label}: Value`, type: 'number' },
    { key: `${key}[]pipeline_name`, label: `${label}: Pipeline Name`, type: 'string' },
    { key: `${key}[]stage_name`, label: `${label}: Stage Name`, type: 'string' },
    { key: `${key}[]owner_name`, label: `${label}: Owner Name`, type: 'string' },
    { key: `${key}[]contact_name`, label: `${label}: Contact Name`, type: 'string' },
    { key: `${key}[]days_in_stage`, label: `${label}: Days in Stage`, type: 'integer' },
    { key: `${key}[]url`, label: `${label}: Link`, type: 'string' },
  ] as const;

/** What stands in the definition itself, which core copies and freezes in each call, unlike functions. */
const KEY_OUTPUT = [
  { key: 'text', label: 'Summary as Plain Text', type: 'string' },
  { key: 'markdown', label: 'Summary as Formatted Text (Markdown)', type: 'string' },
  { key: 'open_count', label: 'Open Opportunities', type: 'integer' },
  { key: 'open_value', label: 'Value of Open Opportunities', type: 'number' },
  { key: 'created_count', label: 'Opportunities Created', type: 'integer' },
  { key: 'won_count', label: 'Opportunities Won', type: 'integer' },
  { key: 'won_value', label: 'Value Won', type: 'number' },
  { key: 'lost_count', label: 'Opportunities Lost', type: 'integer' },
  { key: 'win_rate', label: 'Win Rate in Percent', type: 'number' },
] as const;

const FURTHER = [
  { key: 'pipeline_id', label: 'Pipeline ID', type: 'string' },
  { key: 'pipeline_name', label: 'Pipeline Name', type: 'string' },
  { key: 'period_start', label: 'First Day', type: 'string' },
  { key: 'period_end', label: 'Last Day', type: 'string' },
  { key: 'time_zone', label: 'Time Zone', type: 'string' },
  { key: 'weighted_value', label: 'Weighted Forecast', type: 'number' },
  { key: 'no_probability_count', label: 'Open Opportunities Without Probability', type: 'integer' },
  { key: 'created_value', label: 'Value Created', type: 'number' },
  { key: 'lost_value', label: 'Value Lost', type: 'number' },
  { key: 'abandoned_count', label: 'Opportunities Abandoned', type: 'integer' },
  { key: 'abandoned_value', label: 'Value Abandoned', type: 'number' },
  { key: 'stages[]pipeline_id', label: 'Stages: Pipeline ID', type: 'string' },
  { key: 'stages[]pipeline_name', label: 'Stages: Pipeline Name', type: 'string' },
  { key: 'stages[]stage_id', label: 'Stages: Stage ID', type: 'string' },
  { key: 'stages[]stage_name', label: 'Stages: Stage Name', type: 'string' },
  { key: 'stages[]open_count', label: 'Stages: Open Opportunities', type: 'integer' },
  { key: 'stages[]open_value', label: 'Stages: Value of Open Opportunities', type: 'number' },
  { key: 'stages[]weighted_value', label: 'Stages: Weighted Forecast', type: 'number' },
  { key: 'owners[]owner_id', label: 'Owners: Owner ID', type: 'string' },
  { key: 'owners[]owner_name', label: 'Owners: Owner Name', type: 'string' },
  { key: 'owners[]open_count', label: 'Owners: Open Opportunities', type: 'integer' },
  { key: 'owners[]open_value', label: 'Owners: Value of Open Opportunities', type: 'number' },
  { key: 'owners[]weighted_value', label: 'Owners: Weighted Forecast', type: 'number' },
  { key: 'owners[]created_count', label: 'Owners: Opportunities Created', type: 'integer' },
  { key: 'owners[]won_count', label: 'Owners: Opportunities Won', type: 'integer' },
  { key: 'owners[]won_value', label: 'Owners: Value Won', type: 'number' },
  { key: 'owners[]lost_count', label: 'Owners: Opportunities Lost', type: 'integer' },
  { key: 'owners[]win_rate', label: 'Owners: Win Rate in Percent', type: 'number' },
  ...opportunityLines('largest_opportunities', 'Largest Opportunities'),
  ...opportunityLines('stalest_opportunities', 'Longest in Stage'),
  { key: 'is_complete', label: 'All Opportunities Are Counted', type: 'boolean' },
  { key: 'left_out_count', label: 'Opportunities Not Counted', type: 'integer' },
  { key: 'opportunities_read', label: 'Opportunities Read', type: 'integer' },
  { key: 'search_requests', label: 'Search Requests Made', type: 'integer' },
] as const;

export const summaryOutputFields = [...KEY_OUTPUT, async () => [...FURTHER]];
