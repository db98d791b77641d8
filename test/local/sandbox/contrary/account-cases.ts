import type { ContraryName } from '../../../../local/sandbox/index.ts';
import {
  LIST_STATUSES,
  type ListContrary,
  type ListName,
} from '../../../../local/sandbox/state/contraries.ts';
import type { Case, Tools } from './cases.ts';

const LISTS: Record<ListName, { path(tools: Tools): string; key: string }> = {
  users: { path: ({ sandbox }) => `/users/search?companyId=${sandbox.companyId}&limit=100`, key: 'users' },
  'lost-reasons': {
    path: ({ sandbox }) => `/opportunities/lost-reason?locationId=${sandbox.locationId}`,
    key: 'lostReasons',
  },
  'custom-fields': {
    path: ({ sandbox }) => `/locations/${sandbox.locationId}/customFields?model=opportunity`,
    key: 'customFields',
  },
  pipelines: {
    path: ({ sandbox }) => `/opportunities/pipelines?locationId=${sandbox.locationId}`,
    key: 'pipelines',
  },
};

const listCases = Object.fromEntries(
  (Object.keys(LISTS) as ListName[]).flatMap((list): [string, Case][] => [
    ...LIST_STATUSES.map((status): [string, Case] => [
      `${list}-${status}`,
      async (tools) => {
        expect((await tools.get(LISTS[list].path(tools))).status).toBe(status);
        expect((await tools.postSearch()).status).toBe(201);
      },
    ]),
    [
      `${list}-odd`,
      async (tools) => {
        const entries = (await tools.get(LISTS[list].path(tools))).body[LISTS[list].key];
        expect(entries[0]).toHaveProperty('_id');
        expect(entries[0]).not.toHaveProperty('id');
        expect(entries[1]).toHaveProperty('id');
      },
    ],
  ]),
) as Record<ListContrary, Case>;

const noContact =
  (status: number): Case =>
  async ({ sandbox, get }) => {
    const path = `/contacts/search/duplicate?locationId=${sandbox.locationId}`;
    const missing = await get(`${path}&email=nobody@mail.example`);
    expect([missing.status, missing.body.message]).toEqual([status, 'Contact not found']);
    const known = sandbox.state.contacts.get(sandbox.seeded.contactIds[0] ?? '')?.email ?? '';
    expect((await get(`${path}&email=${known}`)).body.contact.email).toBe(known);
  };

export const accountCases = {
  ...listCases,
  'users-25-a-page': async (tools) => {
    const { sandbox, get } = tools;
    const [user] = sandbox.state.users.values();
    if (user === undefined) throw new Error('There is no user.');
    for (let number = 0; number < 40; number += 1) {
      const id = `user${number}`;
      sandbox.state.users.set(id, { ...user, id });
    }
    const { body } = await get(LISTS.users.path(tools));
    expect([body.users.length, body.count]).toEqual([25, 43]);
    expect((await get(`${LISTS.users.path(tools)}&skip=25`)).body.users).toHaveLength(18);
  },
  'association-own-id': async ({ sandbox, get, send, postSearch }) => {
    const { locationId } = sandbox;
    const { body } = await get(
      `/associations/key/OPPORTUNITIES_CONTACTS_ASSOCIATION?locationId=${locationId}`,
    );
    expect(body.id).toMatch(/^[0-9a-f]{24}$/);
    const [row] = (await postSearch()).body.opportunities;
    expect(row.relations[0].associationId).toBe(body.id);
    const secondRecordId = sandbox.seeded.contactIds.find((id) => id !== row.contactId);
    const relation = { locationId, firstRecordId: row.id, secondRecordId };
    const byKey = { ...relation, associationId: 'OPPORTUNITIES_CONTACTS_ASSOCIATION' };
    expect((await send('POST', '/associations/relations', byKey)).status).toBe(400);
    const byId = { ...relation, associationId: body.id };
    expect((await send('POST', '/associations/relations', byId)).status).toBe(201);
  },
  'lost-reasons-deleted': async (tools) => {
    const path = LISTS['lost-reasons'].path(tools);
    expect((await tools.get(path)).body.lostReasons).toEqual([]);
    expect((await tools.get(`${path}&deleted=true`)).body.lostReasons).toHaveLength(4);
  },
  'lost-reasons-underscore-id': async (tools) => {
    const { lostReasons } = (await tools.get(LISTS['lost-reasons'].path(tools))).body;
    for (const reason of lostReasons) expect(reason).toMatchObject({ _id: expect.any(String) });
  },
  'custom-fields-all-models': async (tools) => {
    const { customFields } = (await tools.get(LISTS['custom-fields'].path(tools))).body;
    expect(new Set(customFields.map(({ model }: { model: string }) => model)).size).toBe(2);
  },
  'location-401': async (tools) => {
    const { sandbox, get } = tools;
    expect((await get(`/locations/${sandbox.locationId}`)).status).toBe(401);
    expect((await get(LISTS.pipelines.path(tools))).status).toBe(200);
  },
  'no-contact-400': noContact(400),
  'no-contact-404': noContact(404),
  'contact-needs-address': async ({ sandbox, send }) => {
    const { locationId } = sandbox;
    expect((await send('POST', '/contacts/', { locationId, firstName: 'Ann' })).status).toBe(422);
    const phone = '+12065550001';
    expect((await send('POST', '/contacts/', { locationId, firstName: 'Ann', phone })).status).toBe(201);
  },
  'contact-422-created': async ({ sandbox, send }) => {
    const before = sandbox.state.contacts.size;
    const { locationId } = sandbox;
    const { status } = await send('POST', '/contacts/', { locationId, email: 'made@mail.example' });
    expect([status, sandbox.state.contacts.size]).toEqual([422, before + 1]);
  },
} satisfies Partial<Record<ContraryName, Case>>;
