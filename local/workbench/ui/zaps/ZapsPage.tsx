import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { api } from '../api.ts';
import { Button } from '../parts/Button.tsx';
import { count, timeOfDay } from '../parts/format.ts';
import { Empty, Loading } from '../parts/states.tsx';
import { OnOff } from './OnOff.tsx';

/** The Zaps on the workbench, and those that can be opened. */
export function ZapsPage() {
  const navigate = useNavigate();
  const { data: zaps } = useQuery(api.zaps.list.queryOptions());
  const { data: examples = [] } = useQuery(api.zaps.examples.queryOptions());
  const show = ({ id }: { id: string }) =>
    void navigate({ to: '/zaps/$zap', params: { zap: id }, search: {} });
  const create = useMutation(api.zaps.create.mutationOptions({ onSuccess: show }));
  const open = useMutation(api.zaps.open.mutationOptions({ onSuccess: show }));
  return (
    <div className="page">
      <div className="page-head">
        <h1>Zaps</h1>
        <Button look="primary" data-tour="new-zap" onPress={() => create.mutate()}>
          <Plus aria-hidden size={16} />
          New Zap
        </Button>
      </div>
      {!zaps && <Loading what="Reading the Zaps" />}
      {zaps?.length === 0 && (
        <Empty title="No Zap yet">
          <p>
            A Zap waits for something in HighLevel and then does something with it. Build one, or open one
            that is ready below.
          </p>
        </Empty>
      )}
      {zaps && zaps.length > 0 && (
        <ul className="rows">
          {zaps.map((zap) => (
            <li key={zap.id} className="row">
              <div className="row-main">
                <Link to="/zaps/$zap" params={{ zap: zap.id }} className="row-title">
                  {zap.name}
                </Link>
                <p className="quiet">{zap.steps.join(' → ')}</p>
                {zap.problem && <p className="problem-text">{zap.problem}</p>}
              </div>
              <Link to="/runs" search={{ zap: zap.id }} className="row-side">
                {count(zap.runs, 'run')}
                {zap.lastRun ? `, last at ${timeOfDay(zap.lastRun)}` : ''}
              </Link>
              <OnOff id={zap.id} name={zap.name} on={zap.on} />
            </li>
          ))}
        </ul>
      )}
      {examples.length > 0 && (
        <section className="block">
          <h2>Ready to open</h2>
          <ul className="tiles">
            {examples.map(({ name, title, who, zaps: number }) => (
              <li key={name} className="tile">
                <h3>{title}</h3>
                <p className="quiet">{who}</p>
                <Button onPress={() => open.mutate({ name })}>Open {count(number, 'Zap')}</Button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}
