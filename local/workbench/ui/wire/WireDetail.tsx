import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { api } from '../api.ts';
import { Button } from '../parts/Button.tsx';
import { ROUTES, tone } from './routes.ts';

/** One message: what was sent and what came back, with its secrets masked. */
export function WireDetail({ id, onClose }: { id: number; onClose: () => void }) {
  const { data } = useQuery({ ...api.wire.detail.queryOptions({ id }), staleTime: 0 });
  return (
    <aside className="wire-detail" aria-label="The message">
      <header className="dialog-head">
        <h2>{data ? data.what : 'This message is no longer kept'}</h2>
        <Button look="quiet" icon aria-label="Close" onPress={onClose}>
          <X aria-hidden size={18} />
        </Button>
      </header>
      {data && (
        <div className="wire-bodies">
          <p className="quiet">
            {ROUTES[data.route]} <span className={`wire-status ${tone(data.status)}`}>{data.status}</span>{' '}
            {data.note}
          </p>
          <h3>Sent</h3>
          <Body value={data.sent} />
          {data.received !== null && (
            <>
              <h3>{data.route === 'highlevel-relay' ? 'Tries' : 'Received'}</h3>
              <Body value={data.received} />
            </>
          )}
        </div>
      )}
    </aside>
  );
}

function Body({ value }: { value: unknown }) {
  const text =
    value === null ? 'nothing' : typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
  return <pre tabIndex={0}>{text}</pre>;
}
