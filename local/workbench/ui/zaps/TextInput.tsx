import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { EditorState } from '@codemirror/state';
import { EditorView, keymap, placeholder } from '@codemirror/view';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef } from 'react';
import { api } from '../api.ts';
import { DataPicker } from './DataPicker.tsx';
import { pills } from './pills.ts';
import type { InputProps } from './types.ts';
import { written } from './writes.ts';

const SAVE_AFTER_MS = 250;

/** Text to type, with values of earlier steps in it as pills. */
export function TextInput({
  field,
  zap,
  node,
  value,
  onChange,
  labelledBy,
  describedBy,
  number,
}: InputProps) {
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const change = useRef(onChange);
  change.current = onChange;
  const { data } = useQuery(api.zaps.data.queryOptions({ id: zap.id, node: node.id }));
  const names = useMemo(() => {
    const known = (data ?? []).flatMap(({ number: step, values }) =>
      values.map(({ reference, label }) => [reference, `${step}. ${label}`] as const),
    );
    return new Map(known);
  }, [data]);
  const lines = field.type === 'text';
  const readOnly = zap.on;
  const text = useRef(value);

  useEffect(() => {
    if (!box.current) return;
    const attributes: Record<string, string> = {
      'aria-labelledby': labelledBy,
      'aria-describedby': describedBy,
      'aria-multiline': String(lines),
      ...(field.required ? { 'aria-required': 'true' } : {}),
      ...(readOnly ? { 'aria-readonly': 'true' } : {}),
    };
    let timer: ReturnType<typeof setTimeout> | undefined;
    let arrived: (() => void) | undefined;
    const flush = () => {
      clearTimeout(timer);
      if (!arrived) return;
      change.current(text.current);
      arrived();
      arrived = undefined;
    };
    const editor = new EditorView({
      parent: box.current,
      state: EditorState.create({
        doc: text.current,
        extensions: [
          history(),
          keymap.of([...defaultKeymap, ...historyKeymap]),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of(attributes),
          EditorState.readOnly.of(readOnly),
          EditorView.editable.of(!readOnly),
          placeholder(field.placeholder),
          pills((reference) => names.get(reference) ?? reference.slice(2, -2)),
          ...(lines
            ? []
            : [EditorState.transactionFilter.of((change) => (change.newDoc.lines > 1 ? [] : change))]),
          EditorView.updateListener.of(({ docChanged, state }) => {
            if (!docChanged) return;
            text.current = state.doc.toString();
            clearTimeout(timer);
            timer = setTimeout(flush, SAVE_AFTER_MS);
            if (arrived) return;
            written(
              new Promise<void>((resolve) => {
                arrived = resolve;
              }),
            );
          }),
          EditorView.domEventHandlers({ blur: flush }),
        ],
      }),
    });
    view.current = editor;
    return () => {
      flush();
      editor.destroy();
    };
  }, [labelledBy, describedBy, lines, readOnly, field.required, field.placeholder, names]);

  // What another window wrote comes in, unless this one is being written in.
  useEffect(() => {
    const editor = view.current;
    if (!editor || editor.hasFocus || editor.state.doc.toString() === value) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
  }, [value]);

  const insert = (reference: string) => {
    const editor = view.current;
    if (!editor) return;
    editor.dispatch(editor.state.replaceSelection(reference));
    editor.focus();
  };

  return (
    <div className="line">
      <div ref={box} className={`input editor-input${lines ? ' editor-lines' : ''}`} />
      {node.kind !== 'trigger' && !readOnly && (
        <DataPicker
          zap={zap}
          node={node}
          name={number ? `${field.label} ${number}` : field.label}
          onPick={insert}
        />
      )}
    </div>
  );
}
