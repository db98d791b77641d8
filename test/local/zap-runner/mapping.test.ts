import { mapInput } from '../../../local/zap-runner/inputs/mapping.ts';

const outputs = {
  trigger: {
    id: 7,
    name: 'Ann',
    empty: null,
    deep: { list: [{ x: 'a' }, { x: 'b' }, {}] },
    tags: ['p', 'q'],
  },
  step_1: { says: '{{trigger.name}}', yes: true },
};

test.each([
  ['a sole reference keeps its type', '{{trigger.id}}', 7],
  ['a boolean too', '{{step_1.yes}}', true],
  ['a list too', '{{trigger.tags}}', ['p', 'q']],
  ['references within a text are written out', '{{trigger.name}} #{{trigger.id}}', 'Ann #7'],
  ['a path leads into objects', '{{trigger.deep.list.1.x}}', 'b'],
  ['brackets lead through lists', '{{trigger.deep.list[].x}}', ['a', 'b']],
  ['a list within a text is joined', 'tags: {{trigger.tags}}', 'tags: p,q'],
  ['brackets at the end take the list', '{{trigger.tags[]}}', ['p', 'q']],
  ['what leads nowhere is empty in a text', 'x{{trigger.none.deeper}}y{{trigger.empty}}', 'xy'],
  [
    'curlies of the user survive',
    'Hi {{contact.first_name}}, {{ trigger.name }} {{',
    'Hi {{contact.first_name}}, {{ trigger.name }} {{',
  ],
  ['what is filled in is not searched again', '{{step_1.says}}', '{{trigger.name}}'],
  ['nor within a text', 'says {{step_1.says}}', 'says {{trigger.name}}'],
  ['an inherited property is not a field', 'x{{trigger.constructor}}', 'x'],
  ['dollar signs stay', '$& {{trigger.name}} $1', '$& Ann $1'],
])('%s', (_title, text, expected) => {
  expect(mapInput({ value: text }, outputs)).toStrictEqual({ value: expected });
});

test('a sole reference that leads nowhere leaves the field out, also deep inside', () => {
  const input = {
    gone: '{{trigger.none}}',
    null: '{{trigger.empty}}',
    rows: [{ a: '{{trigger.none}}', b: '{{trigger.id}}' }],
  };
  expect(mapInput(input, outputs)).toStrictEqual({ rows: [{ b: 7 }] });
});

test('values that are no text pass', () => {
  expect(mapInput({ n: 0, no: false, list: [1, '{{trigger.id}}'] }, outputs)).toStrictEqual({
    n: 0,
    no: false,
    list: [1, 7],
  });
});
