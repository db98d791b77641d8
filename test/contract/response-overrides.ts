import type { Generation } from '../../tools/spec/vendor-docs.ts';
import type { Override } from './overrides.ts';

const BOTH: Generation[] = ['v2', 'v3'];
const MORE = 'is not in the specification';
const STATUS = 'is a status that the specification lacks';
const TEXT = 'must be string';
const NUMBER = 'must be number';

const SEARCHES = ['200 GET /opportunities/search', '201 POST /opportunities/search'];
const ONE_OPPORTUNITY = [
  '201 POST /opportunities/',
  '200 GET /opportunities/{id}',
  '200 PUT /opportunities/{id}',
];
const ONE_CONTACT = [
  '201 POST /contacts/',
  '200 GET /contacts/{contactId}',
  '200 PUT /contacts/{contactId}',
  '200 POST /contacts/upsert',
];
const RELATIONS = ['201 POST /associations/relations', '200 DELETE /associations/relations/{relationId}'];

const ONE_ASSOCIATION = ['200 GET /associations/key/{key_name}', '200 GET /associations/{associationId}'];
const ASSOCIATIONS = ['200 GET /associations/', '200 GET /associations/objectKey/{objectKey}'];

const rows = (...keys: string[]) => keys.map((key) => `opportunities.*.${key}`);
const opportunity = (...keys: string[]) => keys.map((key) => `opportunity.${key}`);

