/** A part of the code to mutate, and the tests that have to notice. */
export interface Room {
  name: string;
  /** Globs from the project's root. */
  code: string[];
  /** Globs of test files below test/, without `.test.ts`. The fewer, the sooner a survivor is known as one. */
  tests: string[];
  /**
   * Leaves out what runs only once, when a module is loaded: constants and the shapes of HighLevel's answers. Every
   * test would have to run for each, as there is no telling which of them depend on it.
   */
  ignoreStatic?: true;
}

/** What people read and what Zaps are built on, which no run of an operation would miss. */
const DEFINITION = 'definition/{page,snapshot,shape}';

const inHighlevel = (...names: string[]) => names.map((name) => `highlevel/${name}.ts`);

export const ROOMS: readonly Room[] = [
  { name: 'authentication', code: ['authentication/*.ts'], tests: ['authentication/*', DEFINITION] },
  { name: 'creates', code: ['creates/*.ts'], tests: ['creates/*', DEFINITION] },
  {
    name: 'searches',
    code: ['searches/*.ts'],
    tests: ['searches/*', 'fields/summary', DEFINITION],
  },
  {
    name: 'triggers',
    code: ['triggers/*.ts'],
    // Without instant.test.ts, which plays the whole way through the relay.
    tests: ['triggers/{hooks,lists,new_*,st*}', 'highlevel/{budget,moments}', DEFINITION],
  },
  {
    name: 'highlevel-wire',
    code: inHighlevel(
      '{budget,cache,client,connection,environment,errors,events,labels,lookup,middleware,oauth,problem}',
      '{query-text,rate-limit,scopes,signature,token-check}',
    ),
    tests: [
      'highlevel/{budget,cache,client,connection,environment,errors,events,labels,lookup,middleware}',
      'highlevel/{oauth,problem,query-text,rate-limit,scopes}',
      'highlevel/{signature,token-check}',
      'authentication/*',
      'creates/{create_note,update_opportunity_status}',
      'searches/find_user',
      'triggers/{hooks,lists}',
    ],
    ignoreStatic: true,
  },
  {
    name: 'highlevel-deals',
    code: inHighlevel(
      '{advanced-search,criteria,deals-of-period,duplicates,just-created,moments,opportunities,opportunity}',
      '{opportunity-search,opportunity-writes,paging,preview}',
    ),
    tests: [
      'highlevel/{criteria,deals-of-period,duplicates,just-created,moments,opportunity*,paging,preview}',
      'searches/{find_opportunity,find_or_create_opportunity,list_opportunities,summarize_opportunities}',
      'creates/{create_opportunity,delete_opportunity,update_opportunity*}',
      'triggers/{new_*,st*}',
    ],
    ignoreStatic: true,
  },
  {
    name: 'highlevel-records',
    code: inHighlevel(
      '{contact,contact-writes,contacts,custom-field-value,custom-field-write,custom-fields,followers,locations}',
      '{lost-reasons,names,notes,pipelines,resolve,tasks,users}',
    ),
    tests: [
      'highlevel/{account-lists,contact*,custom-field*,lookup,names,opportunity,resolve}',
      'fields/{custom-field,values}*',
      'creates/{create_*,followers,update_opportunity_status}',
      'searches/find_{contact,user,pipeline_stage}',
      'triggers/{hooks,lists}',
      'authentication/*',
    ],
    ignoreStatic: true,
  },
  {
    name: 'relay',
    code: ['relay/changes/{changes,timeline,match}.ts', 'relay/subscriptions/targets.ts'],
    tests: ['relay/changes/{changes,match}', 'relay/{subscriptions/targets,config}'],
  },
];
