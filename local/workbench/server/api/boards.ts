import { z } from 'zod';
import type { Contact, Opportunity } from '../../../sandbox/index.ts';
import type { Bench } from '../bench.ts';
import { asPerson } from '../person.ts';
import { procedure, router } from './trpc.ts';

const status = z.enum(['open', 'won', 'lost', 'abandoned']);
const byId = z.object({ id: z.string() });
const day = z.iso.date().nullable();

const change = z.object({
  name: z.string().min(1).optional(),
  monetaryValue: z.number().min(0).optional(),
  pipelineStageId: z.string().optional(),
  status: status.optional(),
  lostReasonId: z.string().nullable().optional(),
  assignedTo: z.string().nullable().optional(),
  forecastExpectedCloseDate: day.optional(),
  source: z.string().nullable().optional(),
  customFields: z.array(z.object({ id: z.string(), value: z.unknown() })).optional(),
});

/** HighLevel's own pages: pipelines as boards, and what is on a card. */
export const boards = router({
  /** What the boards are made of: pipelines with their stages, people, reasons, the account's own fields. */
  account: procedure.query(({ ctx }) => {
    const { sandbox } = ctx.world();
    const { state, locationId } = sandbox;
    const here = <T extends { locationId: string }>(records: Map<string, T>) =>
      [...records.values()].filter((one) => one.locationId === locationId);
    return {
      locationId,
      locationName: state.locations.get(locationId)?.name ?? '',
      pipelines: here(state.pipelines).map(({ id, name, stages }) => ({
        id,
        name,
        stages: [...stages]
          .sort((a, b) => a.position - b.position)
          .map((stage) => ({ id: stage.id, name: stage.name })),
      })),
      users: [...state.users.values()]
        .filter(({ locationIds, deleted }) => !deleted && locationIds.includes(locationId))
        .map(({ id, name }) => ({ id, name })),
      lostReasons: here(state.lostReasons)
        .filter(({ deleted }) => !deleted)
        .map(({ id, name }) => ({ id, name })),
      customFields: here(state.customFields)
        .filter(({ model }) => model === 'opportunity')
        .map(({ id, name, dataType, picklistOptions }) => ({ id, name, dataType, options: picklistOptions })),
    };
  }),

  /** The cards of a pipeline, youngest change first. */
  cards: procedure.input(z.object({ pipelineId: z.string() })).query(({ ctx, input }) => {
    const { state, context } = ctx.world().sandbox;
    const cards = [...state.opportunities.values()].filter(
      ({ pipelineId }) => pipelineId === input.pipelineId,
    );
    return {
      now: context.now(),
      cards: cards.sort((a, b) => b.lastStageChangeAt.localeCompare(a.lastStageChangeAt)).map(cardOf(ctx)),
    };
  }),

  /** Everything about one opportunity. */
  opportunity: procedure.input(byId).query(({ ctx, input }) => {
    const { sandbox } = ctx.world();
    const { state } = sandbox;
    const one = state.opportunities.get(input.id);
    if (!one) return null;
    const contact = state.contacts.get(one.contactId);
    const notes = [...state.notes.values()].filter(({ relations }) =>
      relations.some(({ recordId }) => recordId === one.contactId || recordId === one.id),
    );
    const tasks = [...state.tasks.values()].filter(({ contactId }) => contactId === one.contactId);
    return {
      ...one,
      card: cardOf(ctx)(one),
      ownerName: nameOfUser(ctx, one.assignedTo),
      contact: contact ? contactOf(contact) : null,
      notes: notes
        .sort((a, b) => b.dateAdded.localeCompare(a.dateAdded))
        .map(({ id, body, dateAdded }) => ({ id, body, dateAdded })),
      tasks: tasks
        .sort((a, b) => b.dateAdded.localeCompare(a.dateAdded))
        .map(({ id, title, dueDate, completed, assignedTo }) => ({
          id,
          title,
          dueDate,
          completed,
          owner: nameOfUser(ctx, assignedTo),
        })),
    };
  }),

  contacts: procedure.input(z.object({ search: z.string() })).query(({ ctx, input }) => {
    const { state, locationId } = ctx.world().sandbox;
    const wanted = input.search.trim().toLowerCase();
    return [...state.contacts.values()]
      .filter((contact) => contact.locationId === locationId)
      .map(contactOf)
      .filter(({ name, email }) => `${name} ${email}`.toLowerCase().includes(wanted))
      .slice(0, 50);
  }),

  contact: procedure.input(byId).query(({ ctx, input }) => {
    const { state } = ctx.world().sandbox;
    const contact = state.contacts.get(input.id);
    if (!contact) return null;
    const opportunities = [...state.opportunities.values()].filter(
      ({ contactId }) => contactId === contact.id,
    );
    return { ...contactOf(contact), opportunities: opportunities.map(cardOf(ctx)) };
  }),

  change: procedure.input(byId.extend({ change })).mutation(({ ctx, input }) => {
    const { sandbox } = ctx.world();
    const { customFields, ...patch } = input.change;
    const before = sandbox.opportunity(input.id);
    const merged = customFields
      ? [
          ...before.customFields.filter(({ id }) => !customFields.some((field) => field.id === id)),
          ...customFields.map(({ id, value }) => ({ id, value })),
        ]
      : before.customFields;
    const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
    sandbox.changeOpportunity(input.id, { ...given, ...(customFields ? { customFields: merged } : {}) });
    ctx.feed.tell('boards');
  }),

  /** Adds an opportunity; for someone new, a contact first. */
  add: procedure
    .input(
      z.object({
        pipelineId: z.string(),
        pipelineStageId: z.string(),
        name: z.string().min(1),
        monetaryValue: z.number().min(0),
        assignedTo: z.string().nullable(),
        contact: z.union([
          z.object({ id: z.string() }),
          z.object({ name: z.string().min(1), email: z.string() }),
        ]),
      }),
    )
    .mutation(async ({ ctx, input: { contact, ...input } }) => {
      const { sandbox } = ctx.world();
      const contactId = 'id' in contact ? contact.id : await addContact(ctx, contact);
      const added = sandbox.addOpportunity({ ...input, contactId, locationId: sandbox.locationId });
      ctx.feed.tell('boards');
      return { id: added.id };
    }),

  remove: procedure.input(byId).mutation(({ ctx, input }) => {
    ctx.world().sandbox.removeOpportunity(input.id);
    ctx.feed.tell('boards');
  }),

  addNote: procedure
    .input(z.object({ contactId: z.string(), body: z.string().min(1) }))
    .mutation(async ({ ctx, input }) => {
      const path = `/contacts/${encodeURIComponent(input.contactId)}/notes`;
      await asPerson(ctx.world().sandbox, 'POST', path, { body: input.body });
    }),

  addTask: procedure
    .input(z.object({ contactId: z.string(), title: z.string().min(1), dueDate: z.iso.date() }))
    .mutation(async ({ ctx, input }) => {
      const path = `/contacts/${encodeURIComponent(input.contactId)}/tasks`;
      const dueDate = `${input.dueDate}T12:00:00Z`;
      await asPerson(ctx.world().sandbox, 'POST', path, { title: input.title, dueDate, completed: false });
    }),

  completeTask: procedure
    .input(z.object({ contactId: z.string(), taskId: z.string(), completed: z.boolean() }))
    .mutation(async ({ ctx, input: { contactId, taskId, completed } }) => {
      const path = `/contacts/${encodeURIComponent(contactId)}/tasks/${encodeURIComponent(taskId)}/completed`;
      await asPerson(ctx.world().sandbox, 'PUT', path, { completed });
    }),
});

