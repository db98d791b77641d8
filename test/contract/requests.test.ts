import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { testMode } from '../../fields/inputs/test-mode.ts';
import { scopesFor } from '../../highlevel/http/permissions.ts';
import { checkToken } from '../../highlevel/http/token-check.ts';
import App from '../../index.ts';
import type { LoggedRequest } from '../../local/sandbox/index.ts';
import { isUsed } from '../../tools/spec/digest.ts';
import { INPUT_KEYS, inputsOf } from '../support/all-inputs.ts';
import { AMPLE } from '../support/ample.ts';
import { type Connection, connect } from '../support/connection.ts';
import type { Run } from '../support/operation.ts';
import { heldToTheSpecification } from './docs.ts';
import { declaredEndpoints } from './endpoints.ts';
import { excuses } from './overrides.ts';
import { REQUEST_OVERRIDES } from './request-overrides.ts';
import { RESPONSE_OVERRIDES } from './response-overrides.ts';
import { searchProblems } from './search-table.ts';
import { generationOf, sentence, specification } from './specification.ts';

/** More opportunities than the largest page holds, so that second pages are asked for. */
const OPPORTUNITIES = 560;

type Kind = 'triggers' | 'searches' | 'creates';

const operations = (['triggers', 'searches', 'creates'] as const).flatMap((kind) =>
  Object.keys(App[kind] ?? {}).map((key): [Kind, string] => [kind, key]),
);

