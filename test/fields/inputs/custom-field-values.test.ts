import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AMPLE } from '../../support/ample.ts';
import { type Connection, connect, errorOf, sentenceOf } from '../../support/connection.ts';

const CREATE = 'creates.create_opportunity.operation';
const UPDATE = 'creates.update_opportunity.operation';

type Row = Record<string, unknown> & { custom_fields: Record<string, unknown> };

describe('values of a person’s own fields', () => {
  let connection: Connection;

  beforeAll(async () => {
    connection = await connect({
      opportunities: 0,
      ...AMPLE,
    });
  });
  afterAll(() => connection.close());
  beforeEach(() => {
    connection.sandbox.state.opportunities.clear();
    connection.sandbox.context.index.rebuild();
    connection.requests();
  });

  const idOf = (key: string) => connection.sandbox.seeded.customFields[`opportunity.${key}`] ?? '';
  const keyOf = (key: string) => `custom_field_${idOf(key)}`;
  const create = (over: Record<string, unknown>) =>
    connection.run<Row>(`${CREATE}.perform`, {
      contact_id: connection.sandbox.seeded.contactIds[0],
      pipeline_id: 'Sales',
      name: 'Website for Harbor Cafe',
      ...over,
    });
  const sent = () =>
    (
      connection.sandbox.context.log.entries.findLast(({ path }) => path === '/opportunities/')?.body as
        | { customFields?: unknown }
        | undefined
    )?.customFields;

  it.each([
    ['external_id', ' HP-1 ', 'HP-1', 'HP-1'],
    ['external_id', 0, '0', '0'],
    [
      'external_id',
      '{{bundle.inputData.x}} {{y}}',
      '{{bundle.inputData.x}} {{y}}',
      '{{bundle.inputData.x}} {{y}}',
    ],
    ['project_brief', 'One\nTwo', 'One\nTwo', 'One\nTwo'],
    ['seats', '1,250', '1250', 1250],
    ['seats', 0, '0', 0],
    ['seats', -3.5, '-3.5', -3.5],
    ['setup_fee', '$1,250.50', '1250.5', 1250.5],
    ['site_phone', '+12065550100', '+12065550100', '+12065550100'],
    ['checklist', ['Contract signed', 'Invoice sent'], ['Contract signed', 'Invoice sent'], undefined],
    ['checklist', 'contract signed', ['Contract signed'], undefined],
    ['plan', 'growth', 'Growth', 'Growth'],
    ['services', 'Website, ads, Website', ['Website', 'Ads'], undefined],
    ['services', ['Website,Ads', 'Email', ''], ['Website', 'Ads', 'Email'], undefined],
    ['priority', 'High', 'High', 'High'],
    ['contract_date', '2026-12-31T00:00:00-06:00', '2026-12-31', '2026-12-31'],
    ['contract_date', '2026-12-31T23:30:00+09:00', '2026-12-31', '2026-12-31'],
    [
      'proposal_file',
      'https://files.example.com/a.pdf',
      { url: 'https://files.example.com/a.pdf' },
      ['https://files.example.com/a.pdf'],
    ],
  ])('%s: %j is sent as %j', async (field, input, wire, output) => {
    const made = await create({ [keyOf(field)]: input });
    expect(sent()).toEqual([{ id: idOf(field), fieldValue: wire }]);
    expect(made.custom_fields[idOf(field)]).toEqual(output ?? wire);
    const [found] = await connection.run<Row[]>('searches.find_opportunity.operation.perform', {
      name: 'Website for Harbor Cafe',
    });
    // Search rows and single records spell values differently; a Zap must not notice.
    expect(found?.custom_fields).toEqual(made.custom_fields);
  });

  it('a text box list: its filled boxes by name', async () => {
    const made = await create({
      [`${keyOf('decision_makers')}__Buyer`]: 'Dana',
      [`${keyOf('decision_makers')}__Signer`]: '',
      [`${keyOf('decision_makers')}__User`]: 'Lee',
    });
    expect(sent()).toEqual([{ id: idOf('decision_makers'), fieldValue: { Buyer: 'Dana', User: 'Lee' } }]);
    expect(made.custom_fields[idOf('decision_makers')]).toEqual(['Dana', 'Lee']);
  });

  it('an option that holds a comma', async () => {
    const fresh = await connect({ opportunities: 0 });
    const id = fresh.sandbox.seeded.customFields['opportunity.services'] ?? '';
    fresh.sandbox.state.customFields.get(id)?.picklistOptions.push('Print, Signs');
    const made = await fresh.run<Row>(`${CREATE}.perform`, {
      contact_id: fresh.sandbox.seeded.contactIds[0],
      pipeline_id: 'Sales',
      name: 'Signs',
      [`custom_field_${id}`]: ['Print, Signs', 'Ads'],
    });
    expect(made.custom_fields[id]).toEqual(['Print, Signs', 'Ads']);
    await fresh.close();
  });

  it.each([
    ['plan', (key: string) => ({ [key]: 'Enterprise' }), 'Enterprise'],
    ['services', (key: string) => ({ [key]: ['Website, enterprise'] }), ['Website', 'Enterprise']],
    ['decision_makers', (key: string) => ({ [`${key}__Enterprise`]: 'Dana' }), { Enterprise: 'Dana' }],
  ])('a choice or a box that came since the fields were read: of %s', async (name, input, wire) => {
    const fresh = await connect({ opportunities: 0 });
    const { seeded, state, locationId, context } = fresh.sandbox;
    const id = seeded.customFields[`opportunity.${name}`] ?? '';
    const filled = { contact_id: seeded.contactIds[0], pipeline_id: 'Sales', name: 'Own' };
    const run = () => fresh.run(`${CREATE}.perform`, { ...filled, ...input(`custom_field_${id}`) });
    await errorOf(run());
    const field = state.customFields.get(id);
    if (!field) throw new Error('There is no such field.');
    field.picklistOptions = [...field.picklistOptions, 'Enterprise'];
    fresh.requests();
    await run();
    expect(context.log.entries.findLast(({ path }) => path === '/opportunities/')?.body).toMatchObject({
      customFields: [{ id, fieldValue: wire }],
    });
    expect(fresh.requests()).toContain(`GET /locations/${locationId}/customFields`);
    await fresh.close();
  });

  it.each([
    ['where the field takes one', { picklistOptions: ['Pro'], isAllowedCustomOption: true }],
    ['where HighLevel tells of no options', { picklistOptions: { pro: 'Pro' } }],
  ])('an option of the person’s own, %s', async (_, told) => {
    const fresh = await connect({ opportunities: 0 });
    const id = fresh.sandbox.seeded.customFields['opportunity.plan'] ?? '';
    fresh.sandbox.fault({
      path: `/locations/${fresh.sandbox.locationId}/customFields`,
      status: 200,
      body: {
        customFields: [{ id, name: 'Plan', dataType: 'SINGLE_OPTIONS', ...told }],
      },
    });
    const input = { contact_id: fresh.sandbox.seeded.contactIds[0], pipeline_id: 'Sales', name: 'Own' };
    await errorOf(fresh.run(`${CREATE}.perform`, { ...input, [`custom_field_${id}`]: 'Enterprise' }));
    // The sandbox knows no such fields and refuses; what counts is that the value was sent.
    expect(fresh.sandbox.requests().at(-1)?.body).toMatchObject({
      customFields: [{ id, fieldValue: 'Enterprise' }],
    });
    await fresh.close();
  });

  it('nothing of what was left empty', async () => {
    const made = await create({
      [keyOf('external_id')]: '',
      [keyOf('seats')]: null,
      [keyOf('services')]: [],
      [keyOf('checklist')]: ['', ' '],
      [keyOf('plan')]: undefined,
    });
    expect(sent()).toBeUndefined();
    // HighLevel leaves them out of its answer, so what they hold is not told.
    expect(made.custom_fields).toEqual({});
  });

  it.each([
    '[]',
    [],
    ['[]'],
    ',',
    '[null]',
    '[""]',
  ])('no choice of many, as code writes it: %j', async (none) => {
    const made = await create({ [keyOf('services')]: ['Website'], [keyOf('external_id')]: 'HP-1' });
    const updated = await connection.run<Row>(`${UPDATE}.perform`, {
      opportunity_id: made.id,
      [keyOf('external_id')]: 'HP-2',
      [keyOf('services')]: none,
    });
    expect(updated.custom_fields).toMatchObject({
      [idOf('external_id')]: 'HP-2',
      [idOf('services')]: ['Website'],
    });
  });

  it.each(['undefined', 'null', ['null']])('no box of a text box list by %j', async (none) => {
    await create({
      [`${keyOf('decision_makers')}__Buyer`]: none,
      [`${keyOf('decision_makers')}__User`]: 'Lee',
    });
    expect(sent()).toEqual([{ id: idOf('decision_makers'), fieldValue: { User: 'Lee' } }]);
    connection.sandbox.state.opportunities.clear();
    connection.sandbox.context.index.rebuild();
    await create({ [`${keyOf('decision_makers')}__Buyer`]: none });
    expect(sent()).toBeUndefined();
  });

  it('no box of what stands where a value was lost', async () => {
    const lost = create({ [`${keyOf('decision_makers')}__Buyer`]: { first: 'Dana' } });
    expect(sentenceOf(await errorOf(lost))).toMatch(
      /^Decision Makers: Buyer: "\[object Object\]" is what code or a sheet writes/,
    );
  });

  it.each([
    ['SINGLE_OPTIONS', 'null', undefined, null],
    ['SINGLE_OPTIONS', '#N/A', undefined, /^Plan: "#N\/A" is what code or a sheet writes/],
    ['MULTIPLE_OPTIONS', ['undefined', 'Pro'], ['Pro'], null],
    ['MULTIPLE_OPTIONS', '[{"name":"Pro"}]', undefined, /^Plan: "\[object Object\]" is what code/],
  ])('no option of the person’s own that is no value: %s %j', async (dataType, input, wire, sentence) => {
    const fresh = await connect({ opportunities: 0 });
    const id = fresh.sandbox.seeded.customFields['opportunity.plan'] ?? '';
    fresh.sandbox.fault({
      path: `/locations/${fresh.sandbox.locationId}/customFields`,
      status: 200,
      body: { customFields: [{ id, name: 'Plan', dataType, isAllowedCustomOption: true }] },
    });
    const filled = { contact_id: fresh.sandbox.seeded.contactIds[0], pipeline_id: 'Sales', name: 'Own' };
    const run = fresh.run(`${CREATE}.perform`, { ...filled, [`custom_field_${id}`]: input });
    if (sentence) expect(sentenceOf(await errorOf(run))).toMatch(sentence);
    else await run.catch(() => undefined);
    const writes = fresh.sandbox.context.log.entries.filter(
      ({ method, path }) => method === 'POST' && path === '/opportunities/',
    );
    expect(writes.map(({ body }) => (body as { customFields?: unknown }).customFields)).toEqual(
      sentence ? [] : [wire && [{ id, fieldValue: wire }]],
    );
    await fresh.close();
  });

  it('only the one that an update sets', async () => {
    const made = await create({ [keyOf('external_id')]: 'HP-1', [keyOf('seats')]: 4 });
    const updated = await connection.run<Row>(`${UPDATE}.perform`, {
      opportunity_id: made.id,
      [keyOf('seats')]: 5,
    });
    expect(updated.custom_fields).toMatchObject({ [idOf('external_id')]: 'HP-1', [idOf('seats')]: 5 });
  });

  it('a field that the cached list does not know yet is asked for once more', async () => {
    await create({});
    connection.requests();
    const { customFields } = connection.sandbox.state;
    const field = customFields.get(idOf('external_id'));
    if (!field) throw new Error('There is no such field.');
    customFields.set('newField000000000001', {
      ...field,
      id: 'newField000000000001',
      fieldKey: 'opportunity.new',
    });
    connection.sandbox.state.opportunities.clear();
    connection.sandbox.context.index.rebuild();
    const made = await create({ custom_field_newField000000000001: 'x' });
    expect(made.custom_fields.newField000000000001).toBe('x');
    expect(connection.requests().filter((request) => request.endsWith('/customFields'))).toHaveLength(1);
    customFields.delete('newField000000000001');
  });
});
