import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { api } from '../api.ts';
import { amount } from '../parts/format.ts';
import { Loading, Problem } from '../parts/states.tsx';

/** A contact, where the integration's links to contacts lead. */
export function ContactPage() {
  const { contact: id } = useParams({ from: '/v2/location/$location/contacts/detail/$contact' });
  const { data, isPending } = useQuery(api.boards.contact.queryOptions({ id }));
  if (isPending) return <Loading what="Reading the contact" />;
  if (!data)
    return (
      <Problem page title="This contact is not there" message="It may have been deleted in HighLevel." />
    );
  return (
    <article className="page narrow">
      <h1>{data.name}</h1>
      <dl className="facts">
        <div>
          <dt>Email</dt>
          <dd>{data.email ?? 'none'}</dd>
        </div>
        <div>
          <dt>Phone</dt>
          <dd>{data.phone ?? 'none'}</dd>
        </div>
        <div>
          <dt>Company</dt>
          <dd>{data.companyName ?? 'none'}</dd>
        </div>
        <div>
          <dt>Tags</dt>
          <dd>{data.tags.join(', ') || 'none'}</dd>
        </div>
      </dl>
      <h2>Opportunities</h2>
      <ul className="plain-list">
        {data.opportunities.map(({ id, name, monetaryValue, status }) => (
          <li key={id}>
            <Link to="/highlevel" search={{ opportunity: id }}>
              {name}
            </Link>{' '}
            <span className="quiet">
              {amount(monetaryValue)}, {status}
            </span>
          </li>
        ))}
      </ul>
    </article>
  );
}
