import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api } from '../api.ts';
import { Loading, Problem } from '../parts/states.tsx';

/** The relay's own page for who operates it, as it is. */
export function RelayPage() {
  const { data } = useQuery(api.wire.operator.queryOptions());
  if (!data) return <Loading what="Asking for the relay" />;
  if (data.url === null) {
    return (
      <Problem
        page
        title="The relay shows no page now"
        message="It is away, or could not be started on this machine."
      >
        <Link to="/wire">Back to the wire</Link>
      </Problem>
    );
  }
  return (
    <div className="relay-page">
      <div className="bar">
        <Link to="/wire">Wire</Link>
        <h1>The relay, as its operator sees it</h1>
        <a href={data.url} target="_blank" rel="noreferrer">
          Open it in a tab of its own
        </a>
      </div>
      <iframe title="The relay’s page for its operator" src={data.url} />
    </div>
  );
}
