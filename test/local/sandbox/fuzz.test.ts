import { jest } from '@jest/globals';
import { REQUIRED_SCOPES, type Sandbox, startSandbox } from '../../../local/sandbox/index.ts';
import { seedRandom } from '../../../local/sandbox/seed/random.ts';

const INHERITED = ['constructor', 'toString', '__proto__', 'hasOwnProperty'];
const CALLS = 1000;

let sandbox: Sandbox;
let complaints: jest.SpiedFunction<typeof console.error>;
beforeAll(async () => {
  complaints = jest.spyOn(console, 'error').mockImplementation(() => {});
  sandbox = await startSandbox({ rateLimit: { max: 1e6, intervalMs: 10_000, daily: 1e6 } });
});
afterAll(async () => {
  complaints.mockRestore();
  await sandbox.close();
});

async function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(sandbox.url + path, {
    method,
    redirect: 'manual',
    headers: {
      authorization: `Bearer ${sandbox.accessToken}`,
      version: 'v3',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
}

describe('a name that every object inherits', () => {
  it.each(INHERITED)('%s is no field, no order, no version', async (name) => {
    const { locationId } = sandbox;
    const filters = [{ field: name, operator: 'eq', value: 'x' }];
    const opportunities = await ask('POST', '/opportunities/search', { locationId, limit: 1, filters });
    expect(opportunities.status).toBe(422);
    const contacts = await ask('POST', '/contacts/search', { locationId, pageLimit: 1, filters });
    expect(contacts.status).toBe(422);
    const range = [{ field: 'dateAdded', operator: 'range', value: { [name]: 1 } }];
    expect((await ask('POST', '/contacts/search', { locationId, pageLimit: 1, filters: range })).status).toBe(
      200,
    );
    expect((await ask('GET', `/opportunities/search?locationId=${locationId}&order=${name}`)).status).toBe(
      200,
    );
    const unknown = await ask('GET', `/locations/${locationId}`, undefined, { version: name });
    expect(unknown.status).toBe(401);
  });
});

it('refuses a path that cannot be decoded in its own shape', async () => {
  const { status, text } = await ask('GET', '/opportunities/%E0%A4%A');
  expect([status, JSON.parse(text)]).toEqual([
    400,
    { statusCode: 400, message: expect.any(String), error: 'Bad Request', traceId: expect.any(String) },
  ]);
});

it(`answers ${CALLS} odd calls, none of them with 5xx, and each refusal in its own shape`, async () => {
  const random = seedRandom(7);
  const { locationId, seeded } = sandbox;
  const known = [
    locationId,
    ...seeded.contactIds.slice(0, 5),
    ...seeded.opportunityIds.slice(0, 5),
    ...Object.values(seeded.customFields),
    ...Object.values(seeded.workflows),
  ];
  const odd = [
    ...[
      null,
      '',
      ' ',
      0,
      -1,
      1.5,
      1e308,
      true,
      [],
      {},
      [null],
      [[]],
      { a: 1 },
      '\u0000',
      '%00',
      '../..',
      '💥',
    ],
    ...[
      'x'.repeat(3000),
      '9'.repeat(40),
      '2026-13-45',
      '12-31-2026',
      'NaN',
      { gte: 'x' },
      { gt: {} },
      [1, 'a'],
    ],
    ...INHERITED,
  ];
  const fields = ['name', 'monetary_value', 'date_added', 'source', 'contactName', 'tags', ...INHERITED];
  const fieldNames = [
    ...fields,
    ...Object.values(seeded.customFields).map((id) => `custom_fields.${id}.Buyer`),
  ];
  const keys = [
    ...['locationId', 'name', 'status', 'contactId', 'pipelineId', 'monetaryValue', 'customFields', 'tags'],
    ...['filters', 'sort', 'query', 'limit', 'page', 'pageLimit', 'searchAfter', 'email', 'phone', 'dueDate'],
    ...[
      'relations',
      'body',
      'userId',
      'followers',
      'skip',
      'q',
      'startAfter',
      'startAfterId',
      'order',
      'date',
    ],
  ];
  const one = <T>(list: readonly T[]): T => list[random.below(list.length)] as T;
  const value = (): unknown => {
    const dice = random.below(10);
    if (dice < 4) return one(odd);
    if (dice < 7) return one(known);
    if (dice < 9)
      return [{ field: one(fieldNames), operator: one(['eq', 'range', 'contains']), value: one(odd) }];
    return [{ group: one(['AND', 'OR', 'x']), filters: one(odd) }];
  };
  const body = () => {
    const pairs = Array.from({ length: random.below(5) }, () => [one(keys), value()]);
    return { locationId, limit: 5, pageLimit: 5, ...Object.fromEntries(pairs) };
  };

  const wrong: unknown[] = [];
  for (let number = 0; number < CALLS; number += 1) {
    const [method = '', path = ''] = one(Object.keys(REQUIRED_SCOPES)).split(' ');
    const filled = path.replace(
      /:id/g,
      () => encodeURIComponent(String(one([...known, ...known, one(odd)]))) || 'x',
    );
    const query = new URLSearchParams({ locationId, [one(keys)]: String(one(odd)) });
    const sent = method === 'GET' ? undefined : body();
    const { status, text } = await ask(method, `${filled}?${random.below(3) > 0 ? query : ''}`, sent);
    const refusal = status >= 400 ? JSON.parse(text) : null;
    const shaped = refusal === null || (refusal.statusCode === status && refusal.message && refusal.traceId);
    if (status >= 500 || !shaped) wrong.push([method, filled, String(query), sent, status, text]);
  }
  expect(wrong).toEqual([]);
  expect(complaints).not.toHaveBeenCalled();
}, 60_000);
