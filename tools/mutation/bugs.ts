/** A bug put in on purpose: somewhere a person could really slip, and where users would pay for it. */
export interface SeededBug {
  name: string;
  /** Exact text of the app's or the relay's code; it occurs there once, in whatever file. */
  right: string;
  /** What takes its place; it type-checks. */
  wrong: string;
  /** The test whose assertion has to fail: its file, and words of its name. */
  test: { file: string; name: string };
}

export const BUGS: SeededBug[] = [
  {
    name: 'the location is dropped on page two',
    right: '    locationId: client.locationId(),\n    ...filters,',
    wrong: "    locationId: place ? '' : client.locationId(),\n    ...filters,",
    test: { file: 'test/highlevel/opportunities/paging.test.ts', name: 'every page keeps every filter' },
  },
  {
    name: 'the filters are dropped on page two',
    right: '    ...filters,\n    q: filters.q',
    wrong: '    ...(place ? {} : filters),\n    q: filters.q',
    test: { file: 'test/highlevel/opportunities/paging.test.ts', name: 'every page keeps every filter' },
  },
  {
    name: 'custom fields are written in the spelling of the old version',
    right: "const VALUE_KEY = 'fieldValue';",
    wrong: "const VALUE_KEY = 'field_value';",
    test: {
      file: 'test/creates/create_opportunity.test.ts',
      name: 'writes custom fields in the spelling of the version',
    },
  },
  {
    name: 'a 429 is an ordinary error',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a program.
    right: 'new errors.ThrottledError(`${said} Zapier tries again in ${inWords(delay)}.`, delay)',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a program.
    wrong: 'new errors.HaltedError(`${said} Zapier tries again in ${inWords(delay)}.`)',
    test: {
      file: 'test/highlevel/http/client.test.ts',
      name: 'turns a 429 into a delay that Zapier understands',
    },
  },
  {
    name: 'a change is told apart by its opportunity alone, without its time',
    right: "(field.key === 'id' || field.key === time)",
    wrong: "(field.key === 'id' && field.key !== time)",
    test: { file: 'test/triggers/stage_changed.test.ts', name: 'twice for an opportunity that moves twice' },
  },
  {
    name: 'an Update after a Delete is delivered',
    right: '  if (isGone(known) && at > (known.deletedAt ?? 0)) return { state: known, changes: [] };\n',
    wrong: '',
    test: { file: 'test/relay/changes/changes.test.ts', name: 'one from after it is not' },
  },
  {
    name: 'the token follows a redirect to another host',
    right: "redirect: 'manual',\n        skipThrowForStatus: true,",
    wrong: "redirect: 'follow',\n        skipThrowForStatus: true,",
    test: {
      file: 'test/highlevel/http/client.test.ts',
      name: 'does not follow a redirect, which could carry the token away',
    },
  },
  {
    name: 'curly braces in a person’s text are lost in bodies',
    right: ".replaceAll('{{', '{\\\\u007b')",
    wrong: '',
    test: {
      file: 'test/highlevel/http/client.test.ts',
      name: 'keeps a person’s text whole in bodies and queries: {{process.env.CLIENT_SECRET}}',
    },
  },
  {
    name: 'a person’s text goes into queries as it is',
    right: 'encodeURIComponent(String(value))',
    wrong: 'String(value)',
    test: {
      file: 'test/highlevel/http/client.test.ts',
      name: 'keeps a person’s text whole in bodies and queries: 100 %',
    },
  },
  {
    name: 'creation counts as a change of stage',
    right: 'const CREATION_DRIFT_MS = 2000;',
    wrong: 'const CREATION_DRIFT_MS = -1;',
    test: { file: 'test/triggers/stage_changed.test.ts', name: 'and none that was only created' },
  },
  {
    name: 'a lost race on refresh ends the connection',
    right: 'if (await zapierCache(z, bundle).recall(renewed)) {',
    wrong: 'if (await zapierCache(z, bundle).recall(oldToken)) {',
    test: { file: 'test/authentication/oauth.test.ts', name: 'for a run that lost the race by a minute' },
  },
  {
    name: 'an id goes into a path as it is',
    right: "encodeURIComponent(values[name] ?? '')",
    wrong: "(values[name] ?? '')",
    test: { file: 'test/highlevel/http/client.test.ts', name: 'encodes ids that go into a path' },
  },
  {
    name: 'an empty field is sent',
    right: "return withoutInvisible(text).trim() === '' ? undefined : text;",
    wrong: 'return text;',
    test: { file: 'test/fields/inputs/read-text.test.ts', name: 'text "" as undefined' },
  },
];
