import { useMutation, useQuery } from '@tanstack/react-query';
import { FlaskConical } from 'lucide-react';
import { api } from '../api.ts';
import { Button } from '../parts/Button.tsx';
import { count, took } from '../parts/format.ts';
import { Values } from '../parts/Values.tsx';
import type { Node, ZapDetail } from './types.ts';
import { settled } from './writes.ts';

const OUTCOMES: Record<string, string> = {
  found: 'Found',
  not_found: 'Nothing was found',
  done: 'Done',
  created: 'Not found, so it was created',
  updated: 'Found and updated',
  passed: 'The Zap goes on',
  filtered: 'The Zap would end here',
  halted: 'Stopped',
  held: 'Held',
  error: 'Failed',
};

/** A test of a node: run for real, with what the nodes before it gave. */
export function NodeTest({ zap, node }: { zap: ZapDetail; node: Node }) {
  const run = useMutation(api.zaps.test.mutationOptions());
  const test = async () => {
    await settled();
    await run.mutateAsync({ id: zap.id, node: node.id });
  };
  const result = node.test;
  const holdsOthers = node.kind === 'paths' || node.kind === 'looping';
  if (holdsOthers) return <p className="quiet">This step holds others. Test those.</p>;
  return (
    <div className="form">
      <p className="quiet">
        {node.kind === 'trigger'
          ? 'Zapier asks for up to three recent records, to build the Zap with.'
          : 'The step runs for real: what it writes is in HighLevel afterwards, unless Test Mode is on.'}
      </p>
      <div>
        <Button look="primary" onPress={() => void test()} isDisabled={run.isPending}>
          <FlaskConical aria-hidden size={16} />
          {run.isPending ? 'Testing…' : result ? 'Test again' : 'Test'}
        </Button>
      </div>
      <div aria-live="polite">
        {result && (
          <div className={`result result-${result.failure ? 'bad' : 'good'}`} data-at={result.at}>
            <p className="result-head">
              <strong>
                {result.isExample
                  ? 'Nothing was found; this is the app’s own example'
                  : (OUTCOMES[result.outcome] ?? result.outcome)}
              </strong>
              <span className="quiet">
                {count(result.requests, 'request')}, {took(result.ms)}
              </span>
            </p>
            {result.failure && <p className="failure">{result.failure.message}</p>}
            {result.output && <Output zap={zap} node={node} />}
          </div>
        )}
      </div>
    </div>
  );
}

function Output({ zap, node }: { zap: ZapDetail; node: Node }) {
  const { data = [] } = useQuery(api.zaps.output.queryOptions({ id: zap.id, node: node.id }));
  return <Values values={data} />;
}
