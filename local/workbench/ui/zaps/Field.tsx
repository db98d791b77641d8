import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Plus, X } from 'lucide-react';
import { useId } from 'react';
import { api, queryClient } from '../api.ts';
import { Button } from '../parts/Button.tsx';
import { Help } from '../parts/Markdown.tsx';
import { ChoiceInput } from './ChoiceInput.tsx';
import { DictInput } from './DictInput.tsx';
import { TextInput } from './TextInput.tsx';
import type { FormField, InputProps, Node, ZapDetail } from './types.ts';
import { written } from './writes.ts';

interface Props {
  field: FormField;
  zap: ZapDetail;
  node: Node;
}

/** One field of a step: its name, what to fill in, the help. */
export function Field({ field, zap, node }: Props) {
  const id = useId();
  const set = useMutation(api.zaps.setField.mutationOptions());
  if (field.type === 'copy') {
    return (
      <div className="note">
        <Help text={field.help} />
      </div>
    );
  }
  const held = node.input[field.key];
  const save = (value: unknown, chosen?: Chosen) => {
    const change = set.mutateAsync({ id: zap.id, node: node.id, key: field.key, value, chosen });
    written(
      change.then(() => {
        // The app decides by this field which others there are.
        if (field.alters) void queryClient.invalidateQueries({ queryKey: api.zaps.form.pathKey() });
      }),
    );
  };
  const values = field.list ? (Array.isArray(held) ? held.map(String) : held ? [String(held)] : []) : [];
  return (
    <div className="field" data-required={field.required ? '' : undefined}>
      <div className="field-label" id={`${id}-label`}>
        {field.label}
        {field.required && <span className="required"> required</span>}
      </div>
      {field.dict && (
        <DictInput
          field={field}
          zap={zap}
          node={node}
          value={isDict(held) ? held : {}}
          onChange={save}
          describedBy={`${id}-help`}
        />
      )}
      {field.list && (
        <ListInput
          values={values}
          onChange={save}
          render={(value, change, number) => (
            <OneInput
              field={field}
              zap={zap}
              node={node}
              value={value}
              onChange={change}
              labelledBy={`${id}-label`}
              describedBy={`${id}-help`}
              number={number}
            />
          )}
        />
      )}
      {!field.dict && !field.list && (
        <OneInput
          field={field}
          zap={zap}
          node={node}
          value={held === undefined || held === null ? '' : String(held)}
          onChange={(value, label) => save(value, choice(value, label))}
          labelledBy={`${id}-label`}
          describedBy={`${id}-help`}
        />
      )}
      <Help id={`${id}-help`} text={field.help} />
      {field.search && !zap.on && <FindIt field={field} zap={zap} node={node} />}
    </div>
  );
}

function isDict(held: unknown): held is Record<string, unknown> {
  return typeof held === 'object' && held !== null && !Array.isArray(held);
}

function OneInput(props: InputProps) {
  const { field } = props;
  return field.choices || field.dynamic ? <ChoiceInput {...props} /> : <TextInput {...props} />;
}

/** A value from a list, as the person saw it. */
interface Chosen {
  value: string;
  label: string;
}

function choice(value: string, label: string | undefined): Chosen | undefined {
  return label === undefined ? undefined : { value, label };
}

interface ListProps {
  values: string[];
  onChange: (values: string[], chosen?: Chosen) => void;
  render: (value: string, change: InputProps['onChange'], number: number) => React.ReactNode;
}

/** Several values of one field, a line each. */
function ListInput({ values, onChange, render }: ListProps) {
  const lines = values.length > 0 ? values : [''];
  return (
    <>
      {lines.map((value, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line is known by its place alone
        <div key={index} className="line">
          {render(
            value,
            (text, label) => onChange(lines.with(index, text).filter(Boolean), choice(text, label)),
            index + 1,
          )}
          {values.length > 0 && (
            <Button
              look="quiet"
              icon
              aria-label={`Remove value ${index + 1}`}
              onPress={() => onChange(lines.toSpliced(index, 1))}
            >
              <X aria-hidden size={16} />
            </Button>
          )}
        </div>
      ))}
      {values.length > 0 &&
        render(
          '',
          (text, label) => text && onChange([...values, text], choice(text, label)),
          values.length + 1,
        )}
    </>
  );
}

/** Adds a step that finds the value, as the editor offers it, and maps what it finds. */
function FindIt({ field, zap, node }: Props) {
  const navigate = useNavigate();
  const addStep = useMutation(api.zaps.addStep.mutationOptions());
  const setField = useMutation(api.zaps.setField.mutationOptions());
  const { search } = field;
  if (!search || node.kind === 'trigger') return null;
  const add = async () => {
    const added = await addStep.mutateAsync({ id: zap.id, kind: 'search', key: search.key, before: node.id });
    const value = `{{${added.node}.${search.output}}}`;
    await setField.mutateAsync({ id: zap.id, node: node.id, key: field.key, value });
    await navigate({
      to: '/zaps/$zap',
      params: { zap: zap.id },
      search: { node: added.node },
      resetScroll: false,
    });
  };
  return (
    <Button look="quiet" onPress={() => void add()}>
      <Plus aria-hidden size={16} />
      Add a step that finds it: {search.label}
    </Button>
  );
}
