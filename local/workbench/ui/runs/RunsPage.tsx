import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { api } from '../api.ts';
import { count, timeOfDay, took } from '../parts/format.ts';
import { Empty, Loading, Problem } from '../parts/states.tsx';
import { StatusBadge } from './StatusBadge.tsx';

/** What Zaps did, youngest first. */
export function RunsPage() {
  const { zap } = useSearch({ from: '/runs' });
  const { data: runs, error } = useQuery(api.runs.list.queryOptions({ zapId: zap }));
  const { data: zaps = [] } = useQuery(api.zaps.list.queryOptions());
  const name = zaps.find(({ id }) => id === zap)?.name;
  return (
    <div className="page" data-tour="runs">
      <div className="page-head">
        <h1>{name ? `Runs of “${name}”` : 'Runs'}</h1>
        {zap && (
          <Link to="/runs" search={{}}>
            Runs of all Zaps
          </Link>
        )}
      </div>
      {error && <Problem title="The runs cannot be read" message={error.message} />}
      {!runs && !error && <Loading what="Reading the runs" />}
      {runs?.length === 0 && (
        <Empty title="Nothing has run yet">
          <p>Turn a Zap on, then change something that it waits for: drag a card to another stage.</p>
          <Link to="/highlevel">To the board</Link>
        </Empty>
      )}
      {runs && runs.length > 0 && (
        <ul className="rows" aria-live="polite">
          {runs.map((run) => (
            <li key={run.id} className="row">
              <StatusBadge status={run.status} />
              <div className="row-main">
                <Link to="/runs/$run" params={{ run: run.id }} className="row-title">
                  {run.subject || 'Run'}
                </Link>
                <p className="quiet">
                  {run.zap}
                  {run.caughtUp && ' (found by catching up)'}
                </p>
                {run.failure && <p className="problem-text">{run.failure.message}</p>}
              </div>
              <p className="row-side quiet">
                {timeOfDay(run.at)}
                <br />
                {count(run.requests, 'request')}, {took(run.ms)}
              </p>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
