/**
 * The ways in which HighLevel is reported to answer otherwise than its documentation or the sandbox's normal answers.
 * Each can be turned on by name, alone or with others. The list is what a test iterates over and a page shows.
 */

/** One reported way of answering. */
export interface Contrary {
  name: ContraryName;
  /** What it is about, for lists that a person reads. */
  about: ContraryGroup;
  /** What HighLevel does then, in one sentence. */
  does: string;
  /** Who reported it, and when, as far as known. */
  source: string;
}

type Row = [does: string, source: string];

const REPORTS = 'public reports gathered until 2026-11-26';
const FIELD_NOTES = 'field notes of import runs against a real account, 2026-09-01';
const TRAP_LIST = 'an executed list of API traps, 2026-09-25 to 28';
const DOCS = 'GoHighLevel/highlevel-api-docs';
const PAUSED = 'assumed: the specification has these words for the token endpoint alone';

const ANSWERS = {
  'text-amounts': ['Amounts come as text, for example "1500.50".', FIELD_NOTES],
  'text-counters': [
    'Totals, page numbers, stage positions and win probabilities come as text.',
    `${FIELD_NOTES}: meta.nextPage and counters`,
  ],
  'custom-fields-object': [
    'The first row of a search has {} in place of its list of custom fields.',
    REPORTS,
  ],
  'ms-dates': ['The first row of a search has its dates as milliseconds in place of ISO texts.', REPORTS],
  'row-without-id': ['The first row of a search has no id.', REPORTS],
  'null-row': ['The first row of a search is null.', REPORTS],
  'boolean-field-value': [
    'The first custom field of a search row comes as a boolean, under fieldValueBoolean.',
    'code of others, 2026',
  ],
  'errors-in-envelope': [
    'Refusals come in the envelope of v3: error with code, message, details and resolution.',
    'the v3 specification of installed locations, and its prose for other parts',
  ],
  'created-200': [
    'A creation answers 200 in place of 201.',
    'a public recording of live answers, 2026-07-17',
  ],
  'no-rate-headers': [
    'Answers carry no rate limit headers.',
    'assumed: the headers are documented in prose alone',
  ],
} satisfies Record<string, Row>;

const SEARCHES = {
  'search-post-400': ['POST /opportunities/search is refused with 400.', `${TRAP_LIST}: a bad filter is 400`],
  'search-post-401': [
    'POST /opportunities/search is refused with 401, "not yet supported by the IAM Service".',
    `${DOCS} #74`,
  ],
  'search-post-403': ['POST /opportunities/search is refused with 403.', REPORTS],
  'search-post-404': ['POST /opportunities/search is refused with 404.', REPORTS],
  'search-post-422': ['POST /opportunities/search is refused with 422.', REPORTS],
  'search-post-removed': [
    'POST /opportunities/search answers 400, "API endpoint has been removed".',
    `${DOCS} #333, 2026-09-10`,
  ],
  'search-post-wants-page': [
    'POST /opportunities/search refuses a body without a page number with 400, and takes no searchAfter.',
    'the specification marks page as required',
  ],
  'search-filter-400': [
    'POST /opportunities/search refuses every filter with 400, and works without one.',
    `${TRAP_LIST}: a bad filter is 400`,
  ],
  'search-filter-422': [
    'POST /opportunities/search refuses every filter with 422, and works without one.',
    `${TRAP_LIST}: an unknown operator is 422`,
  ],
  'search-without-fields': [
    'Rows of both searches carry no custom field values.',
    'two notes, 2026-07-24 and 2026-09-01',
  ],
  'search-get-without-fields': [
    'Rows of GET /opportunities/search carry no custom field values.',
    'two notes, 2026-07-24 and 2026-09-01',
  ],
  'search-without-meta': ['GET /opportunities/search answers without meta, a full page too.', REPORTS],
  'search-ignores-order': ['GET /opportunities/search ignores order and gives the oldest first.', REPORTS],
  'search-index-late': [
    'Searches show a write a minute later.',
    'two notes of 2026, one on a search lag of 2026-05',
  ],
} satisfies Record<string, Row>;

const RECORDS = {
  'record-without-fields': [
    'An opportunity read by id has no custom fields and no lost reason.',
    `${TRAP_LIST}; contradicted by another project`,
  ],
  'gone-404': ['A record that is gone is answered with 404.', 'code of others, 2026, for a PUT'],
  'gone-422': [
    'A record that is gone is answered with 422.',
    'the specification lists 400, 401 and 422 alone',
  ],
  'gone-null': ['A record that is gone is answered with 200 and null in its place.', REPORTS],
  'gone-in-other-words': [
    'A record that is gone is answered with 400 and a sentence without "not found".',
    REPORTS,
  ],
  'put-answers-id-only': ['A changed opportunity is answered with its id alone.', REPORTS],
  'put-answers-success-only': ['A changed opportunity is answered with {success: true} alone.', REPORTS],
  'duplicate-without-id': ['The refusal of a second opportunity does not name the first.', REPORTS],
  'duplicate-any-pipeline': [
    'A contact has one opportunity in all pipelines together, and the refusal names that one.',
    'four projects, 2026; three measurements say one for each pipeline',
  ],
  'source-accepted': [
    'Creating and changing an opportunity takes a source and a lost reason.',
    `${TRAP_LIST}: PUT stores source`,
  ],
  'post-answer-lost': [
    'The first answer to each creation is lost after the record was saved.',
    `${REPORTS}; Zapier runs such steps again, help.zapier.com 19220226086797`,
  ],
  'post-answer-502': [
    'The first answer to each creation is 502 after the record was saved.',
    `${REPORTS}; Zapier runs such steps again, help.zapier.com 19220226086797`,
  ],
  'put-answer-lost': [
    'The first answer to each change is lost after the record was saved.',
    `${REPORTS}; Zapier runs such steps again, help.zapier.com 19220226086797`,
  ],
} satisfies Record<string, Row>;

