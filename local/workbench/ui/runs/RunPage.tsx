import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ArrowLeft, RotateCcw } from 'lucide-react';
import { api } from '../api.ts';
import { Button } from '../parts/Button.tsx';
import { count, timeOfDay, took } from '../parts/format.ts';
import { Loading, Problem } from '../parts/states.tsx';
import { showDone } from '../parts/toast.ts';
import { Values } from '../parts/Values.tsx';
import { StatusBadge } from './StatusBadge.tsx';

const REPLAYABLE = ['error', 'halted', 'stopped', 'held'];

/** One run: what set it off, and what went into and came out of each step. */
export function RunPage() {
  const { run: id } = useParams({ from: '/runs/$run' });
  const { data: run, error } = useQuery(api.runs.get.queryOptions({ id }));
  const replay = useMutation(
    api.runs.replay.mutationOptions({ onSuccess: () => showDone('It was run again.') }),
  );
  if (error) {
    return (
      <Problem page title="There is no such run" message={error.message}>
        <Link to="/runs">All runs</Link>
      </Problem>
    );
  }
  if (!run) return <Loading what="Reading the run" />;
  return (
    <article className="page narrow">
      <div className="page-head">
        <Link to="/runs" search={{}} className="button button-quiet button-icon" aria-label="All runs">
          <ArrowLeft aria-hidden size={18} />
        </Link>
        <h1>{run.zap}</h1>
        <StatusBadge status={run.status} />
        {REPLAYABLE.includes(run.status) && (
          <Button onPress={() => replay.mutate({ id })} isDisabled={replay.isPending}>
            <RotateCcw aria-hidden size={16} />
            Replay
          </Button>
        )}
      </div>
      <p className="quiet">
        At {timeOfDay(run.at)}
        {run.replays > 0 ? `, run again ${count(run.replays, 'time')}` : ''}
        {run.caughtUp && '. No webhook told of this change: the relay found it when it caught up.'}
      </p>
      <ol className="run-steps">
        <li className="run-step">
          <header>
            <h2>1. {run.trigger.title}</h2>
          </header>
          <details className="fold" open={run.steps.length === 0}>
            <summary>What came in</summary>
            <Values values={run.trigger.values} />
          </details>
        </li>
        {run.steps.map((step, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a step may run again, and its place is what tells it apart
          <li key={index} className="run-step">
            <header>
              <h2>
                {index + 2}. {step.title}
              </h2>
              <StatusBadge status={step.outcome} />
              <span className="quiet">
                {count(step.requests, 'request')}, {took(step.ms)}
              </span>
            </header>
            {step.failure && <p className="failure">{step.failure.message}</p>}
            {step.sent.length > 0 && (
              <details className="fold">
                <summary>What went in</summary>
                <Values values={step.sent} />
              </details>
            )}
            {step.values.length > 0 && (
              <details className="fold" open={index === run.steps.length - 1}>
                <summary>What came out</summary>
                <Values values={step.values} />
              </details>
            )}
          </li>
        ))}
      </ol>
    </article>
  );
}
