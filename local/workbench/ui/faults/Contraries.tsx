import { useMutation } from '@tanstack/react-query';
import { Search } from 'lucide-react';
import { useState } from 'react';
import { Input, SearchField } from 'react-aria-components';
import { api, type Outputs } from '../api.ts';
import { Switch } from '../parts/form.tsx';

/** The answers that HighLevel is reported to give otherwise than documented, each to be turned on by its name. */
export function Contraries({ contraries }: { contraries: Outputs['faults']['list']['contraries'] }) {
  const [text, setText] = useState('');
  const set = useMutation(api.faults.setContrary.mutationOptions());
  const wanted = text.trim().toLowerCase();
  const shown = contraries.filter(({ name, does }) => `${name} ${does}`.toLowerCase().includes(wanted));
  return (
    <section className="block">
      <h2>As HighLevel is reported to answer</h2>
      <p className="quiet">
        Each was seen by somebody. Turned on, it stays so until it is turned off, and several can be on
        together.
      </p>
      <SearchField className="search" aria-label="Search the reports" value={text} onChange={setText}>
        <Search aria-hidden size={16} />
        <Input className="input" placeholder="Search the reports" />
      </SearchField>
      {shown.length === 0 && <p className="quiet">No report says that.</p>}
      <ul className="rows">
        {shown.map(({ name, does, source, on }) => (
          <li key={name} className="row">
            <div className="row-main">
              <p>{does}</p>
              <p className="quiet">
                <code>{name}</code> {source}
              </p>
            </div>
            <Switch isSelected={on} aria-label={name} onChange={(wants) => set.mutate({ name, on: wants })}>
              {on ? 'On' : 'Off'}
            </Switch>
          </li>
        ))}
      </ul>
    </section>
  );
}
