import { useMutation } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Trash2 } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import { api } from '../api.ts';
import { Button } from '../parts/Button.tsx';
import { NodeForm } from './NodeForm.tsx';
import { NodeTest } from './NodeTest.tsx';
import { OperationChooser } from './OperationChooser.tsx';
import type { Node, ZapDetail } from './types.ts';

/** As in zaps.css. */
const ONE_COLUMN = '(max-width: 52rem)';

interface Props {
  zap: ZapDetail;
  node: Node;
  tab: 'setup' | 'test';
}

/** The chosen node: what it is, what is filled in, and what a test of it gives. */
export function NodePanel({ zap, node, tab }: Props) {
  const navigate = useNavigate();
  const { node: chosen } = useSearch({ from: '/zaps/$zap' });
  const panel = useRef<HTMLElement>(null);
  // Where the panel stands below all steps, it would be out of sight.
  useEffect(() => {
    if (chosen && matchMedia(ONE_COLUMN).matches) panel.current?.scrollIntoView();
  }, [chosen]);
  const [choosing, setChoosing] = useState(node.kind === 'trigger' && node.app && !node.key);
  const setTrigger = useMutation(api.zaps.setTrigger.mutationOptions());
  const removeStep = useMutation(
    api.zaps.removeStep.mutationOptions({
      onSuccess: () => void navigate({ to: '/zaps/$zap', params: { zap: zap.id }, search: {} }),
    }),
  );
  const isTrigger = node.kind === 'trigger';
  return (
    <section ref={panel} className="node" aria-label={node.title}>
      <header className="node-head">
        <h2>{node.title}</h2>
        {isTrigger && node.app && !zap.on && (
          <Button onPress={() => setChoosing(true)}>{node.key ? 'Change' : 'Choose a trigger'}</Button>
        )}
        {!isTrigger && node.depth === 0 && !zap.on && (
          <Button
            look="quiet"
            icon
            aria-label="Remove this step"
            onPress={() => removeStep.mutate({ id: zap.id, node: node.id })}
          >
            <Trash2 aria-hidden size={16} />
          </Button>
        )}
      </header>
      {(!node.app || node.key) && (
        <Tabs
          className="tabs"
          selectedKey={tab}
          onSelectionChange={(key) =>
            void navigate({
              to: '/zaps/$zap',
              params: { zap: zap.id },
              search: { node: node.id, tab: key === 'test' ? 'test' : undefined },
              replace: true,
            })
          }
        >
          <TabList className="tab-list" aria-label="Parts of the step">
            <Tab id="setup" className="tab">
              Set up
            </Tab>
            <Tab id="test" className="tab">
              Test
            </Tab>
          </TabList>
          <TabPanel id="setup" className="tab-panel">
            <NodeForm zap={zap} node={node} />
          </TabPanel>
          <TabPanel id="test" className="tab-panel">
            <NodeTest zap={zap} node={node} />
          </TabPanel>
        </Tabs>
      )}
      {choosing && (
        <OperationChooser
          title="What sets the Zap off?"
          kinds={['trigger']}
          onClose={() => setChoosing(false)}
          onChoose={({ key }) => {
            setChoosing(false);
            setTrigger.mutate({ id: zap.id, key });
          }}
        />
      )}
    </section>
  );
}
