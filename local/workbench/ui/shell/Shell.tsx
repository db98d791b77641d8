import { useQuery } from '@tanstack/react-query';
import { Link, Outlet } from '@tanstack/react-router';
import { Activity, Cable, Kanban, TriangleAlert, Zap } from 'lucide-react';
import { api } from '../api.ts';
import { Loading } from '../parts/states.tsx';
import { Toasts } from '../parts/Toasts.tsx';
import { Tour } from '../tour/Tour.tsx';
import { Controls } from './Controls.tsx';

const PAGES = [
  { to: '/highlevel', label: 'HighLevel', icon: Kanban },
  { to: '/zaps', label: 'Zaps', icon: Zap },
  { to: '/runs', label: 'Runs', icon: Activity },
  { to: '/wire', label: 'Wire', icon: Cable },
  { to: '/faults', label: 'Faults', icon: TriangleAlert },
] as const;

/** What surrounds every page. */
export function Shell() {
  const { data } = useQuery(api.connection.get.queryOptions());
  return (
    <div className="shell">
      <a className="skip" href="#main">
        Skip to the page
      </a>
      <header className="top">
        <Link to="/highlevel" className="brand">
          <span className="brand-mark" aria-hidden />
          Workbench
        </Link>
        <nav className="nav" aria-label="Pages">
          {PAGES.map(({ to, label, icon: Icon }) => (
            <Link
              key={to}
              to={to}
              className="nav-link"
              activeProps={{ 'aria-current': 'page' }}
              data-tour={`nav${to}`}
            >
              <Icon aria-hidden size={18} />
              <span>{label}</span>
            </Link>
          ))}
        </nav>
        <Controls />
      </header>
      {data?.switches.testMode && (
        <p className="strip" role="status">
          Test Mode is on everywhere: actions check everything and write nothing.
        </p>
      )}
      {data?.connected?.stale && (
        <p className="strip strip-problem" role="status">
          The connection to HighLevel has ended. <Link to="/connect">Connect it again</Link>
        </p>
      )}
      {data && !data.relayUp && data.ready && (
        <p className="strip strip-problem" role="status">
          The relay is away: instant triggers hear nothing until it is back.{' '}
          <Link to="/faults">Bring it back</Link>
        </p>
      )}
      <main id="main" tabIndex={-1}>
        {data?.ready ? <Outlet /> : <Loading what="Starting HighLevel, the relay and Zapier" />}
      </main>
      <Tour />
      <Toasts />
    </div>
  );
}
