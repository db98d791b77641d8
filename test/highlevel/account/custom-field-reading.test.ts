import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { everyField } from '../../../highlevel/account/custom-field-value.ts';
import { normalise, opportunityRecord } from '../../../highlevel/opportunities/record.ts';
import { type Sandbox, startSandbox } from '../../../local/sandbox/index.ts';
import { AMPLE } from '../../support/ample.ts';

describe('custom fields of seeded opportunities', () => {
  let sandbox: Sandbox;

  beforeAll(async () => {
    sandbox = await startSandbox({
      opportunities: 40,
      ...AMPLE,
    });
  });
  afterAll(() => sandbox.close());

  const ask = async (path: string, body?: object) => {
    const answer = await fetch(`${sandbox.url}${path}`, {
      method: body ? 'POST' : 'GET',
      headers: {
        authorization: `Bearer ${sandbox.accessToken}`,
        version: 'v3',
        'content-type': 'application/json',
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return (await answer.json()) as { opportunity?: unknown; opportunities?: unknown[] };
  };
  const shown = (record: unknown) => {
    const fields = [...sandbox.state.customFields.values()].filter(({ model }) => model === 'opportunity');
    return everyField(normalise(opportunityRecord.parse(record)).custom_fields ?? {}, fields);
  };
  const typeOf = (value: unknown) => (Array.isArray(value) ? 'list' : typeof value);

  it('are the same from both searches and from the opportunity itself, for every data type', async () => {
    const { locationId } = sandbox;
    const { opportunities: rows = [] } = await ask(
      `/opportunities/search?locationId=${locationId}&limit=100`,
    );
    const { opportunities: advanced = [] } = await ask('/opportunities/search', {
      locationId,
      query: '',
      limit: 100,
      page: 1,
      filters: [],
      sort: [],
      additionalDetails: { notes: false, tasks: false, calendarEvents: false, unReadConversations: false },
    });
    expect([rows.length, advanced.length]).toEqual([40, 40]);
    const types = new Map<string, Set<string>>();
    for (const row of rows) {
      const { id } = opportunityRecord.parse(row);
      const { opportunity } = await ask(`/opportunities/${id}`);
      const other = advanced.find((one) => opportunityRecord.parse(one).id === id);
      expect(shown(opportunity)).toEqual(shown(row));
      expect(shown(other)).toEqual(shown(row));
      for (const [field, value] of Object.entries(shown(row))) {
        const dataType = sandbox.state.customFields.get(field)?.dataType ?? '';
        if (value !== null) types.set(dataType, (types.get(dataType) ?? new Set()).add(typeOf(value)));
      }
    }
    expect(Object.fromEntries([...types].map(([dataType, kinds]) => [dataType, [...kinds].join()]))).toEqual({
      TEXT: 'string',
      LARGE_TEXT: 'string',
      NUMERICAL: 'number',
      MONETORY: 'number',
      PHONE: 'string',
      CHECKBOX: 'list',
      SINGLE_OPTIONS: 'string',
      MULTIPLE_OPTIONS: 'list',
      RADIO: 'string',
      DATE: 'string',
      TEXTBOX_LIST: 'list',
      FILE_UPLOAD: 'list',
    });
  });
});
