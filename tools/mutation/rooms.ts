import { globSync, readFileSync } from 'node:fs';

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
  ignoreStatic: boolean;
}

/** Every folder of these is a room, and so are the files that lie beside its folders. */
const CODE = [
  'authentication',
  'creates',
  'searches',
  'triggers',
  'fields',
  'highlevel',
  'relay-client',
  'wire',
];
/** The relay's decisions; the rest of it is servers and SQL, which its own tests start and kill. */
const RELAY = [
  'relay/changes/{changes,timeline,match,readings,touches}.ts',
  'relay/subscriptions/targets.ts',
];

/** What people read and what Zaps are built on, which no run of an operation would miss. */
const DEFINITION = 'definition/{page,snapshot,shape}';

/** With a relay or a database of its own each mutant would take seconds. */
const STARTS_SERVERS = /startRelay|startEmbedded|startSetup|instant-world/;

/** The tests of a folder that start neither. */
function lightTests(folder: string): string[] {
  return globSync(`test/${folder}/*.test.ts`)
    .filter((path) => !STARTS_SERVERS.test(readFileSync(path, 'utf8')))
    .map((path) => path.slice('test/'.length, -'.test.ts'.length))
    .sort();
}

/** Tests beside a room's own ones, which lie where the room does. */
const MORE: Record<string, string[]> = {
  authentication: [DEFINITION],
  creates: [DEFINITION],
  'creates/support': ['creates/*'],
  searches: [DEFINITION],
  'searches/support': ['searches/*'],
  triggers: [DEFINITION, 'triggers/opportunity_changed_instant', 'relay-client/digests'],
  'triggers/support': [...lightTests('triggers'), 'triggers/{known,opportunity_changed_instant}'],
  fields: [DEFINITION],
  'fields/inputs': ['creates/*', 'searches/*', DEFINITION],
  'fields/outputs': ['creates/create_{opportunity,or_update_contact}', 'searches/find_*', DEFINITION],
  highlevel: ['highlevel/*/*'],
  // All of highlevel/ reads its answers by it.
  'highlevel/http': [
    'highlevel/{*,*/*}',
    'authentication/*',
    'creates/{api_request,create_note,update_opportunity_status}',
    'triggers/lists',
  ],
  'highlevel/connection': ['authentication/*'],
  'highlevel/account': [
    'fields/inputs/*',
    'creates/{create_*,followers,update_opportunity_status}',
    'searches/find_{contact,user,pipeline_stage}',
    'triggers/{hooks,lists}',
  ],
  'highlevel/opportunities': [
    'highlevel/http/attempts',
    'searches/{*,support/*}',
    'creates/{*opportunity*,bare_answers,followers,support/*}',
    'triggers/{new_*,st*}',
  ],
  'highlevel/contacts': [
    'highlevel/{http/attempts,opportunities/present}',
    'creates/{bare_answers,contact_tags,create_*,update_{contact,note,task},workflow}',
    'searches/{find_contact,find_task,list_notes}',
    'triggers/{hooks,include_contact,lists}',
  ],
  'relay-client': ['triggers/{deliveries,echo,hooks,known,opportunity_changed_instant}'],
  wire: [...lightTests('relay/changes'), 'relay-client/*', 'triggers/{hooks,deliveries}'],
};

function roomsOf(top: string): Room[] {
  const folders = new Set(globSync(`${top}/**/*.ts`).map((path) => path.slice(0, path.lastIndexOf('/'))));
  return [...folders].sort().map((folder) => ({
    name: folder,
    code: [`${folder}/*.ts`],
    // The tests mirror the tree.
    tests: [...lightTests(folder), ...(MORE[folder] ?? [])],
    ignoreStatic: /^(fields|highlevel|relay-client|wire)/.test(folder),
  }));
}

/** The rooms of the project as its folders are now, from the project's root. */
export const ROOMS: readonly Room[] = [
  ...CODE.flatMap(roomsOf),
  {
    name: 'relay',
    code: RELAY,
    tests: [...lightTests('relay/changes'), 'relay/{subscriptions/targets,config}'],
    ignoreStatic: false,
  },
];