/** Where the sandbox answers something else than the specification says, and why. */
export const RESPONSE_OVERRIDES: Override[] = [
  {
    generations: BOTH,
    operations: ['*'],
    at: ['traceId'],
    says: MORE,
    because: 'Every body has it. [recorded]',
  },
  {
    generations: BOTH,
    operations: ['*'],
    at: ['error'],
    says: MORE,
    because: 'A refusal names its status in words as well. [recorded]',
  },

  // Searches for opportunities
  {
    generations: BOTH,
    operations: ['201 POST /opportunities/search'],
    at: [''],
    says: STATUS,
    because: 'It answers 201, and the specification says 200. [recorded]',
  },
  {
    generations: BOTH,
    operations: SEARCHES,
    at: rows('assignedTo', 'source', 'lostReasonId', 'contact.companyName', 'contact.email', 'contact.phone'),
    says: TEXT,
    because: 'Rows carry null for what is empty. [recorded]',
  },
  {
    generations: ['v3'],
    operations: SEARCHES,
    at: rows('forecastProbability'),
    says: NUMBER,
    because: 'Rows carry null for what is empty. [recorded]',
  },
  {
    generations: ['v3'],
    operations: SEARCHES,
    at: rows('forecastExpectedCloseDate'),
    says: TEXT,
    because: 'Recorded rows are older than this key; null as its neighbours. [assumed]',
  },
  {
    generations: BOTH,
    operations: SEARCHES,
    at: rows('pipelineStageUId', 'relations', 'sort', 'attributions', 'contact.score'),
    says: MORE,
    because: 'Rows have these as well. [recorded]',
  },
  {
    generations: ['v2'],
    operations: SEARCHES,
    at: rows('forecastProbability', 'effectiveProbability'),
    says: MORE,
    because: 'Rows of 2021-07-28 have these, which only v3 lists. [recorded]',
  },
  {
    generations: BOTH,
    operations: SEARCHES,
    at: rows('customFields.*.fieldValue'),
    says: 'is missing',
    because: 'Values of custom fields are typed in rows. [issue #87]',
  },
  {
    generations: BOTH,
    operations: SEARCHES,
    at: rows('customFields.*.type', 'customFields.*.fieldValueString'),
    says: MORE,
    because: 'Values of custom fields are typed in rows. [issue #87]',
  },
  {
    generations: BOTH,
    operations: SEARCHES,
    at: rows(
      'customFields.*.fieldValueNumber',
      'customFields.*.fieldValueDate',
      'customFields.*.fieldValueArray',
      'customFields.*.fieldValueFiles',
    ),
    says: MORE,
    because: 'The other types, as the code of others reads them. [measured by others]',
  },
  {
    generations: BOTH,
    operations: SEARCHES,
    at: rows('customFields.*.fieldValueObject'),
    says: MORE,
    because: 'A list of text boxes, after the pattern of the others. [assumed]',
  },
  {
    generations: BOTH,
    operations: SEARCHES,
    at: rows('notes.*', 'tasks.*'),
    says: 'must be array',
    because: 'The specification has lists of lists where records are meant, as with stages. [assumed]',
  },
  {
    generations: BOTH,
    operations: ['200 GET /opportunities/search'],
    at: ['meta.nextPage', 'meta.prevPage'],
    says: NUMBER,
    because: 'Null where there is no such page, as in the specification’s own example. [spec: example]',
  },
  {
    generations: BOTH,
    operations: ['200 GET /opportunities/search'],
    at: ['meta.nextPageUrl'],
    says: TEXT,
    because: 'Null where there is no such page, as its neighbours. [assumed]',
  },

  // One opportunity
  {
    generations: BOTH,
    operations: ONE_OPPORTUNITY,
    at: opportunity('pipelineStageUId', 'isAttribute', 'internalSource', 'contact.followers'),
    says: MORE,
    because: 'A single record has these as well. [recorded]',
  },
  {
    generations: BOTH,
    operations: ['200 GET /opportunities/{id}'],
    at: opportunity('followers.*'),
    says: 'must be array',
    because: 'The specification has a list of lists where ids of users are meant. [spec: FollowersDTO]',
  },
  {
    generations: BOTH,
    operations: SEARCHES,
    at: rows('followers.*'),
    says: 'must be array',
    because: 'The specification has a list of lists where ids of users are meant. [spec: FollowersDTO]',
  },
  {
    generations: ['v2'],
    operations: ['200 DELETE /opportunities/{id}'],
    at: ['success'],
    says: MORE,
    because: 'It answers `success`, and the specification says `succeded`. [recorded]',
  },
  {
    generations: BOTH,
    operations: ['400 POST /opportunities/'],
    at: ['code', 'meta'],
    says: MORE,
    because: 'OPPORTUNITY_NO_DUPLICATE comes with the id of the existing one. [measured by others]',
  },
  {
    generations: BOTH,
    operations: ['404 PUT /opportunities/{id}'],
    at: [''],
    says: STATUS,
    because: 'Others handle it for an opportunity that is gone. [measured by others]',
  },

  // Pipelines
  {
    generations: BOTH,
    operations: ['200 GET /opportunities/pipelines'],
    at: ['pipelines.*.stages.*'],
    says: 'must be array',
    because: 'Stages are objects. [recorded]',
  },
  {
    generations: BOTH,
    operations: ['200 GET /opportunities/pipelines'],
    at: ['pipelines.*.position', 'pipelines.*.dateAdded', 'pipelines.*.dateUpdated'],
    says: MORE,
    because: 'A pipeline has these as well. [recorded]',
  },
  {
    generations: ['v2'],
    operations: ['200 GET /opportunities/pipelines'],
    at: ['pipelines.*.useOpportunityProbability'],
    says: MORE,
    because: 'A pipeline of 2021-07-28 has it, which only v3 lists. [recorded]',
  },

  // Contacts
  {
    generations: BOTH,
    operations: ONE_CONTACT,
    at: ['contact.additionalEmails'],
    says: MORE,
    because: 'It is read and cannot be written. [issue #262]',
  },
  {
    generations: BOTH,
    operations: ONE_CONTACT,
    at: ['contact.customFields.*.value'],
    says: TEXT,
    because: 'A field with several choices is written as a list, and reads back as one. [assumed]',
  },
  {
    generations: ['v2'],
    operations: ['201 POST /contacts/'],
    at: ['contact.name'],
    says: MORE,
    because: 'A contact has one shape in every answer of the sandbox. [assumed]',
  },
  {
    generations: ['v2'],
    operations: [
      '200 PUT /contacts/{contactId}',
      '200 DELETE /contacts/{contactId}',
      '200 DELETE /contacts/{contactId}/notes/{id}',
      '200 DELETE /contacts/{contactId}/tasks/{taskId}',
      '200 POST /contacts/{contactId}/workflow/{workflowId}',
      '200 DELETE /contacts/{contactId}/workflow/{workflowId}',
    ],
    at: ['succeeded'],
    says: MORE,
    because: 'The sandbox answers in both spellings, because live either was seen. [conflict]',
  },
  {
    generations: ['v3'],
    operations: ['200 PUT /contacts/{contactId}'],
    at: ['succeded'],
    says: MORE,
    because: 'The sandbox answers in both spellings, because live either was seen. [conflict]',
  },
  {
    generations: BOTH,
    operations: ['200 POST /contacts/upsert'],
    at: ['succeded'],
    says: MORE,
    because: 'It stands in the answers that others show. [measured by others]',
  },

  // Notes on any record
  {
    generations: BOTH,
    operations: [
      'POST /notes/',
      'POST /notes/search',
      'GET /notes/{id}',
      'PUT /notes/{id}',
      'PUT /notes/{id}/relations',
      'DELETE /notes/{id}',
    ],
    at: [''],
    says: MORE,
    because: 'Younger than the published specification; known by a dated copy of its page. [docs]',
  },

  // Locations, users, relations, tokens
  {
    generations: BOTH,
    operations: ['200 GET /locations/{locationId}'],
    at: ['location.settings.contactUniqueIdentifiers'],
    says: MORE,
    because: 'The order in which duplicates are looked for. [measured by others]',
  },
  {
    generations: BOTH,
    operations: ['200 GET /users/{userId}'],
    at: ['deleted'],
    says: MORE,
    because: 'A list of users has it; that a single one has it too is a guess. [assumed]',
  },
  {
    generations: BOTH,
    operations: RELATIONS,
    at: ['associationId', 'firstRecordId', 'secondRecordId'],
    says: MORE,
    because: 'The specification describes the association and not the relation. [assumed]',
  },
  {
    generations: BOTH,
    operations: [...RELATIONS, ...ONE_ASSOCIATION],
    at: ['firstObjectLabel', 'firstObjectKey', 'secondObjectLabel', 'secondObjectKey', 'associationType'],
    says: 'must be object',
    because: 'The specification’s own examples of these are texts. [spec: example]',
  },
  {
    generations: BOTH,
    operations: ['200 GET /associations/relations/{recordId}', ...ASSOCIATIONS],
    at: [
      'locationId',
      'id',
      'key',
      'firstObjectLabel',
      'firstObjectKey',
      'secondObjectLabel',
      'secondObjectKey',
      'associationType',
    ],
    says: 'is missing',
    because: 'The specification describes one association where a list is meant. [assumed]',
  },
  {
    generations: BOTH,
    operations: ASSOCIATIONS,
    at: ['associations', 'total'],
    says: MORE,
    because: 'The specification describes one association where a list is meant. [assumed]',
  },
  {
    generations: BOTH,
    operations: ['200 POST /locations/{locationId}/customFields/upload'],
    at: ['meta.*'],
    says: TEXT,
    because: 'The specification’s own example has records. [spec: example]',
  },
  {
    generations: BOTH,
    operations: ['200 GET /associations/relations/{recordId}'],
    at: ['relations', 'total'],
    says: MORE,
    because: 'The specification describes one association where a list of relations is meant. [assumed]',
  },
  {
    generations: BOTH,
    operations: ['200 POST /oauth/token'],
    at: ['refreshTokenId'],
    says: MORE,
    because: 'It stands in the examples of the page on it. [docs]',
  },
  {
    generations: ['v2'],
    operations: ['200 POST /oauth/locationToken'],
    at: ['refresh_token'],
    says: MORE,
    because: 'It stands in the examples of the page on it. [docs]',
  },

  // Refusals that the specification leaves out for every endpoint
  {
    generations: BOTH,
    operations: ['403 GET /opportunities/pipelines'],
    at: [''],
    says: STATUS,
    because: 'The location of another connection. [measured by others]',
  },
  {
    generations: BOTH,
    operations: ['429 GET /opportunities/pipelines'],
    at: [''],
    says: STATUS,
    because: 'More requests than the documented allowance. [docs]',
  },
];
