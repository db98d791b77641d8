import type { SandboxContext } from '../state/context.ts';
import type { Contact, Location, Pipeline, User } from '../state/records.ts';
import { seedContactFields, seedContactFiles, seedOpportunityFields } from './fields.ts';
import { seedNotesAndTasks } from './notes.ts';
import { ageOfOpportunity, SEED_DAYS, seedOpportunities } from './opportunities.ts';
import { seedContacts, seedUser } from './people.ts';
import { ONBOARDING_STAGES, SALES_STAGES, seedLostReasons, seedPipeline } from './pipelines.ts';
import { seedRandom } from './random.ts';
import { seedWorkflows } from './workflows.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

interface SeededPipeline {
  id: string;
  /** Stage ids by stage name. */
  stages: Record<string, string>;
}

/** The ids of what was seeded, by name. */
export interface SeedResult {
  companyId: string;
  companyName: string;
  locationId: string;
  locationName: string;
  /** `Sales` and `Onboarding`. */
  pipelines: Record<string, SeededPipeline>;
  /** Active users of the main location, by full name. */
  users: Record<string, string>;
  /** The person who installed the app: one of the users, at home in both locations. */
  installerId: string;
  /** The archived user who still owns an opportunity. */
  formerUserId: string;
  lostReasons: Record<string, string>;
  /** Workflow ids by name. */
  workflows: Record<string, string>;
  /** By field key, for example `opportunity.external_id` and `contact.account_number`. */
  customFields: Record<string, string>;
  contactIds: string[];
  /** Youngest first. */
  opportunityIds: string[];
  /** Another location of the same agency, whose records no token of the main one may see. */
  other: {
    locationId: string;
    pipelineId: string;
    stageId: string;
    userId: string;
    contactId: string;
    opportunityId: string;
  };
}

/**
 * Fills an empty sandbox with one agency and two locations. The same clock gives the same records, ids
 * included; no events are emitted, as these records were there before the app was installed.
 *
 * @param ctx the sandbox's context; times are relative to its clock
 * @param options `opportunities`: how many opportunities the main location has (default 30); contacts grow with
 *   them, since one contact has at most one opportunity in a pipeline. The other location has one opportunity more
 */
export function seed(
  ctx: Pick<SandboxContext, 'state' | 'now'>,
  options: { opportunities?: number } = {},
): SeedResult {
  const { state } = ctx;
  const now = ctx.now();
  const random = seedRandom(20);
  const count = options.opportunities ?? 30;
  const founded = new Date(now - (SEED_DAYS + 30) * DAY).toISOString();

  const companyId = random.id();
  const main = addLocation(random.id(), 'Harbor & Pine Consulting', 'America/Los_Angeles');
  const other = addLocation(random.id(), 'Harbor & Pine East', 'America/New_York');

  const sales = seedPipeline(state, random, main.id, 'Sales', SALES_STAGES, founded);
  const onboarding = seedPipeline(state, random, main.id, 'Onboarding', ONBOARDING_STAGES, founded);
  const eastern = seedPipeline(state, random, other.id, 'East Sales', SALES_STAGES.slice(0, 3), founded);
  const lostReasons = seedLostReasons(state, random, main.id, founded);
  const opportunityFields = seedOpportunityFields(state, random, main.id);
  const contactFields = seedContactFields(state, random, main.id);

  const addUser = (name: string, locationIds: string[], deleted = false): User =>
    seedUser(state, random, companyId, locationIds, name, deleted);
  const users: [User, ...User[]] = [
    addUser('Dana Whitfield', [main.id, other.id]),
    addUser('Marcus Boyd', [main.id]),
    addUser('Sofia Lindqvist', [main.id]),
  ];
  const formerUser = addUser('Peter Garrow', [main.id], true);
  const easternUser = addUser('Helen Ortiz', [other.id]);

  const contacts = seedContacts(state, random, main.id, contactDates(count, now), contactFields, now);
  const opportunities = seedOpportunities(
    state,
    random,
    {
      locationId: main.id,
      pipelines: [sales, onboarding],
      contacts: atLeastOne(contacts),
      users,
      formerUser,
      lostReasons,
      fields: opportunityFields,
    },
    count,
    now,
  );

  const easternContacts = seedContacts(state, random, other.id, [founded, founded], [], now);
  const easternOpportunities = seedOpportunities(
    state,
    random,
    {
      locationId: other.id,
      pipelines: [eastern],
      contacts: atLeastOne(easternContacts),
      users: [easternUser],
      formerUser: null,
      lostReasons: [],
      fields: [],
    },
    1,
    now,
  );
  seedNotesAndTasks(state, random, opportunities, users[0].id, now);
  const workflows = seedWorkflows(state, random, main.id, founded);
  const fileField = seedContactFiles(state, random, main.id, contacts, now);

  return {
    companyId,
    companyName: 'Harbor & Pine',
    locationId: main.id,
    locationName: main.name,
    pipelines: { Sales: seeded(sales), Onboarding: seeded(onboarding) },
    users: Object.fromEntries(users.map((user) => [user.name, user.id])),
    installerId: users[0].id,
    formerUserId: formerUser.id,
    lostReasons: Object.fromEntries(lostReasons.map((reason) => [reason.name, reason.id])),
    workflows: Object.fromEntries(workflows.map(({ name, id }) => [name, id])),
    customFields: Object.fromEntries(
      [...opportunityFields, ...contactFields, ...fileField].map((field) => [field.fieldKey, field.id]),
    ),
    contactIds: contacts.map((contact) => contact.id),
    opportunityIds: opportunities.map((opportunity) => opportunity.id),
    other: {
      locationId: other.id,
      pipelineId: eastern.id,
      stageId: eastern.stages[0]?.id ?? '',
      userId: easternUser.id,
      contactId: easternContacts[0]?.id ?? '',
      opportunityId: easternOpportunities[0]?.id ?? '',
    },
  };

  function addLocation(id: string, name: string, timezone: string): Location {
    const location: Location = {
      id,
      companyId,
      name,
      timezone,
      active: true,
      // HighLevel's own defaults: no two contacts with one email, one opportunity per contact and pipeline.
      settings: { allowDuplicateContact: false, allowDuplicateOpportunity: false },
    };
    state.locations.set(id, location);
    return location;
  }
}

// A contact is as old as its oldest opportunity and some hours more; with 30 opportunities there are 25 contacts.
function contactDates(opportunities: number, now: number): string[] {
  const contacts = Math.max(25, Math.ceil((opportunities * 5) / 6));
  return Array.from({ length: contacts }, (_, index) => {
    const oldest = index + contacts < opportunities ? index + contacts : index;
    const age = ageOfOpportunity(
      Math.min(oldest, Math.max(opportunities - 1, 0)),
      Math.max(opportunities, 1),
    );
    return new Date(now - age - (1 + (index % 48)) * HOUR).toISOString();
  });
}

function atLeastOne(contacts: Contact[]): [Contact, ...Contact[]] {
  const [first, ...rest] = contacts;
  if (first === undefined) throw new Error('The seed has no contacts.');
  return [first, ...rest];
}

function seeded(pipeline: Pipeline): SeededPipeline {
  return {
    id: pipeline.id,
    stages: Object.fromEntries(pipeline.stages.map((stage) => [stage.name, stage.id])),
  };
}
