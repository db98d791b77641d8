import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Input, TextField } from 'react-aria-components';
import { api } from '../api.ts';

/** The name of a Zap, changed where it stands. */
export function Title({ id, name, isDisabled }: { id: string; name: string; isDisabled: boolean }) {
  const [text, setText] = useState<string | null>(null);
  const rename = useMutation(api.zaps.rename.mutationOptions({ onSettled: () => setText(null) }));
  return (
    <>
      <h1 className="unseen">{name}</h1>
      <TextField
        className="title"
        aria-label="Name of the Zap"
        isDisabled={isDisabled}
        value={text ?? name}
        onChange={setText}
        onBlur={() => text !== null && text !== name && rename.mutate({ id, name: text })}
      >
        <Input className="title-input" />
      </TextField>
    </>
  );
}
