import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ArrowLeft, Trash2 } from 'lucide-react';
import { api } from '../api.ts';
import { Button } from '../parts/Button.tsx';
import { Loading, Problem } from '../parts/states.tsx';
import { Flow } from './Flow.tsx';
import { NodePanel } from './NodePanel.tsx';
import { OnOff } from './OnOff.tsx';
import { Title } from './Title.tsx';
import { ZapBar } from './ZapBar.tsx';

/** A Zap, its nodes on the left and the chosen one on the right. */
export function EditorPage() {
  const { zap: id } = useParams({ from: '/zaps/$zap' });
  const { node: wanted, tab = 'setup' } = useSearch({ from: '/zaps/$zap' });
  const navigate = useNavigate();
  const { data: zap, error } = useQuery(api.zaps.get.queryOptions({ id }));
  const remove = useMutation(
    api.zaps.remove.mutationOptions({ onSuccess: () => void navigate({ to: '/zaps' }) }),
  );
  if (error) {
    return (
      <Problem page title="There is no such Zap" message={error.message}>
        <Link to="/zaps">All Zaps</Link>
      </Problem>
    );
  }
  if (!zap) return <Loading what="Opening the Zap" />;
  const node = zap.nodes.find((one) => one.id === wanted) ?? zap.nodes[0];
  return (
    <div className="editor">
      <div className="bar">
        <Link to="/zaps" className="button button-quiet button-icon" aria-label="All Zaps">
          <ArrowLeft aria-hidden size={18} />
        </Link>
        <Title id={id} name={zap.name} isDisabled={zap.on} />
        <OnOff id={id} name={zap.name} on={zap.on} />
        <Button look="quiet" icon aria-label="Delete this Zap" onPress={() => remove.mutate({ id })}>
          <Trash2 aria-hidden size={16} />
        </Button>
      </div>
      <ZapBar zap={zap} />
      <div className="editor-body">
        <Flow zap={zap} chosen={node?.id ?? ''} />
        {node && <NodePanel key={node.id} zap={zap} node={node} tab={tab} />}
      </div>
    </div>
  );
}
