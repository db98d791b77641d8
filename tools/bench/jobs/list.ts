import { NOTHING_KNOWN, type OpportunityDelivery } from '../../../wire/deliveries.ts';
import type { BenchAccount } from './account.ts';

/** What people use the integration for, and the most requests to HighLevel that each may take. */
export interface Job {
  name: string;
  /** How many opportunities the account holds. */
  opportunities: number;
  /** At most so many requests. */
  requests: number;
  /** At most so many ms, where the time is the app's to keep. */
  ms?: number;
  /** At most so many MB more than before. */
  memory?: number;
  /** Prepares what is not measured, and gives the job itself, which answers with the requests that it made. */
  prepare(account: BenchAccount): Promise<() => Promise<number>>;
}

const MANY = 100_000;
const SOME = 10_000;
const BURST = 1_500;
const ROWS = 500;

const WHOLE_TIME = { period: 'custom', period_start: '2020-01-01', period_end: '2035-01-01' };
const polled = { name: 'polled', trigger: { key: 'new_opportunity', input: {} }, steps: [] };

/** Fails loudly, as a cheap job that does not do its work is no result. */
function demand(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}

/** What the relay posts to the Zap of a moved opportunity. */
const deliveryOf = (opportunityId: string, number: number): OpportunityDelivery => ({
  id: `delivery-${number}`,
  event: 'stage_changed',
  location_id: '',
  opportunity_id: opportunityId,
  note_id: null,
  task_id: null,
  change: {
    field: 'stage',
    from: null,
    to: null,
    at: new Date().toISOString(),
    from_known: false,
    recovered: false,
  },
  snapshot: NOTHING_KNOWN,
});

const rowsOf = ({ results }: { results: unknown }) => results as Record<string, unknown>[];

/** The names and ids of a fresh opportunity in the account, whose contact has no other. */
async function imported(account: BenchAccount, name: string) {
  const { ids } = await account.control<{ ids: string[] }>('POST', '/import', { count: 1, name });
  const [id = ''] = ids;
  return account.control<{ id: string; name: string; contactId: string }>('GET', `/opportunities/${id}`);
}

/** The id of an opportunity with a custom field. */
async function withOwnField(account: BenchAccount): Promise<string> {
  const { id } = await imported(account, 'With a field of its own');
  const watchable = rowsOf(await account.call('trigger', 'watched_field_list', {}));
  const [field] = watchable.map((row) => String(row.id)).filter((one) => one.startsWith(OWN_FIELD));
  const customFields = [{ id: field?.slice(OWN_FIELD.length), value: 'HP-1' }];
  await account.control('PATCH', `/opportunities/${id}`, { customFields });
  return id;
}

const OWN_FIELD = 'custom_fields__';