heldToTheSpecification('everything that the app sends, and is answered by the sandbox', (folder) => {
  const spec = { v2: specification(folder, 'v2'), v3: specification(folder, 'v3') };
  const overrides = excuses(REQUEST_OVERRIDES);
  /** Whether all of these are needed is known by the sweep over every endpoint, in responses.test.ts. */
  const answers = excuses(RESPONSE_OVERRIDES);
  const wrongAnswers = new Set<string>();
  const seen = new Set<string>();
  const words = new Set<string>();
  let connection: Connection;

  beforeAll(async () => {
    connection = await connect({
      opportunities: OPPORTUNITIES,
      onExchange: (asked, text) => {
        if (!text.startsWith('{') || isFault(asked.status)) return;
        const found = spec[generationOf(asked)].answerProblems(asked, JSON.parse(text));
        for (const problem of answers.unexcused(found)) wrongAnswers.add(sentence(problem));
      },
      ...AMPLE,
    });
  });
  afterAll(() => connection.close());

  const typeOf = (id: string) => connection.sandbox.state.customFields.get(id)?.dataType;

  /** What the sandbox was asked since the last look, with everything that is wrong about it. */
  const problems = (): string[] => {
    const asked = connection.sandbox.requests();
    connection.sandbox.clearRequests();
    return asked.flatMap((request) => [...problemsOf(request), ...missing(request)]);
  };

  const problemsOf = (asked: LoggedRequest): string[] => {
    const known = spec[generationOf(asked)];
    const { operation } = known.find(asked.method, asked.path) ?? {};
    seen.add(operation ?? `${asked.method} ${asked.path}`);
    for (const word of [...Object.keys(asked.query), ...Object.keys(Object(asked.body))]) words.add(word);
    const body = asked.body as Record<string, unknown>;
    return [
      ...overrides.unexcused(known.requestProblems(asked)).map(sentence),
      ...(operation === 'POST /opportunities/search' ? searchProblems(body, typeOf) : []),
    ];
  };

  /** What the specification does not ask for and HighLevel does. */
  const missing = ({ path, headers, token }: LoggedRequest): string[] => {
    if (path === '/oauth/token') return token.present ? [`${path} was sent a token`] : [];
    return [
      ...(headers.version === 'v3' ? [] : [`${path} was asked for version ${headers.version}`]),
      ...(token.present ? [] : [`${path} was asked without a token`]),
    ];
  };

  const perform = async (kind: Kind, key: string, run: Run) => {
    const { sandbox } = connection;
    connection.forget();
    sandbox.clearFaults();
    if (run.fault) sandbox.fault(run.fault);
    const method = `${kind}.${key}.operation.${run.method ?? 'perform'}`;
    const bundle = { ...run.bundle, authData: { ...connection.authData, scope: ALL } };
    await connection.run(method, run.inputData, { meta: run.meta, bundle });
    sandbox.clearFaults();
  };

  it.each(operations)('%s %s: with all fields set, and with the least', async (kind, key) => {
    const { all, least } = inputsOf(key).runs(connection.sandbox);
    connection.sandbox.clearRequests();
    const fields = await connection.run<{ key: string; type?: string }[]>(
      `${kind}.${key}.operation.inputFields`,
      all[0]?.inputData,
    );
    const set = new Set(all.flatMap(({ inputData }) => Object.keys(inputData ?? {})));
    const unset = fields.filter(({ key, type }) => type !== 'copy' && key !== testMode.key && !set.has(key));
    expect(
      unset.map((field) => `${key} has an input "${field.key}" that its test's inputs never set`),
    ).toEqual([]);
    if (kind === 'creates') {
      for (const { inputData } of all) {
        await perform(kind, key, { inputData: { ...inputData, [testMode.key]: 'yes' } });
        const written = connection.sandbox.requests().filter(({ method }) => writes(method));
        expect(written.filter(({ path }) => !path.endsWith('/search'))).toEqual([]);
      }
    }
    for (const run of [...all, ...least]) await perform(kind, key, run);
    expect(problems()).toEqual([]);
  });

  it('connects, renews and tests a connection', async () => {
    const { sandbox } = connection;
    const redirect_uri = 'https://zapier.com/dashboard/auth/oauth/return/App1CLIAPI/';
    const authorize = 'authentication.oauth2Config.authorizeUrl';
    const page = new URL(await connection.run<string>(authorize, { redirect_uri, state: 's' }));
    const form = {
      ...Object.fromEntries(page.searchParams),
      decision: 'allow',
      location_id: sandbox.locationId,
    };
    const sent = await fetch(page.origin + page.pathname, {
      method: 'POST',
      body: new URLSearchParams(form),
      redirect: 'manual',
    });
    const code = new URL(sent.headers.get('location') ?? '').searchParams.get('code');
    sandbox.clearRequests();
    const exchange = 'authentication.oauth2Config.getAccessToken';
    const authData = await connection.run<Record<string, string>>(exchange, { code, redirect_uri });
    const refresh = 'authentication.oauth2Config.refreshAccessToken';
    const renewed = await connection.run<Record<string, string>>(refresh, {}, { bundle: { authData } });
    await connection.run('authentication.test', {}, { bundle: { authData: renewed } });
    await connection.run(
      'authentication.test',
      {},
      {
        bundle: { authData: { ...renewed, scope: 'opportunities.readonly' } },
      },
    );
    expect(problems()).toEqual([]);
  });

  it('proves a token for the relay', async () => {
    const { sandbox } = connection;
    sandbox.clearRequests();
    const poor = sandbox.mintToken({ scopes: ['opportunities.readonly'] }).accessToken;
    for (const token of [sandbox.accessToken, poor]) {
      expect(await checkToken(sandbox.url, token, sandbox.locationId)).toMatchObject({ kind: 'allowed' });
    }
    expect(problems()).toEqual([]);
  });

  it('needs the permissions that the specification asks for, and each endpoint was called', () => {
    const wrong = declaredEndpoints().flatMap(({ file, method, path, scope }) => {
      const place = path.replace(/\{\w+\}/g, 'x');
      const specified = spec.v3.find(method, place);
      if (!specified) {
        const problem = {
          generation: 'v3',
          operation: `${method} ${place}`,
          at: '',
          says: NOT_THERE,
        } as const;
        return overrides.unexcused([problem]).map((one) => `${file}: ${sentence(one)}`);
      }
      const scopes = specified.scopes.includes(scope)
        ? []
        : [`${file}: ${method} ${path} needs ${specified.scopes}`];
      const paths =
        specified.operation === `${method} ${path}` ? [] : [`${file}: ${specified.operation} is its name`];
      const called = seen.has(specified.operation)
        ? []
        : [`${file}: ${method} ${path} was never called above`];
      return [...scopes, ...paths, ...called];
    });
    expect(wrong).toEqual([]);
  });

  it('was answered as the specification has it, or for a reason', () => {
    expect([...wrongAnswers]).toEqual([]);
  });

  it('went to second pages and to every place of an advanced search', () => {
    const expected = ['startAfter', 'startAfterId', 'searchAfter', 'page', 'endDate', 'q', 'filters', 'sort'];
    expect(expected.filter((word) => !words.has(word))).toEqual([]);
  });

  it('sends nothing whose drift would go unseen', () => {
    // These are not in the specification, where nothing can be said of them.
    const unspecified = ['filters', 'sort', 'pageLimit', 'relations', 'bytes'];
    expect([...words].filter((word) => !isUsed(word) && !unspecified.includes(word))).toEqual([]);
  });

  it('needs every override of the specification, and every entry', () => {
    expect(overrides.unneeded().map(sentence)).toEqual([]);
    const keys = operations.map(([, key]) => key);
    expect(INPUT_KEYS.filter((key) => !keys.includes(key))).toEqual([]);
  });
});

const NOT_THERE = 'is not in the specification';

/** With it, notes are tried on the opportunity itself. */
const ALL = (['reading', 'writing', 'extra'] as const).flatMap(scopesFor).join(' ');

/** The one refusal that the inputs ask for. */
function isFault(status: number): boolean {
  return status === 422;
}

function writes(method: string): boolean {
  return method !== 'GET';
}
