import { type Broken, broken, create, field, pair, trigger } from './break.ts';

export const plain: Broken[] = [
  broken(
    'two-sentences',
    'a help text of three sentences',
    /create_opportunity.*name: its help text has 3 sentences/,
    create(({ operation }) => {
      field(operation.inputFields, 'name').helpText = 'As on the board. See `a. b. c`. It stays.';
    }),
  ),
  broken(
    'two-sentences',
    'a paragraph of three sentences',
    /create_opportunity.*warning: its help text has 3 sentences/,
    create(({ operation }) => {
      field(operation.inputFields, 'warning').helpText =
        '**This costs money.** Really.\n\nDo not run it twice.';
    }),
  ),
  broken(
    'machinery',
    'an endpoint',
    /create_opportunity.*name: "endpoint" is a word of programmers/,
    create(({ operation }) => {
      field(operation.inputFields, 'name').helpText = 'Goes to the endpoint.';
    }),
  ),
  broken(
    'machinery',
    'a payload in a description',
    /new_opportunity: "payload" is a word of programmers/,
    trigger(({ display }) => {
      display.description = 'Triggers when a payload arrives.';
    }),
  ),
  broken(
    'machinery',
    'a digest among the outputs',
    /outputFields.name: "Digest" is a word of programmers/,
    trigger(({ operation }) => {
      field(operation.outputFields, 'name').label = 'Digest of the Name';
    }),
  ),
  broken(
    'one-word',
    'a deal',
    /create_opportunity.*name: "deal" is called "opportunity" elsewhere/,
    create(({ operation }) => {
      field(operation.inputFields, 'name').helpText = 'The name of the deal.';
    }),
  ),
  broken(
    'one-word',
    'another word in a find-or-create step',
    /searchOrCreates.find_opportunity: "assigned" is called "owner" elsewhere/,
    pair({
      display: { label: 'Find or Create Opportunity', description: 'Finds what is assigned to somebody.' },
    }),
  ),
  broken(
    'empty',
    'a choice that leaves open what no choice means',
    /new_opportunity.*stage_id: its help text does not say what it means when it is empty/,
    trigger(({ operation }) => {
      field(operation.inputFields, 'stage_id').helpText = 'Only opportunities in this stage.';
    }),
  ),
  broken(
    'choice',
    'a choice in small letters',
    /create_opportunity.*name: "from the board" should be "From the Board"/,
    create(({ operation }) => {
      field(operation.inputFields, 'name').choices = { board: 'from the board' };
    }),
  ),
];
