import { authorizePage } from '../../highlevel/http/environment.ts';
import type { Account } from './account.ts';
import { readLostBothWays } from './lost-opportunity.ts';

/** What some questions need beside a token, and what it is. */
export const NEEDS = {
  HIGHLEVEL_LIVE_CLIENT_ID: 'the client ID of the marketplace app',
  HIGHLEVEL_LIVE_CLIENT_SECRET: 'its client secret',
  HIGHLEVEL_LIVE_USED_REFRESH_TOKEN: 'a refresh token that was used more than half a minute ago',
  HIGHLEVEL_LIVE_NARROW_TOKEN:
    'an access token of a second sign-in to the same sub-account, made after the first and for reading alone',
} as const;

type Need = keyof typeof NEEDS;

/** A question that only the real HighLevel can answer, and how to ask it. */
export interface Check {
  /** What is not known of the API. */
  question: string;
  /** The variables without which it cannot be asked. */
  needs?: readonly Need[];
  /** Asks, and says what was seen. @throws Error where the app's own contract does not hold */
  ask: (account: Account) => Promise<string>;
}

type Fields = Record<string, unknown>;

const DAY_MS = 24 * 60 * 60 * 1000;

const RATE_HEADERS = [
  'x-ratelimit-max',
  'x-ratelimit-remaining',
  'x-ratelimit-interval-milliseconds',
  'x-ratelimit-limit-daily',
  'x-ratelimit-daily-remaining',
  'x-ratelimit-daily-reset',
  'retry-after',
];

/** Filters that HighLevel is reported to refuse, each in a way of its own. */
const BAD_FILTERS = {
  'an unknown field': { filters: [{ field: 'no_such_field', operator: 'eq', value: 'x' }] },
  'an unknown operator': { filters: [{ field: 'status', operator: 'gt', value: 'open' }] },
  'a source as bare text': { filters: [{ field: 'source', operator: 'eq', value: 'Webinar' }] },
  'a page beside searchAfter': { page: 1, searchAfter: [1, 'x'] },
};

const bodyOf = (locationId: string, more: object) => ({
  locationId,
  query: '',
  limit: 2,
  additionalDetails: { notes: false, tasks: false, calendarEvents: false, unReadConversations: false },
  ...more,
});

