import { useMutation } from '@tanstack/react-query';
import { api } from '../api.ts';
import { Switch } from '../parts/form.tsx';
import { showDone } from '../parts/toast.ts';
import { settled } from './writes.ts';

/** Turns a Zap on and off. */
export function OnOff({ id, name, on }: { id: string; name: string; on: boolean }) {
  const turnOn = useMutation(
    api.zaps.turnOn.mutationOptions({ onSuccess: () => showDone(`“${name}” is on.`) }),
  );
  const turnOff = useMutation(api.zaps.turnOff.mutationOptions());
  const pending = turnOn.isPending || turnOff.isPending;
  return (
    <Switch
      isSelected={pending ? turnOn.isPending : on}
      isDisabled={pending}
      onChange={async (wanted) => {
        await settled();
        (wanted ? turnOn : turnOff).mutate({ id });
      }}
      aria-label={`${name}: ${on ? 'on' : 'off'}`}
    >
      {pending ? '…' : on ? 'On' : 'Off'}
    </Switch>
  );
}
