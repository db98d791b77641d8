import type { Client } from '../http/client.ts';
import { advancedSearch, MOST_PER_ADVANCED_PAGE, mayBeRefused } from './advanced-search.ts';
import {
  advancedFilters,
  type Criteria,
  listFilters,
  meets,
  suitsAdvancedSearch,
  suitsList,
} from './criteria.ts';
import type { OpportunityRecord } from './record.ts';
import { type Cursor, MOST_PER_PAGE, searchPage } from './requests.ts';

export interface Search {
  /** How many rows are likely wanted: few are asked of GET, which is in the specification, many of POST. */
  likely: number;
  /** Whether what was found so far is enough. */
  enough: (found: OpportunityRecord[]) => boolean;
  /** After this no page is begun, in ms since the epoch: a step has 30 s in all on Zapier. [docs] */
  until: number;
}

type Stop = Pick<Search, 'enough' | 'until'>;

export interface Found {
  /** Those that meet the criteria, newest created first. */
  records: OpportunityRecord[];
  /** How many HighLevel gave to look through. */
  looked: number;
  /** How many meet the criteria in all; null where that was not counted. */
  matching: number | null;
  /** Whether all that HighLevel has was looked through. */
  whole: boolean;
}

interface Page<Place> {
  records: OpportunityRecord[];
  total: number | null;
  next: Place | null;
}

/** 5,000 rows by POST, 2,000 by GET: more would not fit into the 30 s that Zapier gives a step. [docs] */
const MOST_ADVANCED_PAGES = 10;
const MOST_LIST_PAGES = 20;

/**
 * Looks for opportunities, newest created first, by whichever search filters by what is asked for; what neither can
 * filter by is filtered here. Should HighLevel refuse the POST, the GET is read instead.
 *
 * The POST answers a filter that it does not understand with no rows instead of an error [measured by others], so an
 * answer without rows is believed only once a page of the GET has nothing either.
 */
export async function searchOpportunities(
  client: Client,
  criteria: Criteria,
  search: Search,
): Promise<Found> {
  const list = (stop: Stop) => byList(client, criteria, stop);
  if (search.likely <= MOST_PER_PAGE && suitsList(criteria)) return list(search);
  try {
    const found = await byAdvancedSearch(client, criteria, search);
    if (found.looked > 0) return found;
  } catch (error) {
    if (!mayBeRefused(error)) throw error;
    return list(search);
  }
  const glance = await list({ ...search, enough: () => true });
  return glance.records.length > 0 ? list(search) : { ...glance, matching: 0, whole: true };
}

function byList(client: Client, criteria: Criteria, stop: Stop): Promise<Found> {
  const filters = listFilters(criteria);
  // HighLevel's text search looks at the contact as well, so with a name its total is not of those that match.
  const counted = suitsList(criteria) && criteria.name === undefined;
  return look<Cursor>(criteria, { mostPages: MOST_LIST_PAGES, counted, ...stop }, (place) =>
    searchPage(client, filters, MOST_PER_PAGE, place),
  );
}

function byAdvancedSearch(client: Client, criteria: Criteria, stop: Stop): Promise<Found> {
  const query = {
    filters: advancedFilters(criteria),
    sort: { field: 'date_added', direction: 'desc' } as const,
    limit: MOST_PER_ADVANCED_PAGE,
  };
  const counted = suitsAdvancedSearch(criteria);
  return look<unknown[]>(criteria, { mostPages: MOST_ADVANCED_PAGES, counted, ...stop }, (after) =>
    advancedSearch(client, { ...query, after }),
  );
}

/** Page after page; a row that slid onto the next page while reading counts once. */
async function look<Place>(
  criteria: Criteria,
  { mostPages, counted, enough, until }: Stop & { mostPages: number; counted: boolean },
  read: (place: Place | null) => Promise<Page<Place>>,
): Promise<Found> {
  const seen = new Set<string>();
  const records: OpportunityRecord[] = [];
  let total: number | null = null;
  let place: Place | null = null;
  for (let pages = 0; pages < mostPages; pages++) {
    const page: Page<Place> = await read(place);
    const fresh = page.records.filter(({ id }) => !seen.has(id));
    for (const { id } of fresh) seen.add(id);
    records.push(...fresh.filter((record) => meets(record, criteria)));
    total ??= page.total;
    place = page.next;
    // Without one new row the cursor leads nowhere; one can follow even the last page. [measured by others]
    if (!place || fresh.length === 0 || (total !== null && seen.size >= total)) {
      return { records, looked: seen.size, matching: records.length, whole: true };
    }
    if (enough(records) || Date.now() >= until) break;
  }
  return { records, looked: seen.size, matching: counted ? total : null, whole: false };
}
