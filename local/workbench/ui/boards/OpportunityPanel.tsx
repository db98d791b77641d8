import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { api } from '../api.ts';
import { Panel } from '../parts/Panel.tsx';
import { Loading, Problem } from '../parts/states.tsx';
import { Notes } from './Notes.tsx';
import { OpportunityForm } from './OpportunityForm.tsx';
import { Tasks } from './Tasks.tsx';
import type { Account } from './types.ts';

interface Props {
  id: string;
  account: Account;
  onClose: () => void;
}

/** Everything about one opportunity, to read and to change. */
export function OpportunityPanel({ id, account, onClose }: Props) {
  const navigate = useNavigate();
  const { data, isPending, error } = useQuery(api.boards.opportunity.queryOptions({ id }));
  const remove = useMutation(api.boards.remove.mutationOptions());
  return (
    <Panel title={data?.name ?? 'Opportunity'} isOpen onClose={onClose}>
      {isPending && <Loading what="Reading the opportunity" />}
      {error && <Problem title="It cannot be read" message={error.message} />}
      {data === null && (
        <Problem
          title="This opportunity is not there"
          message="It was deleted in HighLevel, or the link is of another account."
        />
      )}
      {data && (
        <>
          {data.contact && (
            <p className="quiet">
              {data.contact.name}
              {data.contact.email ? `, ${data.contact.email}` : ''}
              {data.contact.phone ? `, ${data.contact.phone}` : ''}
            </p>
          )}
          <OpportunityForm
            key={data.id}
            opportunity={data}
            account={account}
            onRemove={() =>
              remove.mutate(
                { id },
                {
                  onSuccess: () =>
                    void navigate({
                      to: '/highlevel',
                      search: (before) => ({ ...before, opportunity: undefined }),
                    }),
                },
              )
            }
          />
          <Notes opportunity={data} />
          <Tasks opportunity={data} />
        </>
      )}
    </Panel>
  );
}
