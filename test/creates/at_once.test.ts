/** Three Zaps run at the same moment, as when one form is sent three times; each search of theirs is over before the first write. */

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import App from '../../index.ts';
import { addContact, signIn } from '../../local/demo/scenario.ts';
import { type Sandbox, startSandbox } from '../../local/sandbox/index.ts';
import { AMPLE } from '../support/ample.ts';
import { type Running, startRunner } from '../support/runner.ts';

let sandbox: Sandbox;
let zapier: Running;

let contact_id: string;
let known: number;

beforeAll(async () => {
  sandbox = await startSandbox({ opportunities: 0, ...AMPLE });
  sandbox.setLocation(sandbox.locationId, { allowDuplicateOpportunity: true });
  sandbox.setSettings({ searchLagMs: 60_000 });
  zapier = await startRunner(sandbox);
});
beforeEach(async () => {
  contact_id = await addContact(sandbox, `Priya${sandbox.state.contacts.size} Raman`);
  known = sandbox.state.contacts.size;
});
afterAll(async () => {
  await zapier.runner.close();
  await sandbox.close();
});

type Kind = 'create' | 'searchOrCreate';

const run = async (
  kind: Kind,
  key: string,
  input: Record<string, unknown>,
  connection = zapier.connection,
) => {
  const step = { id: 'step', kind, key, input };
  const zap = { name: 'At once', trigger: { key: 'new_opportunity' }, steps: [step] };
  const { task } = await zapier.runner.test(zap, connection, { steps: true });
  return { status: task?.status, message: task?.failure?.message, output: task?.outputs.step };
};

const thrice = (kind: Kind, key: string, inputs: Record<string, unknown>[]) =>
  Promise.all([0, 1, 2].map((at) => run(kind, key, inputs[at % inputs.length] ?? {})));

const opportunities = () =>
  [...sandbox.state.opportunities.values()].filter(({ contactId }) => contactId === contact_id);
const newContacts = () => [...sandbox.state.contacts.values()].slice(known);

const worth50 = () =>
  run('create', 'create_opportunity', {
    contact_id,
    pipeline_id: 'Sales',
    name: 'Spring',
    monetary_value: '50',
  });

describe('three at once', () => {
  it('make one opportunity by Find or Create', async () => {
    const input = { contact_id, pipeline_id: 'Sales', name: 'Spring campaign', monetary_value: '100' };
    const runs = await thrice('searchOrCreate', 'find_opportunity', [input]);
    expect(runs.map(({ status, message }) => [status, message])).toEqual(
      Array(3).fill(['success', undefined]),
    );
    expect(opportunities()).toHaveLength(1);
    const made = runs.map(({ output }) => output?.was_created);
    expect(made.toSorted()).toEqual([false, false, true]);
    expect(new Set(runs.map(({ output }) => output?.id)).size).toBe(1);
  });

  it('make two by Find or Create where two orders have an ID of their own each', async () => {
    const field = sandbox.seeded.customFields['opportunity.external_id'];
    const order = (id: string) => ({
      contact_id,
      pipeline_id: 'Sales',
      name: 'Website',
      search_field: field,
      search_field_value: id,
      match_by: 'custom_field',
      [`custom_field_${field}`]: id,
    });
    const runs = await thrice('searchOrCreate', 'find_opportunity', [order('A-1'), order('A-2')]);
    expect(runs.map(({ status }) => status)).toEqual(['success', 'success', 'success']);
    const ids = opportunities().map(({ customFields }) => customFields[0]?.value);
    expect(ids.toSorted()).toEqual(['A-1', 'A-2']);
  });

  it('make one opportunity by Create, where the rule is to update the one that is there', async () => {
    const input = { contact_id, pipeline_id: 'Sales', name: 'Spring campaign', if_exists: 'update_open' };
    const runs = await thrice('create', 'create_opportunity', [input]);
    expect(runs.map(({ status }) => status)).toEqual(['success', 'success', 'success']);
    expect(opportunities()).toHaveLength(1);
  });

  it('make three by Create, where that is what was chosen', async () => {
    await thrice('create', 'create_opportunity', [{ contact_id, pipeline_id: 'Sales', name: 'Spring' }]);
    expect(opportunities()).toHaveLength(3);
  });

  it('make one contact and one opportunity in one step', async () => {
    const lead = {
      email: 'kim@new.example',
      pipeline_id: 'Sales',
      name: 'Website',
      if_exists: 'update_open',
    };
    const runs = await thrice('create', 'create_contact_and_opportunity', [lead]);
    expect(runs.map(({ status, message }) => [status, message])).toEqual(
      Array(3).fill(['success', undefined]),
    );
    const [person, ...others] = newContacts();
    expect(others).toEqual([]);
    contact_id = person?.id ?? '';
    expect(opportunities()).toHaveLength(1);
  });

  it.each([
    ['by email', { email: 'lee@new.example' }],
    ['by phone', { phone: '+12025550155' }],
    ['by name alone', { name: 'Kim Reed' }],
  ])('make one contact by Find or Create, found %s', async (_, person) => {
    const runs = await thrice('searchOrCreate', 'find_contact', [person]);
    expect(runs.map(({ status, message }) => [status, message])).toEqual(
      Array(3).fill(['success', undefined]),
    );
    expect(newContacts()).toHaveLength(1);
    expect(new Set(runs.map(({ output }) => output?.id)).size).toBe(1);
  });

  it('add to one value three times', async () => {
    const first = await worth50();
    await thrice('create', 'update_opportunity', [
      { opportunity_id: first.output?.id, monetary_value: '100', value_rule: 'add' },
    ]);
    expect(opportunities()).toMatchObject([{ monetaryValue: 350 }]);
  });
});

describe('at once over two connections to one sub-account', () => {
  const overBoth = async (key: string, input: Record<string, unknown>) => {
    const fields = { login_host: 'gohighlevel' };
    const other = await zapier.runner.connect({ browse: signIn(sandbox), fields });
    return Promise.all([zapier.connection, other, other].map((one) => run('create', key, input, one)));
  };

  it('all is added to one value', async () => {
    const first = await worth50();
    await overBoth('update_opportunity', {
      opportunity_id: first.output?.id,
      monetary_value: '100',
      value_rule: 'add',
    });
    expect(opportunities()).toMatchObject([{ monetaryValue: 350 }]);
  });
});

describe('a lock', () => {
  const locked = Object.values(App.creates).flatMap(({ key, operation }) =>
    'lock' in operation && operation.lock ? [{ key, operation, lock: operation.lock }] : [],
  );

  it('stands on each action that looks before it writes', () => {
    expect(locked.map(({ key }) => key).toSorted()).toEqual([
      'create_contact_and_opportunity',
      'create_opportunity',
      'create_or_update_contact',
      'update_opportunity',
    ]);
  });

  it.each(locked)('of $key is named by inputs that the action has, with an owner where those are no ids', ({
    operation,
    lock,
  }) => {
    const names = [...lock.key.matchAll(/\{\{bundle\.inputData\.(\w+)\}\}/g)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(0);
    const keys = (operation.inputFields ?? []).flatMap((field) => ('key' in field ? [field.key] : []));
    expect(keys).toEqual(expect.arrayContaining(names));
    const isId = names.every((name) => name?.endsWith('_id'));
    expect('scope' in lock ? lock.scope : null).toEqual(isId ? null : ['account']);
    expect(lock.timeout).toBeGreaterThan(30);
    expect(lock.timeout).toBeLessThanOrEqual(180);
  });
});
