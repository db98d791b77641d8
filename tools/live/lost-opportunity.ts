import type { Account } from './account.ts';

type Fields = Record<string, unknown>;

const WITHIN_MS = 90_000;

/**
 * Gives the opportunity of the checks a custom field and a source, loses it for a reason, and says what each of the three
 * reads tells of it: public reports contradict each other on that.
 *
 * @throws Error where the status is refused, or the searches do not show it as lost in time
 */
export async function readLostBothWays({ raw, opportunity, locationId }: Account): Promise<string> {
  const field = await firstOf(raw(...listFields(locationId)), 'customFields', isText);
  const reason = await firstOf(
    raw('GET', `/opportunities/lost-reason?locationId=${locationId}`),
    'lostReasons',
  );
  const path = `/opportunities/${opportunity.id}`;
  const sent = [
    await raw('PUT', path, { customFields: field ? [{ id: field.id, fieldValue: 'live check' }] : [] }),
    await raw('PUT', path, { source: 'Live check' }),
    await raw('PUT', `${path}/status`, { status: 'lost', ...(reason ? { lostReasonId: reason.id } : {}) }),
  ];
  if ((sent.at(-1)?.status ?? 500) >= 300)
    throw new Error(`the status was refused with ${sent.at(-1)?.status}`);
  const single = await raw('GET', path);
  const list = () => raw('GET', `/opportunities/search?locationId=${locationId}&id=${opportunity.id}`);
  const filters = [{ field: 'id', operator: 'eq', value: opportunity.id }];
  const advanced = () => raw('POST', '/opportunities/search', { locationId, query: '', limit: 1, filters });
  const rows = {
    'GET search': await lost(async () => rowOf((await list()).body, opportunity.id)),
    'POST search': await lost(async () => rowOf((await advanced()).body, opportunity.id)),
  };
  const told = Object.entries({ 'by id': (single.body.opportunity ?? {}) as Fields, ...rows });
  return [
    `field ${sent[0]?.status}, source ${sent[1]?.status}, status ${sent[2]?.status}`,
    ...told.map(([how, one]) => `${how}: ${what(one)}`),
  ].join('; ');
}

const listFields = (locationId: string) =>
  ['GET', `/locations/${locationId}/customFields?model=opportunity`] as const;
const isText = ({ dataType }: Fields) => dataType === 'TEXT';

async function firstOf(
  answer: ReturnType<Account['raw']>,
  key: string,
  fits: (one: Fields) => boolean = () => true,
): Promise<Fields | undefined> {
  return (((await answer).body[key] ?? []) as Fields[]).find(fits);
}

/** The row once the search has caught up. */
async function lost(read: () => Promise<Fields>): Promise<Fields> {
  const began = Date.now();
  while (Date.now() - began < WITHIN_MS) {
    const row = await read();
    if (row.status === 'lost') return row;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  throw new Error(`the search did not show the opportunity as lost within ${WITHIN_MS / 1000} s`);
}

function rowOf({ opportunities }: Fields, id: string): Fields {
  return ((opportunities ?? []) as Fields[]).find((row) => row.id === id) ?? {};
}

function what({ customFields, source, lostReasonId }: Fields): string {
  const has = Array.isArray(customFields) && customFields.length > 0;
  const words = (name: string, there: boolean) => `${there ? '' : 'no '}${name}`;
  return [
    words('custom field', has),
    words('source', Boolean(source)),
    words('reason', Boolean(lostReasonId)),
  ].join(', ');
}
