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

export const ROOMS: readonly Room[] = [
  { name: 'authentication', code: ['authentication.ts'], tests: ['authentication', DEFINITION] },
  { name: 'creates', code: ['creates/*.ts'], tests: ['creates/*', DEFINITION] },
  {
    name: 'searches',
    code: ['searches/*.ts'],
    tests: ['searches/*', 'fields/summary', DEFINITION],
  },
  {
    name: 'triggers',
    code: ['triggers/*.ts'],
    // Without instant.test.ts, which waits for what does not come.
    tests: ['triggers/{hooks,lists,new_*,st*}', 'highlevel/{budget,moments}', DEFINITION],
  },
  {
    name: 'highlevel',
    code: ['highlevel/*.ts'],
    ignoreStatic: true,
    tests: [
      '{highlevel,creates,searches}/*',
      'authentication',
      'triggers/{hooks,lists,new_*,st*}',
      'fields/{custom,values,days,summary}*',
    ],
  },
  {
    name: 'relay',
    code: ['relay/{changes,timeline,match,targets}.ts'],
    tests: ['relay/{changes,match,targets,config}'],
  },
];
