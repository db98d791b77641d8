import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Plus, Search } from 'lucide-react';
import { useDeferredValue, useMemo } from 'react';
import { Input, SearchField } from 'react-aria-components';
import { api, queryClient } from '../api.ts';
import { Button } from '../parts/Button.tsx';
import { Select } from '../parts/form.tsx';
import { Loading, Problem } from '../parts/states.tsx';
import { showDone } from '../parts/toast.ts';
import { AddPanel } from './AddPanel.tsx';
import { Column } from './Column.tsx';
import { OpportunityPanel } from './OpportunityPanel.tsx';
import type { Card } from './types.ts';

type Status = 'open' | 'won' | 'lost' | 'abandoned' | 'all';

const STATUSES = [
  { value: 'open', label: 'Open' },
  { value: 'won', label: 'Won' },
  { value: 'lost', label: 'Lost' },
  { value: 'abandoned', label: 'Abandoned' },
  { value: 'all', label: 'All statuses' },
];

/** A pipeline of HighLevel as a board of stages. */
export function BoardPage() {
  const search = useSearch({ from: '/highlevel' });
  const navigate = useNavigate();
  const account = useQuery(api.boards.account.queryOptions());
  const asked = useQuery({
    ...api.boards.opportunity.queryOptions({ id: search.opportunity ?? '' }),
    enabled: Boolean(search.opportunity),
  });
  const pipelines = account.data?.pipelines ?? [];
  const wanted = search.pipeline ?? asked.data?.pipelineId ?? pipelines[0]?.id;
  const pipeline = pipelines.find(({ id }) => id === wanted) ?? pipelines[0];
  const board = useQuery({
    ...api.boards.cards.queryOptions({ pipelineId: pipeline?.id ?? '' }),
    enabled: pipeline !== undefined,
  });
  const status: Status = search.status ?? 'open';
  const text = useDeferredValue((search.q ?? '').trim().toLowerCase());
  const byStage = useMemo(() => group(board.data?.cards ?? [], status, text), [board.data, status, text]);
  const move = useMove();

  const go = (change: Partial<typeof search>) =>
    void navigate({ to: '/highlevel', search: (before) => ({ ...before, ...change }), replace: true });

  if (account.error)
    return <Problem page title="The account cannot be read" message={account.error.message} />;
  if (!account.data || !pipeline) return <Loading what="Reading the pipelines" />;

  return (
    <div className="board-page">
      <div className="bar">
        <h1 className="unseen">
          {pipeline.name}, {account.data.locationName}
        </h1>
        <Select
          label="Pipeline"
          hideLabel
          value={pipeline.id}
          options={pipelines.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={(id) => go({ pipeline: id, opportunity: undefined })}
        />
        <Select
          label="Status"
          hideLabel
          value={status}
          options={STATUSES}
          onChange={(value) => go({ status: value === 'open' ? undefined : (value as Status) })}
        />
        <SearchField
          className="search"
          aria-label="Search this board"
          value={search.q ?? ''}
          onChange={(q) => go({ q: q || undefined })}
        >
          <Search aria-hidden size={16} />
          <Input className="input" placeholder="Name, contact or owner" />
        </SearchField>
        <Button look="primary" onPress={() => go({ add: true })}>
          <Plus aria-hidden size={16} />
          Add opportunity
        </Button>
      </div>
      <div className="board" data-tour="board">
        {pipeline.stages.map((stage) => (
          <Column
            key={stage.id}
            stage={stage}
            cards={byStage.get(stage.id) ?? []}
            now={board.data?.now ?? Date.now()}
            isLoading={board.isPending}
            onOpen={(id) => go({ opportunity: id })}
            onMove={(ids) => {
              for (const id of ids) move(pipeline.id, id, stage);
            }}
          />
        ))}
      </div>
      {search.opportunity && (
        <OpportunityPanel
          id={search.opportunity}
          account={account.data}
          onClose={() => go({ opportunity: undefined })}
        />
      )}
      {search.add && (
        <AddPanel account={account.data} pipelineId={pipeline.id} onClose={() => go({ add: undefined })} />
      )}
    </div>
  );
}

function group(cards: Card[], status: Status, text: string): Map<string, Card[]> {
  const shown = cards.filter(
    (card) =>
      (status === 'all' || card.status === status) &&
      (text === '' || `${card.name} ${card.contact} ${card.owner}`.toLowerCase().includes(text)),
  );
  return Map.groupBy(shown, ({ stageId }) => stageId);
}

/** Moves a card at once on the screen, and then in HighLevel. */
function useMove() {
  const change = useMutation(api.boards.change.mutationOptions());
  return (pipelineId: string, id: string, stage: { id: string; name: string }) => {
    const key = api.boards.cards.queryKey({ pipelineId });
    const before = queryClient.getQueryData(key);
    const card = before?.cards.find((one) => one.id === id);
    if (!before || !card || card.stageId === stage.id) return;
    const moved = { ...card, stageId: stage.id, since: before.now };
    queryClient.setQueryData(key, {
      ...before,
      cards: [moved, ...before.cards.filter((one) => one !== card)],
    });
    change.mutate(
      { id, change: { pipelineStageId: stage.id } },
      {
        onSuccess: () => showDone(`${card.name} is now in ${stage.name}.`),
        onError: () => queryClient.setQueryData(key, before),
      },
    );
  };
}
