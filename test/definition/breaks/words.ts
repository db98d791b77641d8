import { type Broken, broken, create, field, hook, list, pair, search, trigger } from './break.ts';

export const words: Broken[] = [
  broken(
    'D008',
    'a bare address',
    /create_opportunity.*name: a bare address/,
    create(({ operation }) => {
      field(operation.inputFields, 'name').helpText = 'See https://example.com for more.';
    }),
  ),
  broken(
    'D008',
    'half a link',
    /a link or code sample is not whole/,
    create(({ operation }) => {
      field(operation.inputFields, 'name').helpText = 'See [the page(https://example.com).';
    }),
  ),
  broken(
    'D008',
    'a link to no address, in a description',
    /create_opportunity: a link or code sample is not whole/,
    create(({ display }) => {
      display.description = 'Creates a new [opportunity](opportunities).';
    }),
  ),
  broken(
    'D011',
    'help that repeats the label',
    /repeats its label/,
    create(({ operation }) => {
      field(operation.inputFields, 'name').helpText = 'Name.';
    }),
  ),
  broken(
    'D018',
    'a label in small letters',
    /"Create opportunity" should be "Create Opportunity"/,
    create(({ display }) => {
      display.label = 'Create opportunity';
    }),
  ),
  broken(
    'D018',
    'a field in small letters',
    /outputFields.items.price: "unit price" should be "Unit Price"/,
    create(({ operation }) => {
      field(field(operation.outputFields, 'items').children ?? [], 'price').label = 'unit price';
    }),
  ),
  broken(
    'D018',
    'a field without a label',
    /inputFields.name: it has no label/,
    create(({ operation }) => delete field(operation.inputFields, 'name').label),
  ),
  broken(
    'D018',
    'a group in small letters',
    /inputFieldGroups.more: "more fields"/,
    create(({ operation }) => {
      operation.inputFieldGroups = [{ key: 'more', label: 'more fields' }];
    }),
  ),
  broken(
    'D018',
    'a find-or-create step in small letters',
    /searchOrCreates.find_opportunity: "find or create opportunity" should be "Find or Create Opportunity"/,
    pair({
      display: { label: 'find or create opportunity', description: 'Finds or creates an opportunity.' },
    }),
  ),
  broken(
    'D021',
    'a trigger that triggers whenever',
    /is not "Triggers when … \."/,
    trigger(({ display }) => {
      display.description = 'Triggers whenever an opportunity is created.';
    }),
  ),
  broken(
    'sentence',
    'two sentences',
    /is not one sentence/,
    create(({ display }) => {
      display.description = 'Creates an opportunity. Be careful.';
    }),
  ),
  broken(
    'sentence',
    'a long sentence',
    /has 197 characters/,
    create(({ display }) => {
      display.description = `Creates a new opportunity${' with this and that'.repeat(9)}.`;
    }),
  ),
  broken(
    'person',
    'a command',
    /does not begin as/,
    search(({ display }) => {
      display.description = 'Find an opportunity.';
    }),
  ),
  broken(
    'app-name',
    'a trigger that names the app',
    /its description names the app/,
    trigger(({ display }) => {
      display.description = 'Triggers when an opportunity is created in HighLevel.';
    }),
  ),
  broken(
    'app-name',
    'a label that names the app',
    /its label names the app/,
    create(({ display }) => {
      display.label = 'Create HighLevel Opportunity';
    }),
  ),
  broken(
    'noun',
    'a plural',
    /its noun "Stages" is a plural/,
    list((operation) => {
      operation.noun = 'Stages';
    }),
  ),
  broken(
    'help',
    'a help text without an end',
    /"as on the board" is no sentence/,
    create(({ operation }) => {
      field(operation.inputFields, 'name').helpText = 'as on the board';
    }),
  ),
  broken(
    'help',
    'a help text without end',
    /its help text has 1004 characters/,
    create(({ operation }) => {
      field(operation.inputFields, 'name').helpText = `${'Help '.repeat(200)}all.`;
    }),
  ),
  broken(
    'generic-update',
    'a trigger for any update',
    /"Updated Opportunity" does not say which change/,
    trigger(({ display }) => {
      display.label = 'Updated Opportunity';
    }),
  ),
  broken(
    'instant',
    'a hook that does not say it is instant',
    /"Opportunity Won": hooks, and only hooks/,
    hook(({ display }) => {
      display.label = 'Opportunity Won';
    }),
  ),
  broken(
    'instant',
    'a poll that says it is instant',
    /"New Opportunity \(Instant\)": hooks, and only hooks/,
    trigger(({ display }) => {
      display.label = 'New Opportunity (Instant)';
    }),
  ),
];
