import type { Override } from './overrides.ts';

const NOT_THERE = 'is not in the specification';
const ADVANCED = ['POST /opportunities/search'];
const V3 = ['v3'] as const;

/** Where the app sends something else than the specification says, and why. */
export const REQUEST_OVERRIDES: Override[] = [
  {
    generations: [...V3],
    operations: ADVANCED,
    at: ['body.filters', 'body.sort'],
    says: NOT_THERE,
    because: 'The vendor calls them too complex to express; search-table.ts holds them. [issue #256; docs]',
  },
  {
    generations: [...V3],
    operations: ADVANCED,
    at: ['body.page', 'body.searchAfter'],
    says: 'is missing',
    because: 'Both are marked as required, and together they are refused with 400. [measured by others]',
  },
  {
    generations: [...V3],
    operations: ADVANCED,
    at: ['body.searchAfter.*'],
    says: 'must be string',
    because: 'It is the `sort` of a row, whose first part is a number. [recorded]',
  },
  {
    generations: [...V3],
    operations: ['POST /contacts/search'],
    at: ['body.locationId', 'body.page', 'body.pageLimit', 'body.query'],
    says: NOT_THERE,
    because:
      'The specification leaves the body empty and refers to a page, which has these. [docs; issue #31]',
  },
  {
    generations: [...V3],
    operations: ['POST /opportunities/'],
    at: ['body.source'],
    says: NOT_THERE,
    because:
      'Some send it in production, others say it is refused; sent only where a person fills it in. [conflict]',
  },
  {
    generations: [...V3],
    operations: ['PUT /opportunities/{id}'],
    at: ['body.monetaryValue', 'body.forecastProbability'],
    says: 'must be number',
    because: 'Null empties a field, for which the specification has no word. [assumed]',
  },
  {
    generations: [...V3],
    operations: ['PUT /opportunities/{id}'],
    at: ['body.assignedTo', 'body.forecastExpectedCloseDate'],
    says: 'must be string',
    because: 'Null empties a field, for which the specification has no word. [assumed]',
  },
  {
    generations: [...V3],
    operations: ['PUT /opportunities/{id}'],
    at: ['body.customFields.*'],
    says: 'must match a schema in anyOf',
    because: 'Null empties a custom field, for which the specification has no word. [assumed]',
  },
  {
    generations: [...V3],
    operations: ['POST /notes/'],
    at: [''],
    says: NOT_THERE,
    because: 'Younger than the published specification; known by a dated copy of its page. [docs]',
  },
  {
    generations: [...V3],
    operations: ['PUT /contacts/{contactId}'],
    at: ['body.dateOfBirth'],
    says: 'must be object',
    because: 'The specification calls it an object, and gives a day in text as its example. [spec]',
  },
  {
    generations: [...V3],
    operations: ['POST /locations/{locationId}/customFields/upload'],
    at: ['body.bytes'],
    says: NOT_THERE,
    because: 'It is sent as a form, of which the sandbox’s log tells only how long it was.',
  },
];
