/** A bug put in on purpose: somewhere a person could really slip, and where users would pay for it. */
export interface SeededBug {
  name: string;
  file: string;
  /** Exact text of the file, which occurs in it once. */
  right: string;
  wrong: string;
  /** The tests that have to turn red. */
  tests: string[];
}

export const BUGS: SeededBug[] = [
  {
    name: 'the location is dropped on page two',
    file: 'highlevel/opportunities/requests.ts',
    right: '    locationId: locationId(z, bundle),\n    ...filters,',
    wrong: '    locationId: cursor ? undefined : locationId(z, bundle),\n    ...filters,',
    tests: ['test/highlevel/opportunities/paging.test.ts'],
  },
  {
    name: 'the filters are dropped on page two',
    file: 'highlevel/opportunities/requests.ts',
    right: '    ...filters,\n',
    wrong: '    ...(cursor ? {} : filters),\n',
    tests: ['test/highlevel/opportunities/paging.test.ts'],
  },
  {
    name: 'custom fields are written in the spelling of the old version',
    file: 'highlevel/account/custom-field-write.ts',
    right: "const VALUE_KEY = 'fieldValue';",
    wrong: "const VALUE_KEY = 'field_value';",
    tests: ['test/creates/create_opportunity.test.ts', 'test/fields/inputs/custom-fields.test.ts'],
  },
  {
    name: 'a 429 is an ordinary error',
    file: 'highlevel/http/errors.ts',
    right: 'new z.errors.ThrottledError(',
    wrong: 'new z.errors.Error(',
    tests: ['test/highlevel/http/client.test.ts'],
  },
  {
    name: 'a change is told apart by its deal alone, without its time',
    file: 'fields/changes.ts',
    right: "(field.key === 'id' || field.key === time)",
    wrong: "field.key === 'id'",
    tests: ['test/triggers/stage_changed.test.ts'],
  },
  {
    name: 'an Update after a Delete is delivered',
    file: 'relay/changes.ts',
    right: '  if (isGone(known) && at > (known.deletedAt ?? 0)) return { state: known, changes: [] };\n',
    wrong: '',
    tests: ['test/relay/changes.test.ts'],
  },
  {
    name: 'the token goes to another host',
    file: 'highlevel/http/middleware.ts',
    right: 'url.origin !== new URL(apiUrl()).origin || ',
    wrong: '',
    tests: ['test/highlevel/http/middleware.test.ts'],
  },
  {
    name: 'curly braces in a person’s text are lost in bodies',
    file: 'highlevel/http/client.ts',
    right: ".replaceAll('{{', '{\\\\u007b')",
    wrong: '',
    tests: ['test/highlevel/http/client.test.ts'],
  },
  {
    name: 'curly braces in a person’s text are lost in queries',
    file: 'highlevel/http/middleware.ts',
    right: 'export const beforeRequest = [authorize, writeQuery];',
    wrong: 'export const beforeRequest = [authorize];',
    tests: ['test/highlevel/http/client.test.ts', 'test/highlevel/http/middleware.test.ts'],
  },
  {
    name: 'creation counts as a change of stage',
    file: 'highlevel/opportunities/moments.ts',
    right: 'const CREATION_DRIFT_MS = 2000;',
    wrong: 'const CREATION_DRIFT_MS = -1;',
    tests: ['test/triggers/stage_changed.test.ts'],
  },
  {
    name: 'a lost race on refresh ends the connection',
    file: 'highlevel/connection/sign-in.ts',
    right: 'if (await recall(z, bundle, renewed)) {',
    wrong: 'if (false) {',
    tests: ['test/authentication/oauth.test.ts'],
  },
  {
    name: 'an id goes into a path as it is',
    file: 'highlevel/http/client.ts',
    right: "encodeURIComponent(values[name] ?? '')",
    wrong: "(values[name] ?? '')",
    tests: ['test/highlevel/http/client.test.ts'],
  },
  {
    name: 'an empty field is sent',
    file: 'fields/inputs/read-text.ts',
    right: "return withoutInvisible(text).trim() === '' ? undefined : text;",
    wrong: 'return text;',
    tests: ['test/creates/create_opportunity.test.ts', 'test/fields/inputs/read-text.test.ts'],
  },
];