export const JOBS: readonly Job[] = [
  {
    name: 'a summary of 10,000 opportunities',
    opportunities: SOME,
    requests: 21,
    ms: 5_000,
    memory: 60,
    prepare: async (account) => {
      await account.call('search', 'list_opportunities', { limit: '500' });
      return async () => {
        const reply = await account.call('search', 'summarize_opportunities', WHOLE_TIME);
        const [summary] = rowsOf(reply);
        demand(summary?.created_count === SOME, `The summary counts ${summary?.created_count}.`);
        return reply.requests;
      };
    },
  },
  {
    name: 'a list of 500',
    opportunities: SOME,
    requests: 1,
    prepare: async (account) => {
      await account.call('search', 'list_opportunities', { limit: '500' });
      return async () => {
        const reply = await account.call('search', 'list_opportunities', { limit: '500' });
        demand(rowsOf(reply)[0]?.count === 500, 'Not 500 were listed.');
        return reply.requests;
      };
    },
  },
  {
    name: 'a poll that finds nothing',
    opportunities: MANY,
    requests: 1,
    prepare: async (account) => {
      const zap = await account.poll(polled);
      return async () => {
        const { fresh, requests } = await zap.poll();
        demand(fresh === 0, `${fresh} were new, and none is.`);
        return requests;
      };
    },
  },
  {
    name: 'a poll that finds one',
    opportunities: MANY,
    requests: 1,
    prepare: async (account) => {
      const zap = await account.poll(polled);
      await imported(account, 'Found by a poll');
      return async () => {
        const { fresh, requests } = await zap.poll();
        demand(fresh === 1, `${fresh} were new, and one is.`);
        return requests;
      };
    },
  },
  {
    name: `a poll after ${BURST} new ones`,
    opportunities: MANY,
    // 100 each, as the search in the specification gives no more.
    requests: 16,
    prepare: async (account) => {
      const zap = await account.poll(polled);
      await account.control('POST', '/import', { count: BURST });
      return async () => {
        const { fresh, requests } = await zap.poll();
        demand(fresh === BURST, `${fresh} were new, and ${BURST} are.`);
        return requests;
      };
    },
  },
  {
    name: 'an opportunity found by its name',
    opportunities: MANY,
    requests: 1,
    prepare: async (account) => {
      const { name } = await imported(account, 'Needle in the haystack');
      await account.call('search', 'list_opportunities', { limit: '500' });
      return async () => {
        const reply = await account.call('search', 'find_opportunity', { name });
        demand(rowsOf(reply)[0]?.name === name, 'It was not found.');
        return reply.requests;
      };
    },
  },
  {
    name: 'an opportunity that is not there',
    opportunities: MANY,
    requests: 2,
    prepare: async (account) => {
      await account.call('search', 'find_opportunity', { name: 'Nothing of this name' });
      return async () => {
        const reply = await account.call('search', 'find_opportunity', { name: 'Nothing of that name' });
        demand(rowsOf(reply).length === 0, 'One was found.');
        return reply.requests;
      };
    },
  },
  {
    name: 'find or create, where there is none',
    opportunities: SOME,
    requests: 3,
    prepare: async (account) => {
      const { contactId } = await imported(account, 'Of a contact');
      const stage = { pipeline_id: 'Onboarding', stage_id: 'Kickoff' };
      await account.call('search', 'find_opportunity', { name: 'Nothing of this name' });
      return async () => {
        const input = { contact_id: contactId, name: 'Onboarding of a contact' };
        const found = await account.call('search', 'find_opportunity', input);
        demand(rowsOf(found).length === 0, 'One was found.');
        const made = await account.call('create', 'create_opportunity', { ...stage, ...input });
        demand(Boolean((made.results as { id?: string }).id), 'None was made.');
        return found.requests + made.requests;
      };
    },
  },
  {
    name: 'an update by names of stage and owner',
    opportunities: SOME,
    // What it was before is read, for the rules and for the outputs.
    requests: 2,
    prepare: async (account) => {
      const first = await imported(account, 'To be updated');
      const update = (stage: string) =>
        account.call('create', 'update_opportunity', {
          opportunity_id: first.id,
          pipeline_id: 'Sales',
          stage_id: stage,
          owner_id: 'Dana Whitfield',
          only_if: 'any',
        });
      await update('Contacted');
      return async () => {
        const reply = await update('Negotiation');
        demand(
          (reply.results as { stage_name?: string }).stage_name === 'Negotiation',
          'The stage is another.',
        );
        return reply.requests;
      };
    },
  },
  {
    name: 'one event of an instant trigger',
    opportunities: SOME,
    requests: 1,
    prepare: async (account) => {
      const { id } = await imported(account, 'Moved');
      // In a Zap that runs, a read by id has told custom fields before.
      await account.call('search', 'find_opportunity', { opportunity_id: await withOwnField(account) });
      const body = (number: number) => ({ extra: { cleanedRequest: deliveryOf(id, number) } });
      await account.call('trigger', 'stage_changed_instant', {}, body(1));
      return async () => {
        const reply = await account.call('trigger', 'stage_changed_instant', {}, body(2));
        demand(rowsOf(reply).length === 1, 'The event gave no row.');
        return reply.requests;
      };
    },
  },
  {
    name: `an import of ${ROWS} rows, each a new lead`,
    opportunities: SOME,
    requests: 2 * ROWS,
    prepare: async (account) => {
      const row = (number: number) =>
        account.call('create', 'create_contact_and_opportunity', {
          email: `lead-${number}@sheet.example`,
          full_name: `Lead ${number}`,
          pipeline_id: 'Sales',
          stage_id: 'New Lead',
          name: `Lead ${number}`,
          monetary_value: String(number * 10),
        });
      await row(0);
      return async () => {
        let requests = 0;
        for (let number = 1; number <= ROWS; number += 1) requests += (await row(number)).requests;
        return requests;
      };
    },
  },
];
