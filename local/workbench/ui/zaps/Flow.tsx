import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Blocks, CircleCheck, CircleDashed, CircleX, Plus, Search, SquarePen, Zap } from 'lucide-react';
import { useState } from 'react';
import { api } from '../api.ts';
import { Button } from '../parts/Button.tsx';
import { OperationChooser } from './OperationChooser.tsx';
import type { Node, ZapDetail } from './types.ts';

/** The nodes of a Zap, one below the other. */
export function Flow({ zap, chosen }: { zap: ZapDetail; chosen: string }) {
  const navigate = useNavigate();
  const [adding, setAdding] = useState(false);
  const addStep = useMutation(
    api.zaps.addStep.mutationOptions({
      onSuccess: ({ node }) =>
        void navigate({ to: '/zaps/$zap', params: { zap: zap.id }, search: { node }, resetScroll: false }),
    }),
  );
  return (
    <nav className="flow" aria-label="Steps of the Zap" data-tour="flow">
      <ol>
        {zap.nodes.map((node, index) => (
          <li key={node.id} style={{ marginInlineStart: `${node.depth * 20}px` }}>
            <Link
              to="/zaps/$zap"
              params={{ zap: zap.id }}
              search={{ node: node.id }}
              resetScroll={false}
              className="flow-node"
              aria-current={node.id === chosen ? 'step' : undefined}
            >
              <NodeIcon node={node} />
              <span className="flow-text">
                <span className="flow-kind">
                  {index + 1}. {KINDS[node.kind] ?? node.kind}
                </span>
                <span>{node.title}</span>
              </span>
              <TestMark node={node} />
            </Link>
          </li>
        ))}
      </ol>
      {!zap.on && (
        <Button onPress={() => setAdding(true)} isDisabled={!zap.nodes[0]?.key && zap.nodes[0]?.app}>
          <Plus aria-hidden size={16} />
          Add a step
        </Button>
      )}
      {adding && (
        <OperationChooser
          title="What should happen?"
          kinds={['create', 'search', 'searchOrCreate']}
          onClose={() => setAdding(false)}
          onChoose={({ kind, key }) => {
            setAdding(false);
            if (kind !== 'trigger') addStep.mutate({ id: zap.id, kind, key, before: null });
          }}
        />
      )}
    </nav>
  );
}

const KINDS: Record<string, string> = {
  trigger: 'Trigger',
  create: 'Action',
  search: 'Search',
  searchOrCreate: 'Find or create',
  filter: 'Filter',
  formatter: 'Formatter',
  storage: 'Storage',
  code: 'Code',
  other: 'Another app',
  paths: 'Paths',
  looping: 'Loop',
};

function NodeIcon({ node }: { node: Node }) {
  const Icon =
    node.kind === 'trigger' ? Zap : node.kind === 'search' ? Search : node.app ? SquarePen : Blocks;
  return (
    <span className="flow-icon" data-app={node.app ? '' : undefined}>
      <Icon aria-hidden size={16} />
    </span>
  );
}

function TestMark({ node: { test } }: { node: Node }) {
  if (!test) {
    return (
      <span className="flow-mark" title="Not tested yet">
        <CircleDashed aria-hidden size={16} />
        <span className="unseen">not tested yet</span>
      </span>
    );
  }
  if (test.failure) {
    return (
      <span className="flow-mark bad" title="The test failed">
        <CircleX aria-hidden size={16} />
        <span className="unseen">the test failed</span>
      </span>
    );
  }
  return (
    <span className="flow-mark good" title="Tested">
      <CircleCheck aria-hidden size={16} />
      <span className="unseen">tested</span>
    </span>
  );
}