const ACCOUNT = {
  'users-25-a-page': [
    'Users come 25 a page, whatever is asked for.',
    `${REPORTS}; the specification has 25 as the default`,
  ],
  'association-own-id': [
    'The association of opportunities and contacts has an id of its own, which a relation must name.',
    'assumed: the id is recorded as the key itself, and the specification looks it up',
  ],
  'lost-reasons-deleted': [
    'Every lost reason was deleted since, and is listed with deleted=true alone.',
    'a note of 2026-10: 4,089 of 5,654 lost opportunities stayed without a name',
  ],
  'lost-reasons-underscore-id': [
    'Lost reasons carry _id in place of id.',
    'one older answer, before 2026-10',
  ],
  'custom-fields-all-models': [
    'The list of custom fields has those of contacts and opportunities, whatever model is asked for.',
    REPORTS,
  ],
  'location-401': ['Reading the sub-account is refused with 401 for want of a permission.', REPORTS],
  'no-contact-400': ['Looking up a contact that is not there answers 400, not found.', REPORTS],
  'no-contact-404': ['Looking up a contact that is not there answers 404, not found.', REPORTS],
  'contact-needs-address': [
    'A contact without email and phone is refused with 422.',
    'assumed: nobody reported a contact with a name alone',
  ],
  'contact-422-created': ['Creating a contact answers 422 although the contact was created.', `${DOCS} #64`],
} satisfies Record<string, Row>;

const CONNECTION = {
  'refresh-401': [
    'A refresh token that is used or unknown is answered with 401 and an error_description.',
    REPORTS,
  ],
  'scope-commas': ['The granted permissions come as one text with commas.', REPORTS],
  'scope-list': ['The granted permissions come as a list.', REPORTS],
  'grants-all-scopes': [
    'The sign-in grants every permission of the marketplace app, whatever was asked for.',
    'assumed: scopes belong to the app version',
  ],
  'narrows-earlier-tokens': [
    'A second sign-in with fewer permissions takes them from the tokens of the first as well.',
    'assumed: nobody has told what a second sign-in does to the first',
  ],
  'version-id-required': [
    'The sign-in page without version_id says error.noAppVersionIdFound.',
    'six independent projects, 2026-06 to 2026-09',
  ],
  'state-lost': [
    'The sign-in comes back without the state that was sent.',
    'installs begun in the portal or marketplace, 2026',
  ],
  'v3-401': ['Version v3 is refused with 401, "version header is invalid".', 'a note of 2026-08'],
  'paused-400': ['Every call for a paused sub-account answers 400, "Location is not active".', PAUSED],
  'paused-401': ['Every call for a paused sub-account answers 401, "Location is not active".', PAUSED],
  'paused-403': ['Every call for a paused sub-account answers 403, "Location is not active".', PAUSED],
  'read-502-once': ['The first read of each address answers 502.', REPORTS],
  'read-503-once': ['The first read of each address answers 503.', REPORTS],
  'read-504-once': ['The first read of each address answers 504.', REPORTS],
  'read-cut-once': ['The first read of each address loses its connection.', REPORTS],
  'html-login-page': ['Every call is answered with 200 and a login page in HTML.', REPORTS],
  'html-blocked-403': [
    'Every call is answered with 403 and a page in HTML that says error code 1010.',
    'two projects whose calls had no User-Agent',
  ],
} satisfies Record<string, Row>;

const LISTS = {
  users: 'users',
  'lost-reasons': 'lost reasons',
  'custom-fields': 'custom fields',
  pipelines: 'pipelines',
} as const;
/** A list that mostly gives names to ids. */
export type ListName = keyof typeof LISTS;
export const LIST_STATUSES = [400, 404, 422, 500] as const;

export type ListContrary = `${ListName}-${(typeof LIST_STATUSES)[number]}` | `${ListName}-odd`;

function listRows(): [ListContrary, Row][] {
  return (Object.keys(LISTS) as ListName[]).flatMap((list): [ListContrary, Row][] => [
    ...LIST_STATUSES.map((status): [ListContrary, Row] => [
      `${list}-${status}`,
      [`The list of ${LISTS[list]} is refused with ${status}.`, REPORTS],
    ]),
    [`${list}-odd`, [`The first entry in the list of ${LISTS[list]} has _id in place of id.`, REPORTS]],
  ]);
}

export type ContraryName =
  | keyof typeof ANSWERS
  | keyof typeof SEARCHES
  | keyof typeof RECORDS
  | keyof typeof ACCOUNT
  | keyof typeof CONNECTION
  | ListContrary;

const GROUPS = {
  answers: ANSWERS,
  searches: SEARCHES,
  records: RECORDS,
  account: ACCOUNT,
  connection: CONNECTION,
  lists: Object.fromEntries(listRows()) as Record<ListContrary, Row>,
};
type ContraryGroup = keyof typeof GROUPS;

/** Every reported way of answering, by what it is about. */
export const contraries: readonly Contrary[] = Object.entries(GROUPS).flatMap(([about, rows]) =>
  Object.entries(rows as Record<string, Row>).map(([name, [does, source]]) => ({
    name: name as ContraryName,
    about: about as ContraryGroup,
    does,
    source,
  })),
);

/** @returns the name, or null if there is no such contrary answer. */
export function contraryNamed(name: string): ContraryName | null {
  return contraries.find((one) => one.name === name)?.name ?? null;
}
