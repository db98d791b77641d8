import { own, SOUND_FACTS } from '../sound.ts';
import { type Broken, broken, create, field, hook, pair, search } from './break.ts';

export const structure: Broken[] = [
  broken(
    'D001',
    'a step asks for a token',
    /create_opportunity.*api_token: asks for a secret/,
    create(({ operation }) => operation.inputFields.push({ key: 'api_token', label: 'Key' })),
  ),
  broken(
    'D001',
    'a step asks for a password',
    /create_opportunity.*pin: asks for a secret/,
    create(({ operation }) => operation.inputFields.push({ key: 'pin', label: 'Pin', type: 'password' })),
  ),
  broken('D002', 'an API key without a link', /fields.host: no link/, (app) => {
    if (app.authentication) app.authentication.type = 'custom';
  }),
  broken('D003', 'a fixed connection label', /"My CRM" is the same for every connection/, (app) => {
    if (app.authentication) app.authentication.connectionLabel = 'My CRM';
  }),
  broken('D003', 'a connection label with a token', /shows a secret/, (app) => {
    if (app.authentication) app.authentication.connectionLabel = '{{access_token}}';
  }),
  broken(
    'D022',
    'a create of other people’s fields alone',
    /create_opportunity: no field is the same for all accounts/,
    (app) => {
      create(({ operation }) => {
        operation.inputFields = [{ ...own, group: 'more' }];
      })(app, SOUND_FACTS);
      pair({ updateInputFromSearchOutput: undefined })(app, SOUND_FACTS);
    },
  ),
  broken(
    'D027',
    'another core than the pinned one',
    /it is 19.1.0, and package.json says "19.0.0"/,
    (_app, facts) => {
      facts.coreVersion = '19.0.0';
    },
  ),
  broken('D028', 'input that is cleaned', /it is not false/, (app) => {
    app.flags = {};
  }),
  broken(
    'D028',
    'one step whose input is cleaned',
    /create_opportunity: it cleans its input/,
    create(({ operation }) => {
      operation.cleanInputData = true;
    }),
  ),
  broken(
    'key',
    'a field in camelCase',
    /opportunityName: its key is not snake_case/,
    create(({ operation }) =>
      operation.inputFields.push({ key: 'opportunityName', label: 'Opportunity Name' }),
    ),
  ),
  broken(
    'key',
    'an operation that is registered as another',
    /it is registered as "opportunity_won_instant" and calls itself "opportunity_won"/,
    (app, facts) => {
      hook((operation) => {
        operation.key = 'opportunity_won';
      })(app, facts);
      facts.files = facts.files.map((file) => file.replace('_instant', ''));
    },
  ),
  broken('key', 'an operation without a file', /there is no file triggers\/stage_list.ts/, (_app, facts) => {
    facts.files = facts.files.filter((file) => !file.includes('stage_list'));
  }),
  broken(
    'key',
    'a file that nobody registered',
    /creates\/update_opportunity.ts: it is not in the definition/,
    (_app, facts) => {
      facts.files.push('creates/update_opportunity.ts');
    },
  ),
  broken(
    'twice',
    'two fields of one key',
    /its key "stage_id" is given twice/,
    search(({ operation }) =>
      operation.inputFields.push({ ...field(operation.inputFields, 'stage_id'), label: 'Step' }),
    ),
  ),
  broken(
    'twice',
    'two fields of one label',
    /its label "Name" is given twice/,
    search(({ operation }) => operation.inputFields.push({ key: 'other_name', label: 'Name' })),
  ),
  broken(
    'order',
    'a required field behind an optional one',
    /title: it is required and stands behind/,
    create(({ operation }) => operation.inputFields.push({ key: 'title', label: 'Title', required: true })),
  ),
];
