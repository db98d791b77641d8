/**
 * The filters and sorts of POST /opportunities/search. The specification leaves them out as too complex to express
 * [issue #256]; this is the table of the vendor's page on that search [docs], with what others measured of the shape of
 * values: one of a wrong shape is answered with no rows, or with 400. [measured by others]
 */

const ANY = ['exists', 'not_exists'];
const EQUAL = ['eq', 'not_eq', ...ANY];
const TEXT = [...EQUAL, 'contains', 'not_contains'];
const DATE = ['range', ...ANY];
const NUMBER = ['eq', 'range', ...ANY];

const OPERATORS: Record<string, string[]> = {
  id: EQUAL,
  name: TEXT,
  monetary_value: NUMBER,
  pipeline_id: EQUAL,
  pipeline_stage_id: EQUAL,
  status: EQUAL,
  lost_reason_id: EQUAL,
  source: TEXT,
  assigned_to: EQUAL,
  followers: EQUAL,
  contact_id: EQUAL,
  contact_name: TEXT,
  company_name: TEXT,
  email: TEXT,
  phone: TEXT,
  date_added: DATE,
  date_updated: DATE,
  last_status_change_date: DATE,
  last_stage_change_date: DATE,
};

const SORTS = [
  'date_added',
  'date_updated',
  'name',
  'monetary_value',
  'last_status_change_date',
  'last_stage_change_date',
];

/** By the data type of the custom field; a TEXTBOX_LIST is asked entry by entry, which this app does not do. */
const CUSTOM: Record<string, string[]> = {
  TEXT,
  LARGE_TEXT: TEXT,
  PHONE: TEXT,
  EMAIL: TEXT,
  SINGLE_OPTIONS: TEXT,
  RADIO: TEXT,
  CHECKBOX: ['eq', 'not_eq'],
  MULTIPLE_OPTIONS: ['eq', 'not_eq'],
  NUMERICAL: ['range', 'eq'],
  MONETORY: ['range', 'eq'],
  DATE: ['range'],
};

const BOUNDS = ['gt', 'gte', 'lt', 'lte'];
const LONGEST = 75;

interface SearchBody {
  query?: unknown;
  limit?: unknown;
  page?: unknown;
  searchAfter?: unknown;
  filters?: unknown;
  sort?: unknown;
}

type Part = Record<string, unknown>;

/** What in a body of POST /opportunities/search is not in the table; `typeOf` gives a custom field's data type. */
export function searchProblems(body: SearchBody, typeOf: (id: string) => string | undefined): string[] {
  const { limit, page, searchAfter, query } = body;
  return [
    ...parts(body.filters).flatMap((filter) => filterProblems(filter, typeOf)),
    ...parts(body.sort).flatMap(sortProblems),
    ...(parts(body.sort).length > 1 ? ['sorts by more than one field'] : []),
    ...(typeof limit === 'number' && limit >= 1 && limit <= 500 ? [] : [`limit is ${limit}`]),
    ...(page !== undefined && searchAfter !== undefined
      ? ['has page and searchAfter, which is refused']
      : []),
    ...(String(query ?? '').length > LONGEST ? ['query is too long'] : []),
  ];
}

function parts(list: unknown): Part[] {
  return Array.isArray(list) ? (list as Part[]) : [];
}

function sortProblems({ field, direction, ...rest }: Part): string[] {
  return [
    ...(SORTS.includes(String(field)) ? [] : [`cannot sort by ${field}`]),
    ...(direction === 'asc' || direction === 'desc' ? [] : [`has the direction ${direction}`]),
    ...Object.keys(rest).map((key) => `a sort has ${key}`),
  ];
}

function filterProblems(filter: Part, typeOf: (id: string) => string | undefined): string[] {
  if ('group' in filter) {
    const grouped = parts(filter.filters).flatMap((inner) => filterProblems(inner, typeOf));
    return ['AND', 'OR'].includes(String(filter.group)) ? grouped : [`groups by ${filter.group}`, ...grouped];
  }
  const { field, operator, value, ...rest } = filter;
  const name = String(field);
  const [, id = ''] = name.split('custom_fields.');
  const allowed = id ? CUSTOM[typeOf(id) ?? ''] : OPERATORS[name];
  if (!allowed) return [`cannot filter by ${name} (${typeOf(id) ?? 'no such field'})`];
  return [
    ...(allowed.includes(String(operator)) ? [] : [`${name} has no operator ${operator}`]),
    ...Object.keys(rest).map((key) => `a filter has ${key}`),
    ...valueProblems(name, String(operator), value),
  ];
}

function valueProblems(name: string, operator: string, value: unknown): string[] {
  const wrong = [`${name} ${operator} has the value ${JSON.stringify(value)}`];
  if (operator === 'exists' || operator === 'not_exists') return value === undefined ? [] : wrong;
  if (operator === 'range') {
    const bounds = typeof value === 'object' && value !== null ? Object.entries(value) : [];
    const good = bounds.every(
      ([key, bound]) => BOUNDS.includes(key) && ['string', 'number'].includes(typeof bound),
    );
    return bounds.length > 0 && good ? [] : wrong;
  }
  if (operator.endsWith('contains')) {
    return typeof value === 'string' && value.length <= LONGEST && /^[\p{L}\p{N} ]+$/u.test(value)
      ? []
      : wrong;
  }
  if (name === 'source')
    return Array.isArray(value) && value.every((one) => typeof one === 'string') ? [] : wrong;
  return ['string', 'number'].includes(typeof value) || Array.isArray(value) ? [] : wrong;
}
