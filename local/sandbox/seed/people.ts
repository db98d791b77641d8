import type { Contact, CustomField, State, User } from '../state/records.ts';
import { sampleValue } from './fields.ts';
import type { SeedRandom } from './random.ts';

const FIRST_NAMES = [
  'Amara',
  'Bruno',
  'Carla',
  'Deniz',
  'Elena',
  'Farid',
  'Grace',
  'Hugo',
  'Ines',
  'Jonas',
  'Keiko',
  'Liam',
  'Maya',
  'Noor',
  'Oscar',
  'Priya',
  'Quinn',
  'Rosa',
  'Samir',
  'Tessa',
  'Umar',
  'Vera',
  'Wen',
  'Ximena',
  'Yusuf',
];
const LAST_NAMES = [
  'Abbott',
  'Brandt',
  'Costa',
  'Dahl',
  'Egan',
  'Flores',
  'Grant',
  'Hale',
  'Ito',
  'Jansen',
  'Khan',
  'Lund',
  'Moreau',
  'Novak',
  'Okafor',
  'Perez',
  'Reyes',
  'Silva',
  'Tran',
  'Voss',
  'Walsh',
  'Young',
  'Zeller',
];
const COMPANIES = [
  'Bluebird Bakery',
  'Cedar Dental',
  'Delta Plumbing',
  'Evergreen Yoga',
  'Foxglove Florist',
  'Granite Gym',
  'Hillside Vet',
  'Ironwood Cafe',
  'Juniper Law',
  'Kestrel Cycles',
  'Lantern Books',
  'Mossy Oak Landscaping',
  'Northwind Movers',
  'Orchard School',
  'Pinecone Toys',
  'Quarry Stone',
  'Riverbend Spa',
];
const TAGS = ['vip', 'newsletter', 'webinar', 'referral', 'cold', 'returning'] as const;

/** Where leads come from; a source can be empty. */
export const SOURCES = ['Website', 'Referral', 'Google Ads', 'Trade Show', null] as const;

/**
 * Adds one user of the agency.
 *
 * @param locationIds the sub-accounts that the person works in
 * @param deleted an archived person: still named as the owner of old opportunities, no longer found by search
 */
export function seedUser(
  state: State,
  random: SeedRandom,
  companyId: string,
  locationIds: string[],
  name: string,
  deleted: boolean,
): User {
  const [firstName = '', lastName = ''] = name.split(' ');
  const user: User = {
    id: random.id(),
    companyId,
    locationIds,
    name,
    firstName,
    lastName,
    email: `${firstName}.${lastName}@harborpine.example`.toLowerCase(),
    phone: `+1206555${String(1000 + state.users.size)}`,
    deleted,
  };
  state.users.set(user.id, user);
  return user;
}

/**
 * Adds contacts, each with an email or a phone number of its own.
 *
 * @param dates ISO times at which each of them was added; their number is the number of contacts
 * @param fields the location's contact fields; every third contact has them filled
 * @param now the sandbox's clock in ms since the epoch
 */
export function seedContacts(
  state: State,
  random: SeedRandom,
  locationId: string,
  dates: string[],
  fields: CustomField[],
  now: number,
): Contact[] {
  return dates.map((dateAdded, index) => {
    const firstName = FIRST_NAMES[index % FIRST_NAMES.length] ?? '';
    const lastName = LAST_NAMES[(index * 7) % LAST_NAMES.length] ?? '';
    const suffix = index < FIRST_NAMES.length ? '' : String(index);
    // Beyond the first few every contact has an email, so that none is left without both.
    const email =
      index % 9 === 8 && index < 25 ? null : `${firstName}.${lastName}${suffix}@mail.example`.toLowerCase();
    const phone = email !== null && index % 7 === 6 ? null : phoneOf(index);
    const contact: Contact = {
      id: random.id(),
      locationId,
      firstName,
      lastName,
      email,
      phone,
      companyName: index % 3 === 1 ? null : (COMPANIES[index % COMPANIES.length] ?? null),
      assignedTo: null,
      source: SOURCES[index % SOURCES.length] ?? null,
      tags: index % 4 === 3 ? [] : [...new Set([random.pick(TAGS), random.pick(TAGS)])],
      customFields:
        index % 3 === 0
          ? fields.map((field) => ({ id: field.id, value: sampleValue(field, index, random, now) }))
          : [],
      dateAdded,
      dateUpdated: dateAdded,
      ...(index % 5 === 2 ? { attribution: attributionOf(index) } : {}),
    };
    state.contacts.set(contact.id, contact);
    return contact;
  });
}

/** Every fifth contact came by an ad and returned by another way. */
function attributionOf(index: number): NonNullable<Contact['attribution']> {
  const isGoogle = index % 2 === 0;
  return {
    first: {
      url: 'https://harborpine.example/offer',
      campaign: 'Spring offer',
      campaignId: `cmp${1000 + index}`,
      utmSource: isGoogle ? 'google' : 'facebook',
      utmMedium: 'cpc',
      utmContent: 'headline-b',
      referrer: isGoogle ? 'https://www.google.com/' : 'https://www.facebook.com/',
      ...(isGoogle ? { gclid: `Cj0KCQ${index}wnNyUBhCZ` } : { fbclid: `IwAR${index}kL9xTq` }),
      medium: 'form',
      mediumId: null,
    },
    last: {
      url: 'https://harborpine.example/booking',
      utmSource: 'newsletter',
      utmMedium: 'email',
      medium: 'calendar',
      mediumId: null,
    },
  };
}

// 7 digits count up within 555-numbers of one area code after another, so that no two contacts share one.
function phoneOf(index: number): string {
  return `+1${201 + Math.floor(index / 10_000)}555${String(index % 10_000).padStart(4, '0')}`;
}
