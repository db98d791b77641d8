import { SOUND_FACTS } from '../sound.ts';
import { type Broken, broken, create, field, hook, pair, search, trigger } from './break.ts';

export const references: Broken[] = [
  broken(
    'D004',
    'an ID is to be typed',
    /owner_id: an ID without a dropdown/,
    create(({ operation }) => operation.inputFields.push({ key: 'owner_id', label: 'Owner' })),
  ),
  broken(
    'D004',
    'a label asks for an ID',
    /"Stage ID" asks for an ID/,
    create(({ operation }) => {
      field(operation.inputFields, 'stage_id').label = 'Stage ID';
    }),
  ),
  broken(
    'D005',
    'a dropdown without a trigger',
    /"gone_list" is no trigger/,
    create(({ operation }) => {
      field(operation.inputFields, 'stage_id').dynamic = 'gone_list.id.name';
    }),
  ),
  broken(
    'D005',
    'a dropdown from a hook',
    /"opportunity_won_instant" is no polling trigger/,
    create(({ operation }) => {
      field(operation.inputFields, 'stage_id').dynamic = 'opportunity_won_instant.id.name';
    }),
  ),
  broken(
    'D005',
    'a dropdown with a label that its list has not',
    /"stage_list" has no "title"/,
    create(({ operation }) => {
      field(operation.inputFields, 'stage_id').dynamic = 'stage_list.id.name,title';
    }),
  ),
  broken(
    'D006',
    'a hook that cannot be listed',
    /opportunity_won_instant: a hook without performList/,
    hook(({ operation }) => delete operation.performList),
  ),
  broken('D009', 'a search without fields', /find_opportunity: a search without a field/, (app) => {
    search(({ operation }) => operation.inputFields.splice(0))(app, SOUND_FACTS);
    trigger(({ operation }) => operation.inputFields.splice(0))(app, SOUND_FACTS);
    pair({ searchUniqueInputToOutputConstraint: undefined })(app, SOUND_FACTS);
  }),
  broken(
    'D013',
    'a search-powered field without its search',
    /"find_gone" is no search/,
    create(({ operation }) => {
      field(operation.inputFields, 'stage_id').search = 'find_gone.id';
    }),
  ),
  broken(
    'D013',
    'a search-powered field whose search has no such output',
    /"find_opportunity" finds no "stage"/,
    create(({ operation }) => {
      field(operation.inputFields, 'stage_id').search = 'find_opportunity.stage';
    }),
  ),
  broken(
    'D014',
    'a search-powered field without a dropdown',
    /only beside a dropdown/,
    create(({ operation }) => {
      field(operation.inputFields, 'name').search = 'find_opportunity.name';
    }),
  ),
  broken(
    'D014',
    'a search-powered list',
    /cannot fill a list/,
    create(({ operation }) => {
      field(operation.inputFields, 'stage_id').list = true;
    }),
  ),
  broken(
    'D014',
    'a search-powered date',
    /cannot fill the type "datetime"/,
    create(({ operation }) => {
      field(operation.inputFields, 'stage_id').type = 'datetime';
    }),
  ),
  broken('D015', 'search-or-create without its search', /"gone" is no search/, (app) => {
    pair({ key: 'gone', search: 'gone' })(app, SOUND_FACTS);
    Object.assign(app, { searchOrCreates: { gone: app.searchOrCreates?.find_opportunity } });
  }),
  broken(
    'D015',
    'search-or-create that is called otherwise',
    /not the key of its search/,
    pair({ key: 'other' }),
  ),
  broken('D015', 'search-or-create without its create', /"gone" is no create/, pair({ create: 'gone' })),
  broken('D015', 'search-or-create without its update', /"gone" is no create/, pair({ update: 'gone' })),
  broken(
    'D015',
    'search-or-create that fills no field',
    /has no field "title"/,
    pair({ updateInputFromSearchOutput: { title: 'name' } }),
  ),
  broken(
    'D015',
    'search-or-create that reads no output',
    /finds no "title"/,
    pair({ updateInputFromSearchOutput: { name: 'title' } }),
  ),
  broken(
    'D015',
    'search-or-create by no output',
    /finds no "title"/,
    pair({ searchUniqueInputToOutputConstraint: { name: 'title' } }),
  ),
  broken(
    'one-form',
    'a key that means two things in one form',
    /"name" is "Title" to search by and "Name" to write/,
    search(({ operation }) => {
      field(operation.inputFields, 'name').label = 'Title';
    }),
  ),
  broken(
    'D017',
    'a static hook',
    /needs performSubscribe and performUnsubscribe/,
    hook(({ operation }) => delete operation.performUnsubscribe),
  ),
  broken(
    'group',
    'a field in no group',
    /its group "less" is not among inputFieldGroups/,
    create(({ operation }) => {
      field(operation.inputFields, 'stage_id').group = 'less';
    }),
  ),
  broken(
    'group',
    'a group of no fields',
    /no field is in its group "empty"/,
    create(({ operation }) => operation.inputFieldGroups?.push({ key: 'empty', label: 'Empty' })),
  ),
  broken(
    'parity',
    'a trigger that filters by what no search can',
    /it filters by "email", and searches.find_opportunity cannot/,
    trigger(({ operation }) => operation.inputFields.push({ key: 'email', label: 'Email' })),
  ),
  broken(
    'parity',
    'a trigger whose record no search finds',
    /no search finds what it shows \(noun "Lead"\)/,
    trigger((operation) => {
      operation.noun = 'Lead';
    }),
  ),
];