/** In this order: the later ones use the opportunity that the earlier ones made. */
export const CHECKS: Check[] = [
  {
    question: 'The connection test answers, with the name of the sub-account',
    ask: async ({ run }) => `named "${(await run<Fields>('authentication.test')).name}"`,
  },
  {
    question: 'create_opportunity makes an opportunity and shows it whole',
    ask: async ({ run, opportunity, pipeline, contactId }) => {
      const made = await run<Fields>('creates.create_opportunity.operation.perform', {
        contact_id: contactId,
        pipeline_id: pipeline.id,
        name: opportunity.name,
        monetary_value: 1234.5,
        expected_close_date: '2030-12-31',
        probability: 40,
      });
      opportunity.id = String(made.id);
      demand(made.monetary_value === 1234.5, `the value came back as ${made.monetary_value}`);
      return `close date ${made.expected_close_date}, probability ${made.probability}`;
    },
  },
  {
    question: 'How far the search runs behind a write',
    ask: async ({ run, opportunity }) => {
      const began = Date.now();
      while (Date.now() - began < 30_000) {
        const [found] = await run<Fields[]>('searches.find_opportunity.operation.perform', {
          name: opportunity.name,
        });
        if (found?.id === opportunity.id) return `${Date.now() - began} ms`;
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
      throw new Error('the new opportunity was not found within 30 s');
    },
  },
  {
    question: 'The casing of the search’s parameters under v3',
    ask: async ({ raw, locationId }) => {
      const camel = await raw('GET', `/opportunities/search?locationId=${locationId}&limit=1`);
      const snake = await raw('GET', `/opportunities/search?location_id=${locationId}&limit=1`);
      demand(camel.status < 300, `camelCase answered ${camel.status}`);
      return `camelCase ${camel.status}, snake_case ${snake.status}`;
    },
  },
  {
    question: 'What PUT …/status answers',
    ask: async ({ raw, run, opportunity }) => {
      const answer = await raw('PUT', `/opportunities/${opportunity.id}/status`, { status: 'open' });
      const done = await run<Fields>('creates.update_opportunity_status.operation.perform', {
        opportunity_id: opportunity.id,
        status: 'won',
      });
      demand(done.status === 'won', `the status came back as ${done.status}`);
      return `${answer.status}, keys ${Object.keys(answer.body).sort().join(', ')}`;
    },
  },
  {
    question: 'The advanced search: status, page base, sort and range by date_updated, searchAfter',
    ask: async ({ raw, locationId }) => {
      const body = (more: object) => bodyOf(locationId, more);
      const sort = [{ field: 'date_updated', direction: 'desc' }];
      const since = new Date(Date.now() - DAY_MS).toISOString();
      const filters = [{ field: 'date_updated', operator: 'range', value: { gte: since } }];
      const first = await raw('POST', '/opportunities/search', body({ sort, filters }));
      const zero = await raw('POST', '/opportunities/search', body({ sort, page: 0 }));
      const one = await raw('POST', '/opportunities/search', body({ sort, page: 1 }));
      const rows = (first.body.opportunities ?? []) as { id: string; updatedAt: string; sort?: unknown[] }[];
      const next = await raw('POST', '/opportunities/search', body({ sort, searchAfter: rows.at(-1)?.sort }));
      const ids = (answer: { body: Fields }) =>
        ((answer.body.opportunities ?? []) as { id: string }[]).map(({ id }) => id).join(',');
      return [
        `status ${first.status}`,
        `in the range ${rows.every(({ updatedAt }) => updatedAt >= since)}`,
        `page 0 ${ids(zero) === ids(one) ? 'is' : 'is not'} page 1`,
        `searchAfter ${next.status}, ${rows.length && ids(next) !== ids(first) ? 'another page' : 'the same or none'}`,
      ].join('; ');
    },
  },
  {
    question: 'What GET of one opportunity leaves out that a search row has',
    ask: async ({ raw, opportunity, locationId }) => {
      const single = ((await raw('GET', `/opportunities/${opportunity.id}`)).body.opportunity ??
        {}) as Fields;
      const rows = (await raw('GET', `/opportunities/search?locationId=${locationId}&id=${opportunity.id}`))
        .body.opportunities as Fields[];
      const missing = Object.keys(rows?.[0] ?? {}).filter((key) => !(key in single));
      return missing.length > 0 ? `without ${missing.sort().join(', ')}` : 'nothing';
    },
  },
  {
    question: 'Whether PUT takes `source` and `lostReasonId`',
    ask: async ({ raw, opportunity }) => {
      const source = await raw('PUT', `/opportunities/${opportunity.id}`, { source: 'Live check' });
      const reason = await raw('PUT', `/opportunities/${opportunity.id}`, { lostReasonId: 'x' });
      return `source ${source.status}, lostReasonId ${reason.status} (${reason.body.message})`;
    },
  },
  {
    question: 'Whether a note can stand on an opportunity',
    ask: async ({ run, raw, opportunity, locationId, contactId }) => {
      const [author] = await run<Fields[]>('triggers.user_list.operation.perform');
      const note = await raw('POST', `/notes/?locationId=${locationId}`, {
        body: 'A live check; it goes with its contact.',
        userId: author?.id,
        relations: [
          { objectKey: 'opportunity', recordId: opportunity.id },
          { objectKey: 'contact', recordId: contactId },
        ],
      });
      return `${note.status} ${JSON.stringify(note.body.message ?? 'taken')}`;
    },
  },
  {
    question: 'Whether null empties a field on PUT',
    ask: async ({ run, opportunity }) => {
      const cleared = await run<Fields>('creates.update_opportunity.operation.perform', {
        opportunity_id: opportunity.id,
        fields_to_clear: ['expected_close_date'],
      });
      return cleared.expected_close_date === null
        ? 'it does'
        : `the close date is still ${cleared.expected_close_date}`;
    },
  },
  {
    question: 'Which rate headers come with an answer',
    ask: async ({ raw, locationId }) => {
      const { headers } = await raw('GET', `/opportunities/pipelines?locationId=${locationId}`);
      const told = RATE_HEADERS.flatMap((name) => {
        const value = headers.get(name);
        return value === null ? [] : [`${name}: ${value}`];
      });
      return told.join('; ') || 'none';
    },
  },
  {
    question: 'What is told of a lost opportunity with a custom field, a source and a reason',
    ask: readLostBothWays,
  },
  {
    question: 'What the meta of a full page has',
    ask: async ({ raw, locationId }) => {
      const { body } = await raw('GET', `/opportunities/search?locationId=${locationId}&limit=1`);
      const meta = Object.entries((body.meta ?? {}) as Fields);
      return (
        meta.map(([key, value]) => `${key} ${value === null ? 'null' : typeof value}`).join(', ') || 'none'
      );
    },
  },
  {
    question: 'Which statuses refuse a filter of the advanced search',
    ask: async ({ raw, locationId }) => {
      const said: string[] = [];
      for (const [what, more] of Object.entries(BAD_FILTERS)) {
        const { status } = await raw('POST', '/opportunities/search', bodyOf(locationId, more));
        said.push(`${what} ${status}`);
      }
      return said.join('; ');
    },
  },
  {
    question: 'What the sign-in page answers with and without version_id',
    needs: ['HIGHLEVEL_LIVE_CLIENT_ID'],
    ask: async ({ given, apiUrl }) => {
      const clientId = given.HIGHLEVEL_LIVE_CLIENT_ID ?? '';
      const page = async (more: Record<string, string>) => {
        const query = new URLSearchParams({
          response_type: 'code',
          client_id: clientId,
          redirect_uri: 'https://zapier.com/dashboard/auth/oauth/return/App1CLIAPI/',
          scope: 'opportunities.readonly',
          ...more,
        });
        const response = await fetch(`${signInPage(apiUrl)}?${query}`, { redirect: 'manual' });
        const text = `${response.headers.get('location') ?? ''} ${await response.text()}`;
        return `${response.status}${text.includes('noAppVersionIdFound') ? ' error.noAppVersionIdFound' : ''}`;
      };
      return `with ${await page({ version_id: clientId.split('-', 1)[0] ?? '' })}, without ${await page({})}`;
    },
  },
  {
    question: 'What a used refresh token is answered with',
    needs: ['HIGHLEVEL_LIVE_CLIENT_ID', 'HIGHLEVEL_LIVE_CLIENT_SECRET', 'HIGHLEVEL_LIVE_USED_REFRESH_TOKEN'],
    ask: async ({ given, apiUrl }) => {
      const response = await fetch(`${apiUrl}/oauth/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'refresh_token',
          refresh_token: given.HIGHLEVEL_LIVE_USED_REFRESH_TOKEN ?? '',
          client_id: given.HIGHLEVEL_LIVE_CLIENT_ID ?? '',
          client_secret: given.HIGHLEVEL_LIVE_CLIENT_SECRET ?? '',
          user_type: 'Location',
        }),
      });
      const body = (await response.json().catch(() => ({}))) as Fields;
      demand(response.status >= 300, 'it was taken: it was not used before, or a moment ago');
      return `${response.status} ${JSON.stringify(body.message ?? body.error_description ?? null)}`;
    },
  },
  {
    question: 'Whether a second, narrower sign-in changes the first',
    needs: ['HIGHLEVEL_LIVE_NARROW_TOKEN'],
    ask: async ({ given, raw, rawWith, contactId }) => {
      const path = `/contacts/${contactId}`;
      const change = { lastName: 'Check' };
      const first = await raw('PUT', path, change);
      const second = await rawWith(given.HIGHLEVEL_LIVE_NARROW_TOKEN ?? '', 'PUT', path, change);
      return `a write by the first ${first.status}, by the second ${second.status}`;
    },
  },
  {
    question: 'What GET of a deleted opportunity answers',
    ask: async ({ raw, run, opportunity }) => {
      const gone = await run<Fields>('creates.delete_opportunity.operation.perform', {
        opportunity_id: opportunity.id,
      });
      demand(gone.deleted === true, 'the opportunity was not deleted');
      const { status, body } = await raw('GET', `/opportunities/${opportunity.id}`);
      return `${status} ${JSON.stringify(body.message)}`;
    },
  },
];

/** What no script can ask: it takes a person at a browser, or a public address. */
export const BY_HAND = [
  'least access: sign in for reading and writing, then once more for reading alone: which permissions does each token answer name, and does the first connection still write?',
  '1: whether `state` comes back from the consent page, also on the white-label host',
  '7: a webhook’s raw headers, its signature over the raw bytes, latency, order, and the Update after a Delete',
];

/** A sandbox has its sign-in page at the address of its API. */
function signInPage(apiUrl: string): string {
  return new URL(apiUrl).hostname === '127.0.0.1' ? `${apiUrl}/v2/oauth/chooselocation` : authorizePage(null);
}

function demand(holds: boolean, reason: string): void {
  if (!holds) throw new Error(reason);
}
