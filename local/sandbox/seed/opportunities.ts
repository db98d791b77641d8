import type {
  Contact,
  CustomField,
  LostReason,
  Opportunity,
  Pipeline,
  State,
  Status,
  User,
} from '../state/records.ts';
import { sampleValue } from './fields.ts';
import { SOURCES } from './people.ts';
import type { SeedRandom } from './random.ts';

const DAY = 86_400_000;
/** The seed reaches this many days back. */
export const SEED_DAYS = 120;

const JOBS = [
  'Website redesign',
  'Brand refresh',
  'Ad campaign',
  'Email setup',
  'Growth retainer',
  'Audit',
  'Workshop',
];

export interface SeedParts {
  locationId: string;
  pipelines: [Pipeline, ...Pipeline[]];
  contacts: [Contact, ...Contact[]];
  /** Active owners. */
  users: [User, ...User[]];
  /** An archived owner of one opportunity. */
  formerUser: User | null;
  lostReasons: LostReason[];
  fields: CustomField[];
}

/**
 * How long ago the `index`-th of `count` opportunities was created, in ms: evenly spread over the seed's days, the
 * first being the youngest.
 */
export function ageOfOpportunity(index: number, count: number): number {
  return Math.floor(((index + 0.5) / count) * SEED_DAYS * DAY);
}

/**
 * Adds opportunities of which no two share contact and pipeline, as a location that forbids duplicates would have.
 *
 * @param count how many; at most contacts × pipelines
 * @param now the sandbox's clock in ms since the epoch
 */
export function seedOpportunities(
  state: State,
  random: SeedRandom,
  parts: SeedParts,
  count: number,
  now: number,
): Opportunity[] {
  const opportunities: Opportunity[] = [];
  for (let index = 0; index < count; index++) {
    const opportunity = opportunityOf(index, random, parts, now - ageOfOpportunity(index, count), now);
    state.opportunities.set(opportunity.id, opportunity);
    opportunities.push(opportunity);
  }
  return opportunities;
}

function opportunityOf(
  index: number,
  random: SeedRandom,
  parts: SeedParts,
  created: number,
  now: number,
): Opportunity {
  const { contacts, pipelines } = parts;
  const contactIndex = index % contacts.length;
  const contact = contacts[contactIndex] ?? contacts[0];
  const round = Math.floor(index / contacts.length);
  // Two of three first opportunities are in the first pipeline; a contact's next opportunity is in its next pipeline.
  const home = contactIndex % 3 === 2 ? 1 : 0;
  const pipeline = pipelines[(home + round) % pipelines.length] ?? pipelines[0];

  const age = now - created;
  const isStale = age > 30 * DAY && index % 7 === 3;
  const status: Status = age < 3 * DAY || isStale ? 'open' : statusOf(index);
  const lastStage = pipeline.stages.length - 1;
  const stageIndex =
    status === 'won'
      ? lastStage
      : Math.min(lastStage, Math.floor((age / (SEED_DAYS * DAY)) * 4 + random.next()));
  const stage = pipeline.stages[stageIndex];

  // An opportunity that never moved bears its creation time, or 1 ms later, as its last change [recorded].
  const untouched = created + (index % 2);
  const liveliness = isStale ? 0.05 : 0.3 + random.next() * 0.4;
  const stageAt = stageIndex === 0 ? untouched : created + Math.floor(age * liveliness);
  const statusAt = status === 'open' ? untouched : stageAt + Math.floor((now - stageAt) * 0.5);
  const touchedAt = Math.max(created, stageIndex === 0 ? 0 : stageAt, status === 'open' ? 0 : statusAt);
  const edited = !isStale && index % 5 === 0 ? touchedAt + Math.floor((now - touchedAt) * 0.5) : touchedAt;

  const owner = ownerOf(index, parts);
  // HighLevel keeps the owner of a contact and of its opportunity in step by default [measured by others].
  if (owner !== null && contact.assignedTo === null) contact.assignedTo = owner.id;
  const lostReason = parts.lostReasons[index % (parts.lostReasons.length + 1)];
  const company = contact.companyName ?? `${contact.firstName ?? ''} ${contact.lastName ?? ''}`.trim();
  return {
    id: random.id(),
    locationId: parts.locationId,
    name: `${company}: ${JOBS[index % JOBS.length]}`,
    monetaryValue: index % 11 === 10 ? 0 : 500 + random.below(240) * 50,
    pipelineId: pipeline.id,
    pipelineStageId: stage?.id ?? '',
    assignedTo: owner?.id ?? null,
    status,
    source: SOURCES[(index + 1) % SOURCES.length] ?? null,
    contactId: contact.id,
    lostReasonId: status === 'lost' ? (lostReason?.id ?? null) : null,
    forecastExpectedCloseDate:
      status === 'open' && index % 3 === 0
        ? new Date(now + (7 + (index % 50)) * DAY).toISOString().slice(0, 10)
        : null,
    forecastProbability: status === 'open' && index % 6 === 0 ? 40 : null,
    followers: index % 4 === 1 ? [parts.users[index % parts.users.length]?.id ?? parts.users[0].id] : [],
    customFields: valuesOf(index, parts.fields, random, now),
    createdAt: iso(created),
    updatedAt: iso(edited),
    lastStatusChangeAt: iso(statusAt),
    lastStageChangeAt: iso(stageAt),
  };
}

function statusOf(index: number): Status {
  const bucket = (index * 7) % 10;
  if (bucket < 5) return 'open';
  if (bucket < 7) return 'won';
  return bucket < 9 ? 'lost' : 'abandoned';
}

function ownerOf(index: number, parts: SeedParts): User | null {
  if (index === 17 && parts.formerUser !== null) return parts.formerUser;
  return index % 6 === 4 ? null : (parts.users[index % parts.users.length] ?? null);
}

// The first field, the external id, is on four opportunities of five; the others come and go, each on some opportunity.
function valuesOf(
  index: number,
  fields: CustomField[],
  random: SeedRandom,
  now: number,
): Opportunity['customFields'] {
  return fields
    .filter((_, position) => (position === 0 ? index % 5 !== 4 : (index + position) % 6 === 0))
    .map((field) => ({ id: field.id, value: sampleValue(field, index, random, now) }));
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
