/**
 * What HighLevel remembers, in the spelling of its own records.
 *
 * Rows keep `null` for "empty"; which answer shows a null and which omits the key is the routes' business,
 * because HighLevel itself does it differently per endpoint (recorded, highlevel-api.md §0).
 */

export type Status = 'open' | 'won' | 'lost' | 'abandoned';

export interface Location {
  id: string;
  companyId: string;
  name: string;
  timezone: string;
  /** A paused sub-account: its tokens stop refreshing until it is active again. */
  active: boolean;
  settings: {
    allowDuplicateContact: boolean;
    allowDuplicateOpportunity: boolean;
  };
}

export interface Stage {
  id: string;
  name: string;
  position: number;
  showInFunnel: boolean;
  showInPieChart: boolean;
  /** Percent, 0 to 100. */
  stageWinProbability: number;
}

export interface Pipeline {
  id: string;
  locationId: string;
  name: string;
  /** HighLevel sends a pipeline's own position as a string (recorded). */
  position: string;
  stages: Stage[];
  showInFunnel: boolean;
  showInPieChart: boolean;
  useOpportunityProbability: boolean;
  colorRenderMode: 'dot' | 'bg-tint' | 'none';
  dateAdded: string;
  dateUpdated: string;
}

export interface User {
  id: string;
  companyId: string;
  /** Sub-accounts this person works in. */
  locationIds: string[];
  name: string;
  firstName: string;
  lastName: string;
  email: string;
  phone: string;
  deleted: boolean;
}

interface ContactCustomField {
  id: string;
  value: unknown;
}

export interface Contact {
  id: string;
  locationId: string;
  firstName: string | null;
  lastName: string | null;
  email: string | null;
  phone: string | null;
  companyName: string | null;
  assignedTo: string | null;
  source: string | null;
  tags: string[];
  customFields: ContactCustomField[];
  dateAdded: string;
  dateUpdated: string;
  /** The first and the last source that brought the contact; absent where none is known. */
  attribution?: { first: Attribution; last: Attribution };
  /** What else a contact's body may carry (address1, website, dnd and so on): kept and given back as sent. */
  details?: Record<string, unknown>;
}

export interface OpportunityCustomField {
  id: string;
  value: unknown;
}

export interface Opportunity {
  id: string;
  locationId: string;
  name: string;
  monetaryValue: number;
  pipelineId: string;
  pipelineStageId: string;
  assignedTo: string | null;
  status: Status;
  source: string | null;
  contactId: string;
  lostReasonId: string | null;
  forecastExpectedCloseDate: string | null;
  forecastProbability: number | null;
  followers: string[];
  customFields: OpportunityCustomField[];
  createdAt: string;
  updatedAt: string;
  lastStatusChangeAt: string;
  lastStageChangeAt: string;
}

export interface LostReason {
  id: string;
  locationId: string;
  name: string;
  deleted: boolean;
  createdAt: string;
  updatedAt: string;
}

export interface CustomField {
  id: string;
  locationId: string;
  model: 'contact' | 'opportunity';
  name: string;
  fieldKey: string;
  /** TEXT, LARGE_TEXT, NUMERICAL, PHONE, MONETORY (sic), CHECKBOX, SINGLE_OPTIONS, MULTIPLE_OPTIONS, RADIO, DATE, TEXTBOX_LIST, FILE_UPLOAD, EMAIL */
  dataType: string;
  placeholder: string;
  position: number;
  picklistOptions: string[];
}

/** A note of /contacts/{id}/notes or of the top-level /notes API; `relations` names its records. */
export interface Note {
  id: string;
  locationId: string;
  body: string;
  title: string | null;
  color: string | null;
  pinned: boolean;
  userId: string | null;
  relations: { objectKey: string; recordId: string }[];
  dateAdded: string;
}

export interface Task {
  id: string;
  locationId: string;
  contactId: string;
  title: string;
  body: string | null;
  assignedTo: string | null;
  dueDate: string;
  completed: boolean;
  dateAdded: string;
}

/** An automation of HighLevel's, in the spelling of its own list. */
export interface Workflow {
  /** A UUID. */
  id: string;
  name: string;
  status: 'published' | 'draft';
  version: number;
  createdAt: string;
  updatedAt: string;
  locationId: string;
}

/** A contact that was put into a workflow. */
interface Enrolment {
  /** Contact's and workflow's id, with a slash between. */
  id: string;
  locationId: string;
  contactId: string;
  workflowId: string;
  /** As it was sent. */
  eventStartTime: string | null;
  dateAdded: string;
}

/** Where a contact came from, by the keys of the specification [spec: AttributionSource]. */
interface Attribution {
  url: string;
  campaign?: string | null;
  campaignId?: string | null;
  utmSource?: string | null;
  utmMedium?: string | null;
  utmContent?: string | null;
  referrer?: string | null;
  gclid?: string | null;
  fbclid?: string | null;
  medium?: string | null;
  mediumId?: string | null;
}

/** A relation between two records, such as an opportunity's further contact. */
export interface Relation {
  id: string;
  locationId: string;
  associationId: string;
  firstObjectKey: string;
  firstRecordId: string;
  secondObjectKey: string;
  secondRecordId: string;
}

export interface State {
  locations: Map<string, Location>;
  pipelines: Map<string, Pipeline>;
  users: Map<string, User>;
  contacts: Map<string, Contact>;
  opportunities: Map<string, Opportunity>;
  lostReasons: Map<string, LostReason>;
  customFields: Map<string, CustomField>;
  notes: Map<string, Note>;
  tasks: Map<string, Task>;
  relations: Map<string, Relation>;
  workflows: Map<string, Workflow>;
  enrolments: Map<string, Enrolment>;
}

export function emptyState(): State {
  return {
    locations: new Map(),
    pipelines: new Map(),
    users: new Map(),
    contacts: new Map(),
    opportunities: new Map(),
    lostReasons: new Map(),
    customFields: new Map(),
    notes: new Map(),
    tasks: new Map(),
    relations: new Map(),
    workflows: new Map(),
    enrolments: new Map(),
  };
}
