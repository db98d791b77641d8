import { useMutation, useQuery } from '@tanstack/react-query';
import { api, type Outputs } from '../api.ts';
import { Button } from '../parts/Button.tsx';
import { Switch } from '../parts/form.tsx';
import { Loading, Problem } from '../parts/states.tsx';
import { showDone } from '../parts/toast.ts';
import { Contraries } from './Contraries.tsx';

type Fault = Outputs['faults']['list']['faults'][number];

/** What can go wrong, at a click. */
export function FaultsPage() {
  const { data, error } = useQuery(api.faults.list.queryOptions());
  const set = useMutation(api.faults.set.mutationOptions());
  const clear = useMutation(
    api.faults.clear.mutationOptions({ onSuccess: () => showDone('Everything answers as it should again.') }),
  );
  if (error) return <Problem page title="The faults cannot be read" message={error.message} />;
  if (!data) return <Loading what="Asking for the faults" />;
  const groups = Map.groupBy(data.faults, ({ group }) => group);
  const make = (fault: Fault, on: boolean) =>
    set.mutate(
      { name: fault.name, on },
      { onSuccess: () => showDone(on ? fault.says : `${fault.title}: over.`) },
    );
  return (
    <div className="page">
      <div className="page-head">
        <h1>Faults</h1>
        <Button onPress={() => clear.mutate()}>Take away what waits</Button>
      </div>
      <p className="quiet">
        Choose what goes wrong, then test a step or drag a card, and see what a person would see.
      </p>
      {data.waiting.length > 0 && (
        <p className="result" role="status">
          Waiting: HighLevel{' '}
          {data.waiting.map(({ says, left }) => (left > 1 ? `${says}, ${left} times` : says)).join('; then ')}
          .
        </p>
      )}
      {[...groups].map(([group, faults]) => (
        <section key={group} className="block">
          <h2>{group}</h2>
          <ul className="tiles">
            {faults.map((fault) => (
              <li key={fault.name} className="tile">
                <h3>{fault.title}</h3>
                <p className="quiet">{fault.says}</p>
                {fault.lasting ? (
                  <Switch isSelected={fault.on} isDisabled={set.isPending} onChange={(on) => make(fault, on)}>
                    {fault.on ? 'So it is now' : 'Make it so'}
                  </Switch>
                ) : (
                  <Button isDisabled={set.isPending} onPress={() => make(fault, true)}>
                    Make it happen<span className="unseen">: {fault.title}</span>
                  </Button>
                )}
              </li>
            ))}
          </ul>
        </section>
      ))}
      <Contraries contraries={data.contraries} />
    </div>
  );
}