async function addContact(ctx: Bench, { name, email }: { name: string; email: string }): Promise<string> {
  const { sandbox } = ctx.world();
  const [firstName, ...rest] = name.split(' ');
  const made = (await asPerson(sandbox, 'POST', '/contacts/', {
    locationId: sandbox.locationId,
    firstName,
    ...(rest.length > 0 ? { lastName: rest.join(' ') } : {}),
    ...(email ? { email } : {}),
  })) as { contact: { id: string } };
  return made.contact.id;
}

const cardOf =
  (ctx: Bench) =>
  ({
    id,
    name,
    monetaryValue,
    pipelineId,
    pipelineStageId,
    status,
    assignedTo,
    contactId,
    ...one
  }: Opportunity) => {
    const contact = ctx.world().sandbox.state.contacts.get(contactId);
    return {
      id,
      name,
      monetaryValue,
      pipelineId,
      stageId: pipelineStageId,
      status,
      owner: nameOfUser(ctx, assignedTo),
      contact: contact ? contactOf(contact).name : 'Contact deleted',
      /** When it came to its stage, in ms. */
      since: Date.parse(one.lastStageChangeAt),
    };
  };

function nameOfUser(ctx: Bench, id: string | null): string | null {
  return id === null ? null : (ctx.world().sandbox.state.users.get(id)?.name ?? null);
}

function contactOf({ id, firstName, lastName, email, phone, companyName, tags }: Contact) {
  const name = [firstName, lastName].filter(Boolean).join(' ') || email || phone || 'Without a name';
  return { id, name, email, phone, companyName, tags };
}
