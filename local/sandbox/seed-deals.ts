import { sampleValue } from './seed-fields.ts';
import { SOURCES } from './seed-people.ts';
import type { SeedRandom } from './seed-random.ts';
import type {
  Contact,
  CustomField,
  LostReason,
  Opportunity,
  Pipeline,
  State,
  Status,
  User,
} from './state.ts';

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

export interface DealParts {
  locationId: string;
  pipelines: [Pipeline, ...Pipeline[]];
  contacts: [Contact, ...Contact[]];
  /** Active owners. */
  users: [User, ...User[]];
  /** An archived owner of one deal. */
  formerUser: User | null;
  lostReasons: LostReason[];
  fields: CustomField[];
}

/**
 * How long ago the `index`-th of `count` deals was created, in ms: evenly spread over the seed's days, the
 * first being the youngest.
 */
export function ageOfDeal(index: number, count: number): number {
  return Math.floor(((index + 0.5) / count) * SEED_DAYS * DAY);
}

/**
 * Adds deals of which no two share contact and pipeline, as a location that forbids duplicates would have.
 *
 * @param count how many; at most contacts × pipelines
 * @param now the sandbox's clock in ms since the epoch
 */
export function seedDeals(
  state: State,
  random: SeedRandom,
  parts: DealParts,
  count: number,
  now: number,
): Opportunity[] {
  const deals: Opportunity[] = [];
  for (let index = 0; index < count; index++) {
    const deal = dealOf(index, random, parts, now - ageOfDeal(index, count), now);
    state.opportunities.set(deal.id, deal);
    deals.push(deal);
  }
  return deals;
}

function dealOf(
  index: number,
  random: SeedRandom,
  parts: DealParts,
  created: number,
  now: number,
): Opportunity {
  const { contacts, pipelines } = parts;
  const contactIndex = index % contacts.length;
  const contact = contacts[contactIndex] ?? contacts[0];
  const round = Math.floor(index / contacts.length);
  // Two of three first deals are in the first pipeline; a contact's next deal is in its next pipeline.
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

  // A deal that never moved bears its creation time, or 1 ms later, as its last change [recorded].
  const untouched = created + (index % 2);
  const liveliness = isStale ? 0.05 : 0.3 + random.next() * 0.4;
  const stageAt = stageIndex === 0 ? untouched : created + Math.floor(age * liveliness);
  const statusAt = status === 'open' ? untouched : stageAt + Math.floor((now - stageAt) * 0.5);
  const touchedAt = Math.max(created, stageIndex === 0 ? 0 : stageAt, status === 'open' ? 0 : statusAt);
  const edited = !isStale && index % 5 === 0 ? touchedAt + Math.floor((now - touchedAt) * 0.5) : touchedAt;

  const owner = ownerOf(index, parts);
  // HighLevel keeps the owner of a contact and of its deal in step by default [measured by others].
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
  const place = (index * 7) % 10;
  if (place < 5) return 'open';
  if (place < 7) return 'won';
  return place < 9 ? 'lost' : 'abandoned';
}

function ownerOf(index: number, parts: DealParts): User | null {
  if (index === 17 && parts.formerUser !== null) return parts.formerUser;
  return index % 6 === 4 ? null : (parts.users[index % parts.users.length] ?? null);
}

// The first field, the external id, is on four deals of five; the others come and go, each on some deal.
function valuesOf(
  index: number,
  fields: CustomField[],
  random: SeedRandom,
  now: number,
): Opportunity['customFields'] {
  return fields
    .filter((_, place) => (place === 0 ? index % 5 !== 4 : (index + place) % 6 === 0))
    .map((field) => ({ id: field.id, value: sampleValue(field, index, random, now) }));
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
