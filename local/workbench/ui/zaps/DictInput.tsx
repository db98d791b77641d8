import { X } from 'lucide-react';
import { useId, useState } from 'react';
import { Input } from 'react-aria-components';
import { Button } from '../parts/Button.tsx';
import { TextInput } from './TextInput.tsx';
import type { InputProps } from './types.ts';

interface Props extends Pick<InputProps, 'field' | 'zap' | 'node' | 'describedBy'> {
  value: Record<string, unknown>;
  onChange: (value: Record<string, string>) => void;
}

/** Names with values, a line each, such as the query of a request. A line without a name is not kept. */
export function DictInput({ field, zap, node, value, onChange, describedBy }: Props) {
  const id = useId();
  const [pairs, setPairs] = useState(() =>
    Object.entries(value).map(([name, text]) => ({ name, text: String(text) })),
  );
  const save = (next: typeof pairs) => {
    setPairs(next);
    onChange(Object.fromEntries(next.filter(({ name }) => name).map(({ name, text }) => [name, text])));
  };
  const lines = zap.on ? pairs : [...pairs, { name: '', text: '' }];
  return (
    <div className="pairs">
      {lines.map((pair, index) => {
        const number = index + 1;
        const set = (change: Partial<typeof pair>) => save(lines.with(index, { ...pair, ...change }));
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is known by its place alone
          <div key={index} className="pair">
            <Input
              className="input"
              aria-label={`${field.label}, name ${number}`}
              aria-describedby={describedBy}
              placeholder="Name"
              value={pair.name}
              readOnly={zap.on}
              onChange={({ target }) => set({ name: target.value })}
            />
            <span id={`${id}-${number}`} className="unseen">
              {field.label}, value {number}
            </span>
            <TextInput
              field={field}
              zap={zap}
              node={node}
              value={pair.text}
              onChange={(text) => set({ text })}
              labelledBy={`${id}-${number}`}
              describedBy={describedBy}
              number={number}
            />
            {index < pairs.length && !zap.on && (
              <Button
                look="quiet"
                icon
                aria-label={`Remove line ${number} of ${field.label}`}
                onPress={() => save(pairs.toSpliced(index, 1))}
              >
                <X aria-hidden size={16} />
              </Button>
            )}
          </div>
        );
      })}
    </div>
  );
}
